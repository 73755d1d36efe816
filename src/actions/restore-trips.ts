/** Putting a trip back as it was: in the book, with its totals, told to the rules, in nobody's way. */

import type { Activity } from '../domain/activity.ts';
import { areNewlyImpossible, mayBeOneDrive } from '../domain/overlaps.ts';
import type { Problem } from '../domain/problem.ts';
import type { Trip } from '../domain/trips.ts';
import { asItWas, conflict } from '../domain/undo.ts';
import { isoOf } from '../domain/units.ts';
import type { Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import { keepTrack } from './deleted-tracks.ts';
import { giveIdlePoints, takeIdlePoints } from './idle-points.ts';
import { openDrive, tripsAtOnce } from './overlaps.ts';
import type { Undoing } from './undoing.ts';
import { settleTrip, unsettleTrip } from './settle.ts';
import { thinAgainFrom } from './thin-tracks.ts';

export function* restoreTrip(undoing: Undoing, now: Trip | null, was: Trip | null): Work<Trip | null> {
  const { deps, tx, by, reason } = undoing;
  if (was && isMoved(now, was)) yield* refuseTwoAtOnce(undoing, now, was);
  if (was && was.carId !== null && was.carId !== now?.carId) yield* refuseGoneCar(undoing, was.carId);
  const after = was && { ...was, updatedAt: undoing.now };
  yield* bookTrips(tx, [{ before: now, after, untold: true }], by, deps.ids, undoing.now, deps.services, reason);
  if (after && wasDecided(undoing.root)) yield* unsettleTrip(tx, after, undoing.now);
  else if (after === null && now && !isUnheardOf(undoing.root)) yield* settleTrip(tx, now, true, undoing.now);
  if (now && after === null) yield* layTrackAside(undoing, now);
  if (after && now === null) yield* takeTrackBack(undoing, after);
  return after;
}

/** While the deletion can be undone. A trip made of events had nobody's points, and those may be wanted again. */
function* layTrackAside({ tx, root, now }: Undoing, trip: Trip): Work<void> {
  yield* isMadeOfEvents(root) ? giveIdlePoints(tx, trip, now) : keepTrack(tx, now);
}

function* takeTrackBack({ tx, root, now }: Undoing, trip: Trip): Work<void> {
  if (isMadeOfEvents(root)) yield* takeIdlePoints(tx, trip, now);
  yield* thinAgainFrom(tx, trip.startedAt);
}

function isMadeOfEvents({ cause, noun, before }: Activity): boolean {
  return cause === 'review' && noun === 'trip' && before === null;
}

/** Trips that followed rules or locations: nobody decided about one of them. */
function wasDecided({ cause }: Activity): boolean {
  return cause !== 'rules' && cause !== 'locations' && cause !== 'import';
}

/** No event can reach what came from elsewhere: the rules have nothing to remember of that many trips. */
function isUnheardOf({ cause }: Activity): boolean {
  return cause === 'import';
}

function isMoved(now: Trip | null, was: Trip): boolean {
  return now === null || now.startedAt !== was.startedAt || now.endedAt !== was.endedAt || now.carId !== was.carId;
}

/** Trips that lay over it already, when what is undone was done, are not in its way. */
function* refuseTwoAtOnce({ tx, later }: Undoing, now: Trip | null, trip: Trip): Work<void> {
  for (const other of yield* tripsAtOnce(tx, trip)) {
    if (!mayBeOneDrive(other, trip)) continue;
    const then = asItWas(yield* later(), 'trip', other.id);
    if (then === undefined || (then !== null && mayBeOneDrive(then as Trip, trip))) continue;
    throw inItsTime(other.id, isoOf(other.startedAt), isoOf(other.endedAt));
  }
  const open = yield* openDrive(tx);
  const isNew = open && areNewlyImpossible({ before: now, after: trip }, { before: open, after: open });
  if (isNew) throw inItsTime(open.id, isoOf(open.startedAt), 'now');
}

function inItsTime(id: string, from: string, to: string): Problem {
  return conflict(`Another trip lies in its time now, ${id} from ${from} to ${to}; move or delete that first.`);
}

function* refuseGoneCar({ tx }: Undoing, carId: string): Work<void> {
  if ((yield* tx.get('car', carId)) !== null) return;
  throw conflict(`The car it was driven with, ${carId}, was deleted since; bring that back first.`);
}
