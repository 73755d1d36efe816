/** One edit of many trips: named one by one, or whatever matches. One entry of the feed, undone as one. */

import type { Actor } from '../domain/activity.ts';
import { editInBulk, type BulkEdit } from '../domain/bulk-edits.ts';
import { Problem, unprocessable } from '../domain/problem.ts';
import type { UserStore } from '../seams/store.ts';
import { changeMany, type Act, type Done } from './acts.ts';
import type { UserDeps } from './deps.ts';
import { refuseTwoAtOnce } from './overlaps.ts';
import { eachTrip, refuseLocked, type TripFilter } from './trips.ts';

export type Meant = { readonly ids: readonly string[] } | { readonly filter: TripFilter };

/** Throws `unprocessable` for ids of no trip of the user's, and a car of somebody else; a trip that cannot take it is refused. */
export async function changeInBulk(
  deps: UserDeps,
  user: UserStore,
  meant: Meant,
  edit: BulkEdit,
  { by, dryRun }: Pick<Act, 'dryRun'> & { readonly by: Actor },
): Promise<Done> {
  const now = deps.clock.now();
  await refuseStrangers(user, meant, edit);
  const measures = edit.carId !== undefined;
  const act: Act = {
    cause: 'bulk',
    by,
    now,
    decides: true,
    measures,
    dryRun,
    ...(measures && { admit: (tx, moved, others) => refuseTwoAtOnce(tx, moved, edit, others) }),
  };
  return changeMany(deps, user, act, idsOf(user, meant), (trip, { settings, rules, locations }) => {
    refuseLocked(trip);
    return editInBulk(trip, edit, { settings, rules, locations, ownsCar: true, now });
  });
}

async function* idsOf(user: UserStore, meant: Meant): AsyncGenerator<string> {
  if ('ids' in meant) yield* new Set(meant.ids);
  else for await (const { id } of eachTrip(user, meant.filter)) yield id;
}

async function refuseStrangers(user: UserStore, meant: Meant, { carId = null }: BulkEdit): Promise<void> {
  const isOwn = carId === null || (await user.get('car', carId)) !== null;
  if (!isOwn) throw unprocessable('set.car_id', 'the id of one of your cars, or null');
  const ids = 'ids' in meant ? meant.ids : [];
  const keys = ids.map((id) => ({ kind: 'trip' as const, id }));
  const known = await user.transact((tx) => tx.getMany(keys));
  const unknown = ids.flatMap((_, i) =>
    known[i] ? [] : [{ field: `ids.${i}`, message: 'the id of one of your trips' }],
  );
  if (unknown.length > 0) throw new Problem('unprocessable', 'There is no such trip among yours.', unknown);
}
