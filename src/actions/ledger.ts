/** Writing what the rules decided: trips with their months, discarded drives, and events that wait for the user. */

import { BY_RULES, type Activity, type Discard } from '../domain/activity.ts';
import type { JournalEntry, MachineMemory } from '../domain/machine/state.ts';
import { NOTHING, type Ledger, type Verdict } from '../domain/timeline.ts';
import { businessMetresOf, withEdits, type Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';
import { bookTrips, type Booking } from './book.ts';
import type { Deps } from './deps.ts';

/** The feed entry of a drive that is no trip. */
export function discardId(tripId: string): string {
  return `act_${tripId}_discarded`;
}

function discarded(discard: Discard): Omit<Activity, 'at'> {
  const { tripId } = discard;
  const nothing = { before: null, after: null };
  return { id: discardId(tripId), kind: 'discarded', noun: 'trip', nounId: tripId, by: BY_RULES, ...nothing, discard };
}

/** Brings book and feed to the verdicts, as far as the user has not settled them. Answers the trips as they stand now. */
export function* writeVerdicts(
  deps: Pick<Deps, 'ids'>,
  tx: Tx,
  verdicts: ReadonlyMap<string, Verdict>,
  settled: MachineMemory['settled'],
  now: number,
): Work<ReadonlyMap<string, Trip>> {
  const ids = [...verdicts.keys()].filter((id) => !settled[id]?.measures);
  const keys = ids.flatMap((id) => [{ kind: 'trip', id } as const, { kind: 'activity', id: discardId(id) } as const]);
  yield* tx.getMany(keys);
  const stored = yield* tx.getMany(ids.map((id) => ({ kind: 'trip' as const, id })));
  const feed = yield* tx.getMany(ids.map((id) => ({ kind: 'activity' as const, id: discardId(id) })));
  const bookings: Booking[] = [];
  for (const [i, id] of ids.entries()) {
    const { booked, discard } = verdicts.get(id) ?? NOTHING;
    const before = stored[i] ?? null;
    if (settled[id]) {
      if (before && booked) bookings.push({ before, after: keepByHand(completed(booked, before), before, now) });
      continue;
    }
    bookings.push({ before, after: booked && keepByHand(booked, before, now) });
    writeDiscard(tx, id, discard, feed[i] ?? null, now);
  }
  yield* bookTrips(tx, bookings, BY_RULES, deps.ids, now);
  return new Map(bookings.flatMap(({ after }) => (after ? [[after.id, after] as const] : [])));
}

/** A trip whose purpose the user gave still gets the odometer it waits for, and nothing else. */
function completed(booked: Trip, before: Trip): Trip {
  const isSame = booked.startedAt === before.startedAt && booked.endedAt === before.endedAt;
  if (!isSame || !before.odometerPending || booked.odometerPending) return before;
  return booked.endOdometerMetres === null ? { ...before, odometerPending: false } : booked;
}

function writeDiscard(tx: Tx, tripId: string, discard: Discard | null, told: Activity | null, now: number): void {
  if (JSON.stringify(discard) === JSON.stringify(told?.discard ?? null)) return;
  if (discard) tx.put('activity', discardId(tripId), { ...discarded(discard), at: told?.at ?? now });
  else tx.remove('activity', discardId(tripId));
}

/** What the user set by hand stays; a record that says the same stays as it is. */
function keepByHand(trip: Trip, before: Trip | null, now: number): Trip {
  if (!before) return { ...trip, createdAt: now, updatedAt: now };
  const merged = { ...withEdits(keepClass(trip, before), before), createdAt: before.createdAt };
  const same = JSON.stringify({ ...merged, updatedAt: 0 }) === JSON.stringify({ ...before, updatedAt: 0 });
  return same ? before : { ...merged, updatedAt: now };
}

/** Changed settings are for trips to come: what classifies a trip as before gives it the class it had. */
function keepClass(trip: Trip, before: Trip): Trip {
  if (trip.classifiedBy !== before.classifiedBy) return trip;
  const share = before.distanceMetres > 0 ? before.businessMetres / before.distanceMetres : null;
  if (trip.type === before.type && (trip.type !== 'M' || share === null)) return trip;
  const businessMetres = businessMetresOf(before.type, trip.distanceMetres, share ?? 0);
  return { ...trip, type: before.type, businessMetres };
}

/** Readings that are believed now no longer wait. */
export function* writeBelieved(tx: Tx, ledger: Ledger): Work<void> {
  for (const id of ledger.believed) {
    yield* doubt(tx, id, false);
    const entry = yield* tx.get('event', id);
    if (entry?.waiting) tx.put('event', id, { ...entry, waiting: null });
  }
}

/** Marks a stored reading as suspicious, or as believed. */
export function* doubt(tx: Tx, readingId: string, suspicious: boolean): Work<void> {
  const reading = yield* tx.get('odometer_reading', readingId);
  if (reading && reading.suspicious !== suspicious) tx.put('odometer_reading', readingId, { ...reading, suspicious });
}

export function writeEntry(tx: Tx, entry: JournalEntry): void {
  tx.put('event', entry.event.id, entry);
}
