/** Filling a gap of an odometer with the trip it may have been: shown first, booked when its driver confirms it. */

import { activityOf, type Actor } from '../domain/activity.ts';
import { proposedTrip, reconstructed, type GapSurroundings, type GapWish } from '../domain/gap-fill.ts';
import { newTrip } from '../domain/new-trips.ts';
import type { Gap } from '../domain/odometer-chain.ts';
import { Problem } from '../domain/problem.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import type { UserDeps } from './deps.ts';
import { checkOdometers } from './odometer-check.ts';
import { refuseTwoAtOnce, tripsAtOnce } from './overlaps.ts';
import { ensureUser } from './users.ts';

export interface Filling {
  readonly wish: GapWish;
  /** Whether it is to be booked. */
  readonly confirm: boolean;
  readonly by: Actor;
  /** Why a closed month changes. */
  readonly reason: string | null;
}

export interface Filled {
  readonly gap: Gap;
  readonly trip: Trip;
  /** `null`: it is only proposed. */
  readonly activityId: string | null;
}

/** Throws `not_found` for a gap that is none any more, and `unprocessable` for a trip that does not fit into it. */
export async function fillGap(deps: UserDeps, user: UserStore, gapId: string, filling: Filling): Promise<Filled> {
  const { gap, carId } = await gapOf(deps, user, gapId);
  const now = deps.clock.now();
  const tripId = deps.ids.next('trip');
  const activityId = deps.ids.next('act');
  return user.transact(function* (tx) {
    const { settings, rules, locations, cars } = yield* ensureUser(deps, tx, user.email, now);
    const wish = proposedTrip(gap, yield* surroundings(tx, gap, carId), filling.wish);
    const context = { settings, rules, locations, cars, ownsCar: true, now };
    const trip = reconstructed(newTrip(tripId, wish, context), filling.wish);
    yield* refuseTwoAtOnce(tx, { before: null, after: trip }, wish);
    if (!filling.confirm) return { gap, trip, activityId: null };
    const { by, reason } = filling;
    yield* bookTrips(tx, [{ before: null, after: trip, untold: true }], by, deps.ids, now, deps.services, reason);
    const after = (yield* tx.get('trip', tripId)) ?? trip;
    const written = { noun: 'trip', nounId: tripId, before: null, after } as const;
    tx.put('activity', activityId, { ...activityOf({ id: activityId, at: now, by }, written), cause: 'gap_fill' });
    return { gap, trip: after, activityId };
  });
}

/** Throws `not_found` for one that is none any more. */
export async function gapOf(
  deps: UserDeps,
  user: UserStore,
  id: string,
): Promise<{ readonly gap: Gap; readonly carId: string }> {
  for (const { carId, chain } of await checkOdometers(deps, user, null)) {
    const gap = chain.gaps.find((one) => one.id === id);
    if (gap) return { gap, carId };
  }
  throw new Problem('not_found', 'There is no such gap; it may have been filled since.');
}

/** Whatever bounds the gap has to say still what it said when the gap was found. */
function* surroundings(tx: Tx, gap: Gap, carId: string): Work<GapSurroundings> {
  const [before, after] = yield* tx.getMany(
    [gap.afterTripId, gap.beforeTripId].map((id) => ({ kind: 'trip' as const, id: id ?? 'none' })),
  );
  const inIt = yield* tripsAtOnce(tx, { id: '', carId, startedAt: gap.fromAt, endedAt: gap.toAt }, { carId });
  const unmeasured = inIt.filter((trip) => trip.startOdometerMetres === null || trip.endOdometerMetres === null);
  if (unmeasured.length < inIt.length)
    throw new Problem('busy_try_again', 'The logbook changed meanwhile. Please try again.');
  return { carId, before: before ?? null, after: after ?? null, unmeasured };
}
