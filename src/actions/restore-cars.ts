/** Putting a car back as it was. What it was connected with is gone for good: only its user can give that again. */

import type { Car } from '../domain/cars.ts';
import { conflict } from '../domain/undo.ts';
import { Problem } from '../domain/problem.ts';
import type { Work } from '../seams/store.ts';
import { contradictionsOf, isUsed, MOST_CARS, saveCar, takeOutCar } from './cars.ts';
import { forgetConnection } from './connection-docs.ts';
import type { Undoing } from './undoing.ts';
import { ensureUser } from './users.ts';

export function* restoreCar(undoing: Undoing, now: Car | null, was: Car | null): Work<Car | null> {
  const { deps, tx, email } = undoing;
  const connection = connectionOf(now, was);
  if (now && !isSameConnection(now, { connection })) yield* forgetConnection(tx, now);
  const owner = yield* ensureUser(deps, tx, email, undoing.now);
  const id = (was ?? now)?.id ?? '';
  const isUnused = was === null || was.archivedAt !== null;
  if (isUnused && owner.settings.defaultCarId === id) {
    throw conflict('It is the default car; choose another one, or none, in the settings first.');
  }
  if (was === null) {
    if (yield* isUsed(tx, id)) throw conflict('It has trips or readings since; archive it with DELETE /cars/{id}.');
    takeOutCar(tx, owner, id, undoing.now);
    return null;
  }
  const back: Car = { ...was, connection, updatedAt: undoing.now };
  const known = owner.cars.find((facts) => facts.id === id);
  if (!known && !isUnused && owner.cars.length >= MOST_CARS) {
    throw conflict('There are as many cars as there may be; archive one first.');
  }
  const errors = contradictionsOf(back, owner);
  if (errors.length > 0) throw new Problem('conflict', 'The car would contradict itself or another one.', errors);
  const isAsked = now !== null && isSameConnection(now, back);
  saveCar(tx, owner, back, isAsked ? (known?.pollIntervalMs ?? null) : null, undoing.now);
  return back;
}

/** A car that comes back comes back without what was secret; where nothing but that would come back, there is no undo. */
function connectionOf(now: Car | null, was: Car | null): Car['connection'] {
  const wanted = was?.connection ?? null;
  if (wanted === null || wanted.secretId === null || (now && isSameConnection(now, { connection: wanted })))
    return wanted;
  const comesBack = now === null || (now.archivedAt !== null && was?.archivedAt === null);
  if (comesBack) return null;
  throw conflict('What the car was connected with was not kept; connect it again, with PUT /cars/{id}/connection.');
}

function isSameConnection(a: Pick<Car, 'connection'>, b: Pick<Car, 'connection'>): boolean {
  return JSON.stringify(a.connection) === JSON.stringify(b.connection);
}
