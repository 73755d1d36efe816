/** Trying out a connection: reads the car once, and keeps nothing of it. */

import type { CarAnswer } from '../domain/car-answers.ts';
import type { ConnectionSettings, Failure, FailureCode } from '../domain/connections.ts';
import type { DrivingState } from '../domain/events.ts';
import type { Position } from '../domain/geo.ts';
import { unprocessable } from '../domain/problem.ts';
import type { UserStore } from '../seams/store.ts';
import { callCar } from './car-call.ts';
import { findCar, type ConnectedCar } from './cars.ts';
import { readableSettings } from './connection-docs.ts';
import { inUse } from './connections.ts';
import type { SharedDeps } from './deps.ts';
import { openMakers, type Maker } from './makers.ts';

/** What a person is told: the failures of a car, but for those that come down to “connect it again”, and our own. */
export type TestFailureCode =
  | Exclude<FailureCode, 'auth_expired' | 'permission_missing'>
  | 'relink_required'
  | 'internal';

export interface TestFailure {
  readonly code: TestFailureCode;
  readonly message: string;
}

export type ConnectionTest =
  | { readonly ok: true; readonly seen: Seen }
  | { readonly ok: false; readonly error: TestFailure };

export interface Seen {
  readonly odometerMetres: number | null;
  readonly position: Position | null;
  readonly state: DrivingState;
  readonly observedAt: number | null;
}

/** `given`: settings that are not kept yet; `null`: those the car is connected with. */
export async function testConnection(
  deps: Pick<SharedDeps, 'store' | 'clock' | 'log' | 'providers' | 'vault'>,
  user: UserStore,
  carId: string,
  given: ConnectionSettings | null,
): Promise<ConnectionTest> {
  const car = inUse(await findCar(user, carId));
  const settings = given ?? (await storedSettings(deps, user, car));
  if (settings === null) return failed(LOST);
  const provider = deps.providers[settings.provider];
  if (!provider.read) return failed(NOT_ASKED);
  const makers = await openMakers(deps);
  const forbidden = forbiddenBy(makers.of(provider.id), deps.clock.now());
  if (forbidden !== null) return failed(forbidden);
  if (!(await makers.count(provider.id))) {
    await makers.settle();
    return failed(USED_UP);
  }
  const vehicleId = given === null ? (car.connection?.vehicleId ?? null) : null;
  const outcome = await callCar(deps, provider, provider.read, { settings, vehicleId });
  await makers.settle();
  if (outcome.ok) return { ok: true, seen: seenIn(outcome.readings) };
  return failed(outcome.failure === null ? BROKEN : toldOf(outcome.failure));
}

const NOT_ASKED: TestFailure = {
  code: 'not_capable',
  message: 'This car is never asked: it tells by itself, with POST /cars/{id}/readings.',
};
const LOST: TestFailure = {
  code: 'relink_required',
  message: 'What this car was connected with cannot be decrypted any more; connect it again.',
};
const BROKEN: TestFailure = {
  code: 'internal',
  message: 'Asking the car failed within this service. Its log has the details.',
};

/** What stops the rounds of the clock stops a person as well: the maker counts all calls of this installation. */
function forbiddenBy({ closedUntil, allowance }: Maker, now: number): TestFailure | null {
  if (closedUntil > now) return CLOSED;
  return allowance === 'none' ? USED_UP : null;
}

const CLOSED: TestFailure = {
  code: 'rate_limited',
  message: 'The maker wants to be left alone for now, by everybody here. Try again later.',
};
const USED_UP: TestFailure = {
  code: 'quota_exhausted',
  message: 'All calls the maker allows this server are used up for now.',
};

function failed(error: TestFailure): ConnectionTest {
  return { ok: false, error };
}

/** `null`: they cannot be read any more. */
function storedSettings(
  deps: Pick<SharedDeps, 'log' | 'vault'>,
  user: UserStore,
  { id, connection }: ConnectedCar,
): Promise<ConnectionSettings | null> {
  if (connection !== null) return readableSettings(deps, user, id, connection);
  throw unprocessable('provider', 'this car is not connected: send the connection to be tested');
}

/** The latest of each; observed when the odometer was. */
function seenIn(readings: readonly CarAnswer[]): Seen {
  const odometer = readings.findLast(({ odometerMetres }) => odometerMetres !== null);
  return {
    odometerMetres: odometer?.odometerMetres ?? null,
    position: readings.findLast(({ position }) => position !== null)?.position ?? null,
    state: readings.findLast(({ state }) => state !== 'unknown')?.state ?? 'unknown',
    observedAt: (odometer ?? readings.at(-1))?.at ?? null,
  };
}

function toldOf({ code, message }: Failure): TestFailure {
  if (code === 'auth_expired' || code === 'permission_missing') return { code: 'relink_required', message };
  return { code, message };
}
