/** Writing what the rules decided: trips with their months, discarded drives, and events that wait for the user. */

import { BY_RULES, PLAIN, type Activity, type Discard } from '../domain/activity.ts';
import { keepClass } from '../domain/classification.ts';
import type { JournalEntry, MachineMemory } from '../domain/machine/state.ts';
import { step } from '../domain/machine/table.ts';
import type { Context } from '../domain/machine/turn.ts';
import { keepLookedUp } from '../domain/filled-in.ts';
import { ledgerOf, NOTHING, type Ledger, type Verdict } from '../domain/timeline.ts';
import { withEdits, type Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';
import { bookTrips, type Booking } from './book.ts';
import { isMonthClosed, monthOf } from './closed-months.ts';
import { tripsAtOnce } from './overlaps.ts';
import type { Deps } from './deps.ts';

/** The feed entry of a drive that is no trip; the next one, when those before it were undone. */
function discardId(tripId: string, nth = 1): string {
  return nth === 1 ? `act_${tripId}_discarded` : `act_${tripId}_discarded_${nth}`;
}

/** Where the feed tells that a drive is no trip. An entry that was undone stays as it is. */
export function* discardOf(tx: Tx, tripId: string): Work<{ readonly id: string; readonly told: Activity | null }> {
  for (let nth = 1; ; nth += 1) {
    const id = discardId(tripId, nth);
    const told = yield* tx.get('activity', id);
    if (told === null || told.undoneBy === null) return { id, told };
  }
}

function discarded(discard: Discard, at: number): Omit<Activity, 'id'> {
  const named = { noun: 'trip', nounId: discard.tripId, before: null, after: null } as const;
  return { at, kind: 'discarded', by: BY_RULES, ...named, ...PLAIN, discard };
}

/**
 * Brings book and feed to the verdicts, as far as the user has not settled them. Answers the trips as they stand now.
 * `untold`: the trip the caller notes in the feed himself.
 */
export function* writeVerdicts(
  deps: Pick<Deps, 'ids' | 'services'>,
  tx: Tx,
  verdicts: ReadonlyMap<string, Verdict>,
  { settled, byHand }: Pick<MachineMemory, 'settled' | 'byHand'>,
  now: number,
  untold: string | null = null,
): Work<ReadonlyMap<string, Trip>> {
  const ids = [...verdicts.keys()].filter((id) => !settled[id]?.measures);
  const keys = ids.flatMap((id) => [{ kind: 'trip', id } as const, { kind: 'activity', id: discardId(id) } as const]);
  yield* tx.getMany(keys);
  const stored = yield* tx.getMany(ids.map((id) => ({ kind: 'trip' as const, id })));
  const closed = (yield* tx.get('user', ''))?.closed;
  const bookings: Booking[] = [];
  for (const [i, id] of ids.entries()) {
    const { booked, discard } = verdicts.get(id) ?? NOTHING;
    const before = stored[i] ?? null;
    if ([before, booked].some((trip) => trip && isMonthClosed(closed, monthOf(trip)))) {
      if (booked && !before) yield* writeDiscard(tx, id, tooLate(booked), now);
      continue;
    }
    if (settled[id]) {
      if (before && booked) bookings.push({ before, after: keepByHand(completed(booked, before), before, now) });
      continue;
    }
    const single = booked && (yield* markOverlap(tx, booked, byHand));
    bookings.push({ before, after: single && keepByHand(single, before, now), untold: id === untold });
    yield* writeDiscard(tx, id, discard, now);
  }
  yield* bookTrips(tx, bookings, BY_RULES, deps.ids, now, deps.services);
  return new Map(bookings.flatMap(({ after }) => (after ? [[after.id, after] as const] : [])));
}

/** Somebody wrote a trip of the same car down for that time: whether it was the same drive is for him to say. */
function* markOverlap(tx: Tx, trip: Trip, byHand: MachineMemory['byHand']): Work<Trip> {
  const last = byHand?.[trip.carId ?? ''];
  if (last === undefined || last.at <= trip.startedAt) return trip;
  const others = yield* tripsAtOnce(tx, trip, { carId: trip.carId ?? '' });
  if (others.length === 0) return trip;
  return { ...trip, needsReview: true, reviewReasons: [...trip.reviewReasons, 'overlap'] };
}

/** Told when its month was closed: its driver finds it in the feed, and corrects the month if it is to count. */
function tooLate({ id: tripId, startedAt, endedAt, carId }: Trip): Discard {
  return { tripId, reason: 'month_closed', startedAt, endedAt, carId };
}

/** A trip whose purpose the user gave still gets the odometer it waits for, and nothing else. */
function completed(booked: Trip, before: Trip): Trip {
  const isSame = booked.startedAt === before.startedAt && booked.endedAt === before.endedAt;
  if (!isSame || !before.odometerPending || booked.odometerPending) return before;
  return booked.endOdometerMetres === null ? { ...before, odometerPending: false } : booked;
}

function* writeDiscard(tx: Tx, tripId: string, discard: Discard | null, now: number): Work<void> {
  const { id, told } = yield* discardOf(tx, tripId);
  if (JSON.stringify(discard) === JSON.stringify(told?.discard ?? null)) return;
  if (discard) tx.put('activity', id, { ...(told ?? discarded(discard, now)), id, discard });
  else tx.remove('activity', id);
}

/** A drive is cancelled by somebody. What it would have been in the book is kept, should that be taken back. */
export function* signCancel(tx: Tx, tripId: string, eventId: string, context: Context): Work<void> {
  const { id, told } = yield* discardOf(tx, tripId);
  const cancel = yield* tx.get('event', eventId);
  if (!told || cancel?.event.type !== 'cancel') return;
  const { outputs } = step(cancel.before, { ...cancel.event, type: 'finalize' }, context);
  const lost = ledgerOf(outputs).trips.get(tripId)?.booked ?? null;
  tx.put('activity', id, { ...told, by: cancel.by ?? BY_RULES, lost });
}

/** What the user set by hand and what was looked up stays; a record that says the same stays as it is. */
function keepByHand(trip: Trip, before: Trip | null, now: number): Trip {
  if (!before) return { ...trip, createdAt: now, updatedAt: now };
  const classed = keepLookedUp(keepClass(trip, before), before);
  const merged = { ...withEdits(classed, before), createdAt: before.createdAt };
  const same = JSON.stringify({ ...merged, updatedAt: 0 }) === JSON.stringify({ ...before, updatedAt: 0 });
  return same ? before : { ...merged, updatedAt: now };
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
