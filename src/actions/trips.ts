/** Finished trips of one user: finding, editing and deleting them. The open one is not among them. */

import type { Actor } from '../domain/activity.ts';
import { localDate } from '../domain/calendar.ts';
import { holds, type Period } from '../domain/periods.ts';
import { Problem } from '../domain/problem.ts';
import { newTrip, type NewTrip } from '../domain/new-trips.ts';
import { editTrip, type TripEdit } from '../domain/trip-edits.ts';
import type { Trip, TripType } from '../domain/trips.ts';
import type { Filter, Tx, UserStore, Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import { keepTrack } from './deleted-tracks.ts';
import type { UserDeps } from './deps.ts';
import { refuseTwoAtOnce } from './overlaps.ts';
import { pageOf, rowsOf, type Page, type PageQuery } from './pages.ts';
import { settleTrip } from './settle.ts';
import { tripSearch } from './trip-search.ts';
import { instantsAround, NO_BOUNDS } from './trips-in.ts';
import { ensureUser } from './users.ts';

export interface TripFilter {
  /** Local dates of the start, each in the trip's own zone. */
  readonly period: Period;
  readonly carId: string | null;
  readonly type: TripType | null;
  readonly needsReview: boolean | null;
  readonly text: string | null;
}

export type TripQuery = TripFilter & PageQuery;

/** Newest first. */
export async function listTrips(user: UserStore, query: TripQuery): Promise<Page<Trip>> {
  const { wanted, keep } = await matching(user, query);
  return pageOf(user, 'trip', wanted, query, keep);
}

/** The same trips one after the other, as the store has them when it is their turn. */
export async function* eachTrip(user: UserStore, query: TripFilter): AsyncGenerator<Trip> {
  const { wanted, keep } = await matching(user, query);
  for await (const { doc } of rowsOf(user, 'trip', wanted)) if (keep?.(doc) ?? true) yield doc;
}

async function matching(user: UserStore, query: TripFilter) {
  const { period, text } = query;
  const bounds = instantsAround(period);
  const where: Filter = {
    ...(query.carId !== null && { carId: query.carId }),
    ...(query.type !== null && { tripType: query.type }),
    ...(query.needsReview !== null && { needsReview: query.needsReview }),
  };
  const finds = text === null ? null : await tripSearch(user, text);
  const isIn = (trip: Trip) => holds(period, localDate(trip.startedAt, trip.timeZone));
  const keep = finds === null && bounds === NO_BOUNDS ? null : (trip: Trip) => isIn(trip) && (finds?.(trip) ?? true);
  return { wanted: { order: 'desc', where, ...bounds } as const, keep };
}

export async function findTrip(user: UserStore, id: string): Promise<Trip> {
  return (await user.get('trip', id)) ?? missing();
}

/** What the caller knows of a trip he wants to change: `false` when it has changed since. */
export type IsCurrent = (trip: Trip) => boolean;

/** Throws `not_found`, `precondition_failed`, and `unprocessable` for an edit the trip cannot take. */
export async function changeTrip(
  deps: UserDeps,
  user: UserStore,
  id: string,
  edit: TripEdit,
  by: Actor,
  isCurrent: IsCurrent,
  reason: string | null = null,
): Promise<Trip> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const before = yield* currentTrip(tx, id, isCurrent, reason);
    const edited = editTrip(before, edit, yield* contextOf(deps, tx, edit, now));
    if (isEqual(edited.trip, before)) return before;
    const after = { ...edited.trip, updatedAt: now };
    if (mayMove(edit)) yield* refuseTwoAtOnce(tx, { before, after }, edit);
    yield* bookTrips(tx, [{ before, after }], by, deps.ids, now, deps.services, reason);
    yield* settleTrip(tx, after, edited.measures, now);
    return (yield* tx.get('trip', id)) ?? after;
  });
}

function mayMove({ startedAt, endedAt, carId }: TripEdit): boolean {
  return startedAt !== undefined || endedAt !== undefined || carId !== undefined;
}

/**
 * Books a trip that somebody writes down. Throws `unprocessable` for one that contradicts itself or what is stored.
 * No event can reach it: the trip rules know nothing of its id.
 */
export async function createTrip(
  deps: UserDeps,
  user: UserStore,
  wish: NewTrip,
  by: Actor,
  reason: string | null = null,
): Promise<Trip> {
  const now = deps.clock.now();
  const id = deps.ids.next('trip');
  return user.transact(function* (tx) {
    const { cars } = yield* ensureUser(deps, tx, user.email, now);
    const trip = newTrip(id, wish, { ...(yield* contextOf(deps, tx, wish, now)), cars });
    yield* refuseTwoAtOnce(tx, { before: null, after: trip }, wish);
    yield* bookTrips(tx, [{ before: null, after: trip }], by, deps.ids, now, deps.services, reason);
    return (yield* tx.get('trip', id)) ?? trip;
  });
}

/** Its track stays aside for as long as this can be undone. */
export async function removeTrip(
  deps: UserDeps,
  user: UserStore,
  id: string,
  by: Actor,
  isCurrent: IsCurrent,
  reason: string | null = null,
): Promise<void> {
  const now = deps.clock.now();
  await user.transact(function* (tx) {
    const before = yield* currentTrip(tx, id, isCurrent, reason);
    yield* bookTrips(tx, [{ before, after: null }], by, deps.ids, now, deps.services, reason);
    yield* settleTrip(tx, before, true, now);
    yield* keepTrack(tx, now);
  });
}

function* currentTrip(tx: Tx, id: string, isCurrent: IsCurrent, reason: string | null): Work<Trip> {
  const trip = (yield* tx.get('trip', id)) ?? missing();
  if (!isCurrent(trip)) throw new Problem('precondition_failed', 'The trip has changed since you read it.');
  if (reason === null) refuseLocked(trip);
  return trip;
}

/** What was closed is printed and handed in. */
export function refuseLocked({ locked }: Trip): void {
  if (locked)
    throw new Problem('month_closed', 'The trip lies in a month that is closed; say why, with correction_reason.');
}

function* contextOf(deps: UserDeps, tx: Tx, { carId = null }: TripEdit, now: number) {
  const user = yield* tx.get('user', '');
  const car = carId === null ? null : yield* tx.get('car', carId);
  const { settings, rules, locations } = user ?? { settings: deps.newUser, rules: [], locations: [] };
  return { settings, rules, locations, ownsCar: carId === null || car !== null, now };
}

function isEqual(a: Trip, b: Trip): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function missing(): never {
  throw new Problem('not_found', 'There is no such trip.');
}
