/** What a person decides about a trip that wants review. From then on the trip rules leave it alone. */

import type { Discard } from '../domain/activity.ts';
import { confirmed, lacksOnlyClass, withOtherCar } from '../domain/reviews.ts';
import type { EditContext } from '../domain/trip-edits.ts';
import type { Trip } from '../domain/trips.ts';
import type { Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import { keepTrack } from './deleted-tracks.ts';
import { refuseTwoAtOnce } from './overlaps.ts';
import { forgetOdometer } from './reading-memory.ts';
import { noteDecision, type Decided, type Deciding, type Decision } from './review-decisions.ts';
import { settleTrip } from './settle.ts';
import { refuseLocked } from './trips.ts';

export function* settleTripReview(deciding: Deciding, trip: Trip, decision: Decision): Work<Decided> {
  refuseLocked(trip);
  if (decision.action === 'passenger') return yield* takeOut(deciding, trip);
  if (decision.action === 'confirm') return yield* write(deciding, trip, confirmed(trip), !lacksOnlyClass(trip));
  const carId = decision.action === 'rental' ? decision.carId : null;
  const after = withOtherCar(trip, carId, yield* contextOf(deciding, carId));
  yield* refuseTwoAtOnce(deciding.tx, { before: trip, after }, { carId });
  return yield* write(deciding, trip, after, true);
}

function* contextOf({ tx, owner, now }: Deciding, carId: string | null): Work<EditContext> {
  const { settings, rules, locations } = owner;
  const ownsCar = carId === null || (yield* tx.get('car', carId)) !== null;
  return { settings, rules, locations, ownsCar, now };
}

function* write(deciding: Deciding, before: Trip, decided: Trip, measures: boolean): Work<Decided> {
  const { deps, tx, by, now } = deciding;
  const trip = { ...decided, updatedAt: now };
  yield* bookTrips(tx, [{ before, after: trip, untold: true }], by, deps.ids, now, deps.services);
  yield* settleTrip(tx, trip, measures, now);
  yield* forgetOdometer(tx, before, trip);
  const activityId = noteDecision(deciding, { noun: 'trip', nounId: trip.id, before, after: trip });
  return { activityId, trip };
}

/** Somebody else drove: it is none of the user's drives. Its track stays aside for as long as this can be undone. */
function* takeOut(deciding: Deciding, trip: Trip): Work<Decided> {
  const { deps, tx, by, now } = deciding;
  yield* bookTrips(tx, [{ before: trip, after: null, untold: true }], by, deps.ids, now);
  yield* settleTrip(tx, trip, true, now);
  yield* keepTrack(tx, now);
  yield* forgetOdometer(tx, trip, null);
  const { id, startedAt, endedAt, carId } = trip;
  const discard: Discard = { tripId: id, reason: 'passenger', startedAt, endedAt, carId };
  const written = { noun: 'trip', nounId: id, before: trip, after: null } as const;
  return { activityId: noteDecision(deciding, written, { kind: 'discarded', discard }), trip: null };
}
