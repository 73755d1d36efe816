/** What a user tunes. A changed zone changes no booked trip: each keeps the one it was booked in. */

import type { Actor } from '../domain/activity.ts';
import { unprocessable } from '../domain/problem.ts';
import type { Settings } from '../domain/settings.ts';
import type { UserStore } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import { lookSoon } from './connection-docs.ts';
import type { UserDeps } from './deps.ts';
import { ensureUser } from './users.ts';

/** What is `undefined` stays as it is. */
export type SettingsEdit = { readonly [F in keyof Settings]?: Settings[F] | undefined };

/** Of somebody who has no logbook yet: what a new user begins with. */
export async function findSettings(deps: Pick<UserDeps, 'newUser'>, user: UserStore): Promise<Settings> {
  return (await user.get('user', ''))?.settings ?? deps.newUser;
}

export async function changeSettings(
  deps: UserDeps,
  user: UserStore,
  edit: SettingsEdit,
  by: Actor,
): Promise<Settings> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const owner = yield* ensureUser(deps, tx, user.email, now);
    const before = owner.settings;
    const after = applied(before, edit);
    if (edit.defaultCarId && !owner.cars.some(({ id }) => id === edit.defaultCarId)) {
      throw unprocessable('default_car_id', 'the id of one of your cars in use, or null');
    }
    if (JSON.stringify(after) === JSON.stringify(before)) return before;
    tx.put('user', '', { ...owner, settings: after, updatedAt: now });
    // A shorter silence or wait may have run out already.
    yield* lookSoon(tx, now);
    noteChange(tx, deps, { by, now }, 'settings', '', before, after);
    return after;
  });
}

function applied(settings: Settings, edit: SettingsEdit): Settings {
  const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
  return { ...settings, ...given };
}
