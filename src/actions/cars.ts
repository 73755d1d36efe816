/** A user's cars. What an event needs of them lies in the user's document and changes in the same transaction. */

import type { Actor } from '../domain/activity.ts';
import { deviceKey, type Car, type CarFacts } from '../domain/cars.ts';
import type { ConnectionHealth } from '../domain/connections.ts';
import { healthOf, type Polls } from '../domain/polls.ts';
import { Problem, unprocessable, type FieldError } from '../domain/problem.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import { forgetConnection } from './connection-docs.ts';
import type { UserDeps } from './deps.ts';
import { pageOf, type Page, type PageQuery } from './pages.ts';
import { ensureUser } from './users.ts';

/** All of them lie in the user's document. */
export const MOST_CARS = 200;

type Fields = Omit<Car, 'id' | 'connection' | 'createdAt' | 'updatedAt'>;

/** What is `undefined` stays as it is; `archivedAt` can only be taken away. */
export type CarEdit = { readonly [F in keyof Omit<Fields, 'archivedAt'>]?: Fields[F] | undefined } & {
  readonly archivedAt?: null | undefined;
};

export interface NewCar extends Omit<CarEdit, 'archivedAt'> {
  readonly name: string;
}

/** A car with how well it goes to ask it, which lies apart because it changes with every answer. */
export interface ConnectedCar extends Car {
  readonly health: ConnectionHealth;
}

/** Oldest first; `archived: null` lists all. */
export async function listCars(
  user: UserStore,
  archived: boolean | null,
  query: PageQuery,
): Promise<Page<ConnectedCar>> {
  const keep = archived === null ? null : (car: Car) => (car.archivedAt !== null) === archived;
  const [page, polls] = await Promise.all([
    pageOf(user, 'car', { order: 'asc' }, query, keep),
    user.get('polls', 'polls'),
  ]);
  return { ...page, items: page.items.map((car) => connected(car, polls)) };
}

export async function findCar(user: UserStore, id: string): Promise<ConnectedCar> {
  const [car, polls] = await Promise.all([user.get('car', id), user.get('polls', 'polls')]);
  return connected(car ?? missing(), polls);
}

function connected(car: Car, polls: Polls | null): ConnectedCar {
  return { ...car, health: healthOf(polls, car.id) };
}

export async function addCar(deps: UserDeps, user: UserStore, said: NewCar, by: Actor): Promise<ConnectedCar> {
  const now = deps.clock.now();
  const car = applied({ ...EMPTY, id: deps.ids.next('car'), createdAt: now, updatedAt: now }, said);
  await user.transact(function* (tx) {
    const owner = yield* ensureUser(deps, tx, user.email, now);
    if (owner.cars.length >= MOST_CARS) throw unprocessable('cars', `at most ${MOST_CARS} cars; archive one first`);
    refuseContradictions(car, owner);
    saveCar(tx, owner, car, null, now);
    noteChange(tx, deps, { by, now }, 'car', car.id, null, car);
  });
  return connected(car, null);
}

export async function changeCar(
  deps: UserDeps,
  user: UserStore,
  id: string,
  edit: CarEdit,
  by: Actor,
): Promise<ConnectedCar> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const before = yield* existingCar(tx, id);
    const polls = before.connection && (yield* tx.get('polls', 'polls'));
    const edited = applied(before, edit);
    if (JSON.stringify(edited) === JSON.stringify(before)) return connected(before, polls);
    const after = { ...edited, updatedAt: now };
    const owner = yield* ensureUser(deps, tx, user.email, now);
    refuseContradictions(after, owner);
    const known = owner.cars.find((facts) => facts.id === id);
    saveCar(tx, owner, after, known?.pollIntervalMs ?? null, now);
    noteChange(tx, deps, { by, now }, 'car', id, before, after);
    return connected(after, polls);
  });
}

/**
 * A car with trips or readings is archived: what was driven with it stays readable. Else it goes. Either way it is
 * connected no more, and nothing is left of what it was connected with.
 */
export async function removeCar(deps: UserDeps, user: UserStore, id: string, by: Actor): Promise<void> {
  const now = deps.clock.now();
  await user.transact(function* (tx) {
    const before = yield* existingCar(tx, id);
    if (before.archivedAt !== null) return;
    const known = yield* ensureUser(deps, tx, user.email, now);
    const owner = withoutDefault(known, id);
    const settings = { noun: 'settings', nounId: '', before: known.settings, after: owner.settings } as const;
    const archived = { ...before, connection: null, archivedAt: now, updatedAt: now };
    const after = (yield* isUsed(tx, id)) ? archived : null;
    yield* forgetConnection(tx, before);
    if (after) saveCar(tx, owner, after, null, now);
    else takeOutCar(tx, owner, id, now);
    noteChange(tx, deps, { by, now }, 'car', id, before, after, owner === known ? [] : [settings]);
  });
}

const EMPTY: Omit<Car, 'id' | 'createdAt' | 'updatedAt'> = {
  name: '',
  licensePlate: null,
  vin: null,
  make: null,
  model: null,
  availableFrom: null,
  availableTo: null,
  companyCar: false,
  deviceNames: [],
  ignored: false,
  odometerUnit: 'km',
  startOdometerMetres: null,
  connection: null,
  archivedAt: null,
};

function applied(car: Car, edit: CarEdit): Car {
  const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
  return { ...car, ...given };
}

function refuseContradictions(car: Car, owner: User): void {
  const errors = contradictionsOf(car, owner);
  if (errors.length > 0) throw new Problem('unprocessable', 'The car would contradict itself or another one.', errors);
}

export function contradictionsOf(car: Car, owner: User): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (car.availableFrom !== null && car.availableTo !== null && car.availableTo < car.availableFrom) {
    errors.push({ field: 'available_to', message: `not before available_from, ${car.availableFrom}` });
  }
  const taken = new Set(without(owner, car.id).flatMap(({ deviceNames }) => deviceNames.map(deviceKey)));
  const doubled = car.deviceNames.find((name) => taken.has(deviceKey(name)));
  if (doubled !== undefined && car.archivedAt === null) {
    errors.push({ field: 'device_names', message: `“${doubled}” already means another car of yours` });
  }
  return errors;
}

/** Archived cars are in no event's way: their device names are free again. */
export function saveCar(tx: Tx, owner: User, car: Car, pollIntervalMs: number | null, now: number): void {
  const facts: CarFacts = { id: car.id, deviceNames: car.deviceNames, ignored: car.ignored, pollIntervalMs };
  const others = without(owner, car.id);
  const cars = car.archivedAt === null ? inOrder([...others, facts]) : others;
  tx.put('car', car.id, car);
  tx.put('user', '', { ...owner, cars, updatedAt: now });
}

export function takeOutCar(tx: Tx, owner: User, id: string, now: number): void {
  tx.remove('car', id);
  tx.put('user', '', { ...owner, cars: without(owner, id), updatedAt: now });
}

/** However often they were changed: ids sort by time. */
function inOrder(cars: readonly CarFacts[]): readonly CarFacts[] {
  return cars.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function without(owner: User, id: string): readonly CarFacts[] {
  return owner.cars.filter((car) => car.id !== id);
}

function withoutDefault(owner: User, carId: string): User {
  if (owner.settings.defaultCarId !== carId) return owner;
  return { ...owner, settings: { ...owner.settings, defaultCarId: null } };
}

export function* isUsed(tx: Tx, carId: string): Work<boolean> {
  const active = yield* tx.get('active', 'trip_start');
  if (active?.now.trip.car.carId === carId) return true;
  for (const kind of ['trip', 'odometer_reading'] as const) {
    const rows = yield* tx.list(kind, { order: 'desc', limit: 1, where: { carId } });
    if (rows.length > 0) return true;
  }
  return false;
}

export function* existingCar(tx: Tx, id: string): Work<Car> {
  return (yield* tx.get('car', id)) ?? missing();
}

function missing(): never {
  throw new Problem('not_found', 'There is no such car.');
}
