/** Cutting a trip in two. The track is read before, piece by piece; the points stay where they lie. */

import { activityOf, type Actor, type Written } from '../domain/activity.ts';
import { Problem, unprocessable } from '../domain/problem.ts';
import { CutMeter, cutOf, splitTrip, type Cut, type CutTrack } from '../domain/splits.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import type { UserDeps } from './deps.ts';
import { settleTrip } from './settle.ts';
import { fixesOfTrip } from './tracks.ts';
import { findTrip, refuseLocked, type IsCurrent } from './trips.ts';
import { ensureUser } from './users.ts';

/** Where to cut: at an instant, or at the nth point of the track, the first being 0. */
export type SplitPoint = { readonly at: number } | { readonly trackPoint: number };

export interface SplitWish {
  readonly point: SplitPoint;
  /** Of the first part; `null`: as the track says. */
  readonly firstMetres: number | null;
  /** Why a closed month changes. */
  readonly reason?: string | null;
}

/** As often as a trip may change while its track is read. */
const MOST_TRIES = 5;

/** Throws `not_found`, `precondition_failed`, `month_closed`, and `unprocessable` where it cannot be cut. */
export async function cutTrip(
  deps: UserDeps,
  user: UserStore,
  id: string,
  wish: SplitWish,
  by: Actor,
  isCurrent: IsCurrent,
): Promise<readonly [Trip, Trip]> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const trip = await findTrip(user, id);
    if (!isCurrent(trip)) throw new Problem('precondition_failed', 'The trip has changed since you read it.');
    if (!wish.reason) refuseLocked(trip);
    const cut = await cutIn(user, trip, wish.point);
    const track = await trackAround(user, trip, cut);
    const parts = await user.transact((tx) => bookParts({ deps, by, tx, email: user.email }, trip, cut, track, wish));
    if (parts !== null) return parts;
  }
  throw new Problem('busy_try_again', 'The trip keeps changing. Please try again in a moment.');
}

async function cutIn(user: UserStore, trip: Trip, point: SplitPoint): Promise<Cut> {
  if ('at' in point) return cutOf(trip, point.at, 'at');
  let nth = 0;
  for await (const fixes of fixesOfTrip(user, trip)) {
    const fix = fixes[point.trackPoint - nth];
    if (fix) return cutOf(trip, fix.at, 'track_point');
    nth += fixes.length;
  }
  throw unprocessable(
    'track_point',
    nth === 0 ? 'nothing: the trip has no track; send at' : `0 … ${nth - 1}, as the track has ${nth} points`,
  );
}

async function trackAround(user: UserStore, trip: Trip, cut: Cut): Promise<CutTrack> {
  const meter = new CutMeter(cut);
  for await (const fixes of fixesOfTrip(user, trip)) for (const fix of fixes) meter.add(fix);
  return meter.result();
}

interface Booking {
  readonly deps: UserDeps;
  readonly by: Actor;
  readonly tx: Tx;
  readonly email: string;
}

/** `null`: the trip is not any more what was read of it. */
function* bookParts(
  { deps, by, tx, email }: Booking,
  before: Trip,
  cut: Cut,
  track: CutTrack,
  { firstMetres, reason = null }: SplitWish,
): Work<readonly [Trip, Trip] | null> {
  const now = deps.clock.now();
  const owner = yield* ensureUser(deps, tx, email, now);
  const current = yield* tx.get('trip', before.id);
  if (JSON.stringify(current) !== JSON.stringify(before)) return null;
  const { rules, settings, locations } = owner;
  const context = { rules, settings, locations, firstMetres, newId: deps.ids.next('trip'), now };
  const [first, second] = splitTrip(before, cut, track, context);
  const bookings = [
    { before, after: first, untold: true },
    { before: null, after: second, untold: true },
  ];
  yield* bookTrips(tx, bookings, by, deps.ids, now, deps.services, reason);
  yield* settleTrip(tx, first, true, now);
  yield* settleTrip(tx, second, true, now);
  const head = activityOf(
    { id: deps.ids.next('act'), at: now, by },
    { noun: 'trip', nounId: first.id, before, after: first },
  );
  const also: Written[] = [{ noun: 'trip', nounId: second.id, before: null, after: second }];
  const entry = { ...head, also, cause: 'split' as const };
  tx.put('activity', entry.id, entry);
  return [first, second];
}
