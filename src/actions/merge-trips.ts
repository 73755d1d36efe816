/** Making neighbouring trips one: the first goes on under its id, the others leave the book, for good or until it is undone. */

import { activityOf, type Actor, type Written } from '../domain/activity.ts';
import { inOrderDriven, mergeTrips } from '../domain/merges.ts';
import { Problem } from '../domain/problem.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import type { UserDeps } from './deps.ts';
import { settleTrip } from './settle.ts';
import { refuseLocked } from './trips.ts';
import { ensureUser } from './users.ts';

export interface MergeWish {
  /** At least two, each once. */
  readonly ids: readonly string[];
  /** Answers the same and writes nothing. */
  readonly dryRun: boolean;
  /** Why a closed month changes. */
  readonly reason?: string | null;
}

/** Throws `month_closed`, and `unprocessable` naming `ids` where they are not neighbours of one car. */
export async function joinTrips(deps: UserDeps, user: UserStore, wish: MergeWish, by: Actor): Promise<Trip> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const { rules, settings, locations } = yield* ensureUser(deps, tx, user.email, now);
    const trips = inOrderDriven(yield* tripsNamed(tx, wish.ids));
    if (!wish.reason) trips.forEach(refuseLocked);
    const merged = mergeTrips(trips, yield* between(tx, trips), { rules, settings, locations, now });
    if (!wish.dryRun) yield* book(deps, tx, trips, merged, { by, reason: wish.reason ?? null });
    return merged;
  });
}

function* tripsNamed(tx: Tx, ids: readonly string[]): Work<Trip[]> {
  const found = yield* tx.getMany(ids.map((id) => ({ kind: 'trip' as const, id })));
  const errors = ids.flatMap((_, i) =>
    found[i] ? [] : [{ field: `ids.${i}`, message: 'the id of one of your trips' }],
  );
  if (errors.length > 0) throw new Problem('unprocessable', 'Not all of these are trips of yours.', errors);
  return found.filter((trip) => trip !== null);
}

/** What else began between the first and the last, finished or open. */
function* between(tx: Tx, trips: readonly Trip[]): Work<Pick<Trip, 'id' | 'startedAt'>[]> {
  const bounds = { from: trips[0]?.startedAt ?? 0, to: trips.at(-1)?.startedAt ?? 0 };
  const active = yield* tx.get('active', 'trip_start');
  const rows = yield* tx.list('trip', { order: 'asc', limit: trips.length + 1, ...bounds });
  const named = new Set(trips.map(({ id }) => id));
  const others: Pick<Trip, 'id' | 'startedAt'>[] = rows.map(({ doc }) => doc).filter(({ id }) => !named.has(id));
  const open = active?.now.trip;
  return open && open.startedAt >= bounds.from && open.startedAt <= bounds.to ? [...others, open] : others;
}

interface Hand {
  readonly by: Actor;
  readonly reason: string | null;
}

function* book(deps: UserDeps, tx: Tx, trips: readonly Trip[], merged: Trip, { by, reason }: Hand): Work<void> {
  const now = merged.updatedAt;
  const bookings = trips.map((before) => ({ before, after: before.id === merged.id ? merged : null, untold: true }));
  yield* bookTrips(tx, bookings, by, deps.ids, now, deps.services, reason);
  for (const trip of trips) yield* settleTrip(tx, trip.id === merged.id ? merged : trip, true, now);
  const written = bookings.map(({ before, after }): Written => ({ noun: 'trip', nounId: before.id, before, after }));
  const [head, ...also] = written;
  if (head === undefined) return;
  const entry = { ...activityOf({ id: deps.ids.next('act'), at: now, by }, head), also, cause: 'merge' as const };
  tx.put('activity', entry.id, entry);
}
