/** Putting a trip back as it was: in the book, with its totals, told to the rules, in nobody's way. */

import type { Activity } from '../domain/activity.ts';
import type { Trip } from '../domain/trips.ts';
import { areAtOnce, asItWas, conflict } from '../domain/undo.ts';
import { isoOf } from '../domain/units.ts';
import type { Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import { keepTrack } from './deleted-tracks.ts';
import type { Undoing } from './restore.ts';
import { settleTrip, unsettleTrip } from './settle.ts';

/** Its track never went: it lies aside while the deletion can be undone. */
export function* restoreTrip(undoing: Undoing, now: Trip | null, was: Trip | null): Work<Trip | null> {
  const { deps, tx, by } = undoing;
  const isMoved = was && (now === null || now.startedAt !== was.startedAt || now.endedAt !== was.endedAt);
  if (isMoved) yield* refuseTwoAtOnce(undoing, was);
  if (was && was.carId !== null && was.carId !== now?.carId) yield* refuseGoneCar(undoing, was.carId);
  const after = was && { ...was, updatedAt: undoing.now };
  yield* bookTrips(tx, [{ before: now, after, untold: true }], by, deps.ids, undoing.now);
  if (after && wasDecided(undoing.root)) yield* unsettleTrip(tx, after, undoing.now);
  else if (after === null && now) yield* settleTrip(tx, now, true, undoing.now);
  if (now && after === null) yield* keepTrack(tx, undoing.now);
  return after;
}

/** Trips that followed rules or locations: nobody decided about one of them. */
function wasDecided({ cause }: Activity): boolean {
  return cause !== 'rules' && cause !== 'locations';
}

const DAY_MS = 24 * 3_600_000;
/** No drive lasts longer. */
const LONGEST_MS = 7 * DAY_MS;
const TRIPS_AT_ONCE = 500;

/** Trips that lay over it already, when what is undone was done, are not in its way. */
function* refuseTwoAtOnce({ tx, later }: Undoing, trip: Trip): Work<void> {
  const span = { from: trip.startedAt - LONGEST_MS, to: trip.endedAt };
  const rows = yield* tx.list('trip', { order: 'desc', limit: TRIPS_AT_ONCE, ...span });
  for (const { doc } of rows) {
    if (doc.id === trip.id || !areAtOnce(doc, trip)) continue;
    const then = asItWas(yield* later(), 'trip', doc.id);
    if (then === undefined || (then !== null && areAtOnce(then as Trip, trip))) continue;
    const when = `${isoOf(doc.startedAt)} to ${isoOf(doc.endedAt)}`;
    throw conflict(`Another trip lies in its time now, ${doc.id} from ${when}; move or delete that first.`);
  }
}

function* refuseGoneCar({ tx }: Undoing, carId: string): Work<void> {
  if ((yield* tx.get('car', carId)) !== null) return;
  throw conflict(`The car it was driven with, ${carId}, was deleted since; bring that back first.`);
}
