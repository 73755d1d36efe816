/** Connecting a car to what knows it, and taking the connection away. Asks no car. */

import type { Actor } from '../domain/activity.ts';
import type { Car } from '../domain/cars.ts';
import type { Connection, ConnectionSettings } from '../domain/connections.ts';
import { healthOf } from '../domain/polls.ts';
import { Problem } from '../domain/problem.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import { existingCar, saveCar, type ConnectedCar } from './cars.ts';
import { forgetConnection, lookSoon, secretOf, secretOwner } from './connection-docs.ts';
import type { UserDeps } from './deps.ts';
import { ensureUser } from './users.ts';

/** In place of the connection it had. Throws `Problem('not_configured')` when there is something to keep and no key. */
export async function connectCar(
  deps: UserDeps,
  user: UserStore,
  carId: string,
  settings: ConnectionSettings,
  by: Actor,
): Promise<Pick<ConnectedCar, 'health'> & { readonly connection: Connection }> {
  const now = deps.clock.now();
  const { read, policy } = deps.providers[settings.provider];
  const secret = secretOf(deps.vault, secretOwner(user.email, carId), settings, now);
  const connection: Connection = {
    provider: settings.provider,
    vehicleId: null,
    secretId: secret && carId,
    connectedAt: now,
  };
  return user.transact(function* (tx) {
    const before = yield* carInUse(tx, carId);
    const owner = yield* ensureUser(deps, tx, user.email, now);
    const after = { ...before, connection, updatedAt: now };
    yield* forgetConnection(tx, before);
    if (secret) tx.put('secret', carId, secret);
    if (read) yield* lookSoon(tx, now);
    saveCar(tx, owner, after, read ? policy.drivingMs : null, now);
    noteChange(tx, deps, { by, now }, 'car', carId, before, after);
    return { connection, health: healthOf(null, carId) };
  });
}

/** Nothing happens where there is none: whoever asks twice gets what he wants. */
export async function disconnectCar(deps: UserDeps, user: UserStore, carId: string, by: Actor): Promise<void> {
  const now = deps.clock.now();
  await user.transact(function* (tx) {
    const before = yield* existingCar(tx, carId);
    if (before.connection === null) return;
    const owner = yield* ensureUser(deps, tx, user.email, now);
    const after = { ...before, connection: null, updatedAt: now };
    yield* forgetConnection(tx, before);
    saveCar(tx, owner, after, null, now);
    noteChange(tx, deps, { by, now }, 'car', carId, before, after);
  });
}

function* carInUse(tx: Tx, carId: string): Work<Car> {
  return inUse(yield* existingCar(tx, carId));
}

/** Throws when it is archived: nobody drives it, so nobody asks it. */
export function inUse<C extends Car>(car: C): C {
  if (car.archivedAt === null) return car;
  throw new Problem('conflict', 'This car is archived; take it back into use first, with archived_at: null.');
}
