/** What cars and people say about odometers, told to the trip rules and kept as readings. */

import type { Actor } from '../domain/activity.ts';
import type { CarReading } from '../domain/events.ts';
import type { Machine } from '../domain/machine/state.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import { NO_CAR_MEMORY, type CarMemory } from '../domain/odometer.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import { advance } from './advance.ts';
import { isLate } from './arrivals.ts';
import type { Deps } from './deps.ts';
import { contextOf, load, readTogether, type Loaded } from './machine-docs.ts';
import { forgetReading } from './reading-memory.ts';
import { refold } from './refold.ts';
import type { SaidReading } from './said.ts';
import { ensureUser } from './users.ts';

type Needs = Pick<Deps, 'clock' | 'ids' | 'newUser' | 'services' | 'unknownUsers'>;

/**
 * Records what a car (or a person, source `manual`) says. Answers the reading kept, or `null` when it held no odometer.
 * `by` is noted in the feed: a person writes one down, a car says the next every minute.
 */
export async function recordReading(
  deps: Needs,
  store: UserStore,
  carId: string,
  said: SaidReading,
  by: Actor | null = null,
): Promise<OdometerReading | null> {
  const receivedAt = deps.clock.now();
  const id = deps.ids.next('odo');
  return store.transact(function* (tx) {
    yield* readTogether(tx, 'user', 'active', 'memory');
    const at = instantOf(said, receivedAt);
    const reading = readingOf(id, carId, said, at, receivedAt);
    if (reading) tx.put('odometer_reading', id, reading);
    if (receivedAt - at <= LIMITS.oldestEventMs)
      yield* tellRules(deps, tx, store.email, { id, carId, said, receivedAt });
    const kept = reading && (yield* tx.get('odometer_reading', id));
    if (kept && by) noteChange(tx, deps, { by, now: receivedAt }, 'odometer_reading', id, null, kept);
    return kept;
  });
}

/** A reading on its way to the rules, with the id it has got. */
export interface Told {
  readonly id: string;
  readonly carId: string;
  readonly said: SaidReading;
  /** Some part of the answer says that the car drives. */
  readonly drives?: boolean;
  readonly receivedAt: number;
}

/**
 * The same for a car that was asked, inside the transaction that notes its answer. It says the same again and again: an
 * observation the rules know is passed over, an odometer they know is not written down anew.
 */
export function* tellAnswer(
  deps: Pick<Deps, 'ids' | 'services'>,
  tx: Tx,
  user: User,
  told: Told,
): Work<Happened | null> {
  const { id, carId, said, receivedAt } = told;
  const at = instantOf(said, receivedAt);
  if (receivedAt - at > LIMITS.oldestEventMs) return null;
  const before = yield* load(tx);
  const known = before.machine.memory.cars[carId] ?? NO_CAR_MEMORY;
  if (said.at !== null && isKnown(known, said, at)) return null;
  const isWritten = known.seen?.odometerMetres === said.odometerMetres;
  const reading = isWritten ? null : readingOf(id, carId, said, at, receivedAt);
  if (reading) tx.put('odometer_reading', id, reading);
  return yield* receiveReading(deps, tx, before, user, told);
}

/** An answer may come in parts of several instants: of the odometer's alone it is the value that counts. */
function isKnown({ seen, odometer, held }: CarMemory, { odometerMetres, state }: SaidReading, at: number): boolean {
  const isSeen = seen?.at === at && seen.state === state;
  if (isSeen && (odometerMetres === null || odometerMetres === seen.odometerMetres)) return true;
  return state === 'unknown' && [odometer, ...held].some((one) => one?.at === at && one.metres === odometerMetres);
}

/** What became of a reading: the machine after it, and the trips it changed as they stand in the book. */
export interface Happened {
  readonly machine: Machine;
  readonly trips: ReadonlyMap<string, Trip>;
}

function instantOf({ at }: SaidReading, receivedAt: number): number {
  return Math.min(at ?? receivedAt, receivedAt);
}

function readingOf(
  id: string,
  carId: string,
  { odometerMetres, source, note }: SaidReading,
  at: number,
  receivedAt: number,
): OdometerReading | null {
  if (odometerMetres === null) return null;
  return { id, carId, odometerMetres, at, source, suspicious: false, note, createdAt: receivedAt };
}

function* tellRules(deps: Needs, tx: Tx, email: string, told: Told): Work<void> {
  const user = yield* ensureUser(deps, tx, email, told.receivedAt);
  yield* receiveReading(deps, tx, yield* load(tx), user, told);
}

function* receiveReading(
  deps: Pick<Deps, 'ids' | 'services'>,
  tx: Tx,
  before: Loaded,
  user: User,
  told: Told,
): Work<Happened> {
  const { id, carId, said, drives = false, receivedAt } = told;
  const { odometerMetres, resolutionMetres, position, state, source } = said;
  const event: CarReading = {
    type: 'car_reading',
    id,
    at: instantOf(said, receivedAt),
    receivedAt,
    carId,
    observed: said.at !== null,
    odometerMetres,
    resolutionMetres,
    position,
    state,
    ...(drives && { drives }),
    source,
    timeZone: user.settings.timeZone,
  };
  const entry = { event, identity: null, body: null, warnings: [], said: '', settled: false };
  const context = contextOf(user);
  const arrival = { entry, pings: [], receivedAt };
  return isLate(before, event)
    ? yield* refold(deps, tx, before, arrival, context)
    : yield* advance(deps, tx, before, { ...arrival, tick: null }, context);
}

/** Removes a reading and what the rules remember of it. `false`: there is none. */
export async function removeReading(
  deps: Pick<Deps, 'clock' | 'ids'>,
  store: UserStore,
  readingId: string,
  by: Actor,
): Promise<boolean> {
  const now = deps.clock.now();
  return store.transact(function* (tx) {
    const reading = yield* tx.get('odometer_reading', readingId);
    if (!reading) return false;
    tx.remove('odometer_reading', readingId);
    noteChange(tx, deps, { by, now }, 'odometer_reading', readingId, reading, null);
    yield* forgetReading(tx, reading);
    return true;
  });
}
