/** What a person decides about an event that waits: it becomes a trip, or is done with. */

import type { Written } from '../domain/activity.ts';
import type { JournalEntry } from '../domain/machine/state.ts';
import { makeTrip } from '../domain/made-trips.ts';
import { mayBeOneDrive } from '../domain/overlaps.ts';
import { Problem, unprocessable } from '../domain/problem.ts';
import type { TripEdit } from '../domain/trip-edits.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import { takeIdlePoints } from './idle-points.ts';
import { writeEntry } from './ledger.ts';
import { openDrive, tripsAtOnce } from './overlaps.ts';
import { noteDecision, type Decided, type Deciding, type Decision } from './review-decisions.ts';
import { surroundingsOf, type Around, type BoundEntry } from './surroundings.ts';

export function* settleEvent(deciding: Deciding, entry: JournalEntry, decision: Decision): Work<Decided> {
  const { event } = entry;
  if (
    decision.action === 'make_trip' &&
    (event.type === 'start' || event.type === 'end' || event.type === 'finalize')
  ) {
    return yield* book(deciding, { ...entry, event }, decision.edit);
  }
  return { activityId: noteDecision(deciding, settled(deciding, entry)), trip: null };
}

/** The rules leave it alone from now on. */
function settled({ tx }: Deciding, before: JournalEntry): Written {
  const after = { ...before, settled: true };
  writeEntry(tx, after);
  return { noun: 'event', nounId: before.event.id, before, after };
}

function* book(deciding: Deciding, entry: BoundEntry, edit: TripEdit): Work<Decided> {
  const { deps, tx, by, now } = deciding;
  const around = yield* surroundingsOf(tx, entry.event, deciding.owner, edit);
  const trip = yield* made(deciding, entry, around, edit);
  yield* refuseDrivenAlready(tx, trip, edit);
  yield* bookTrips(tx, [{ before: null, after: trip, untold: true }], by, deps.ids, now, deps.services);
  yield* takeIdlePoints(tx, trip, now);
  const events = [entry, ...(around.counterpart ? [around.counterpart] : [])];
  const also = events.map((one) => settled(deciding, one));
  const activityId = noteDecision(deciding, { noun: 'trip', nounId: trip.id, before: null, after: trip }, { also });
  return { activityId, trip };
}

function* made({ deps, tx, owner, now }: Deciding, { event }: BoundEntry, around: Around, edit: TripEdit) {
  const { settings, rules, locations, cars } = owner;
  const { carId = null } = edit;
  const ownsCar = carId === null || (yield* tx.get('car', carId)) !== null;
  const context = { settings, rules, locations, cars, ownsCar, now };
  const counterpart = around.counterpart?.event ?? null;
  return makeTrip(deps.ids.next('trip'), event, { ...around, counterpart }, edit, context);
}

/** No drive counts twice: what may be the same one is in the way, also where nobody knows which car it was. */
function* refuseDrivenAlready(tx: Tx, trip: Trip, edit: TripEdit): Work<void> {
  const trips = yield* tripsAtOnce(tx, trip);
  const open = yield* openDrive(tx);
  const other = [...trips, ...(open ? [open] : [])].find((one) => mayBeOneDrive(one, trip));
  if (!other) return;
  const message = `lies in the time of another trip, ${other.id}`;
  const field = edit.startedAt !== undefined ? 'started_at' : edit.endedAt !== undefined ? 'ended_at' : null;
  if (field !== null) throw unprocessable(field, message);
  throw new Problem('conflict', `It ${message}; dismiss it, or say when the drive started and ended.`);
}
