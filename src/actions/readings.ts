/** What cars and people say about odometers, told to the trip rules and kept as readings. */

import type { Activity, Actor } from '../domain/activity.ts';
import type { CarReading } from '../domain/events.ts';
import type { MachineMemory } from '../domain/machine/state.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import { NO_CAR_MEMORY, type Odometer } from '../domain/odometer.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import { advance } from './advance.ts';
import { isLate } from './arrivals.ts';
import type { Deps } from './deps.ts';
import { contextOf, load } from './machine-docs.ts';
import { refold } from './refold.ts';
import type { SaidReading } from './said.ts';
import { ensureUser } from './users.ts';

type Needs = Pick<Deps, 'clock' | 'ids' | 'newUser' | 'unknownUsers'>;

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
    const at = Math.min(said.at ?? receivedAt, receivedAt);
    const reading = readingOf(id, carId, said, at, receivedAt);
    if (reading) tx.put('odometer_reading', id, reading);
    if (receivedAt - at <= LIMITS.oldestEventMs)
      yield* tellRules(deps, tx, store.email, id, carId, said, at, receivedAt);
    const kept = reading && (yield* tx.get('odometer_reading', id));
    if (kept && by) noteChange(tx, deps, { by, now: receivedAt }, 'odometer_reading', id, null, kept);
    return kept;
  });
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

function* tellRules(
  deps: Needs,
  tx: Tx,
  email: string,
  id: string,
  carId: string,
  said: SaidReading,
  at: number,
  receivedAt: number,
): Work<void> {
  const user = yield* ensureUser(deps, tx, email, receivedAt);
  const before = yield* load(tx);
  const { odometerMetres, resolutionMetres, position, state, source } = said;
  const event: CarReading = {
    type: 'car_reading',
    id,
    at,
    receivedAt,
    carId,
    observed: said.at !== null,
    odometerMetres,
    resolutionMetres,
    position,
    state,
    source,
    timeZone: user.settings.timeZone,
  };
  const entry = { event, identity: null, body: null, warnings: [], said: '', settled: false };
  const context = contextOf(user);
  const arrival = { entry, pings: [], receivedAt };
  if (isLate(before, event)) yield* refold(deps, tx, before, arrival, context);
  else yield* advance(deps, tx, before, { ...arrival, tick: null }, context);
}

/** Removes a reading and what the rules remember of it. `false`: there is none. */
export async function removeReading(
  deps: Pick<Deps, 'clock' | 'ids'>,
  store: UserStore,
  readingId: string,
  by: Actor,
): Promise<boolean> {
  const now = deps.clock.now();
  const feedId = deps.ids.next('act');
  return store.transact(function* (tx) {
    const reading = yield* tx.get('odometer_reading', readingId);
    if (!reading) return false;
    tx.remove('odometer_reading', readingId);
    const removed = { id: feedId, at: now, kind: 'deleted', noun: 'odometer_reading', nounId: readingId, by } as const;
    const feed: Activity = { ...removed, before: reading, after: null, discard: null };
    tx.put('activity', feedId, feed);
    yield* forgetReading(tx, reading);
    return true;
  });
}

/** What else the car said then, its state for one, stays part of the history. */
function* forgetReading(tx: Tx, reading: OdometerReading): Work<void> {
  const entry = yield* tx.get('event', reading.id);
  if (entry?.event.type === 'car_reading') {
    tx.put('event', reading.id, { ...entry, event: { ...entry.event, odometerMetres: null }, waiting: null });
  }
  const stored = yield* tx.get('memory', 'memory');
  const known = stored?.memory.cars[reading.carId] ?? NO_CAR_MEMORY;
  if (!stored) return;
  const held = known.held.filter(({ readingId }) => readingId !== reading.id);
  const isLast = known.odometer?.at === reading.at && known.odometer.metres === reading.odometerMetres;
  const odometer = isLast ? yield* lastOdometer(tx, reading) : known.odometer;
  const cars: MachineMemory['cars'] = { ...stored.memory.cars, [reading.carId]: { ...known, held, odometer } };
  tx.put('memory', 'memory', { ...stored, memory: { ...stored.memory, cars } });
}

/** The newest believed value of the car that is left: of a reading, or of a trip's end. */
function* lastOdometer(tx: Tx, gone: OdometerReading): Work<Odometer | null> {
  const where = { carId: gone.carId };
  const readings = yield* tx.list('odometer_reading', { order: 'desc', limit: 20, where });
  const trips = yield* tx.list('trip', { order: 'desc', limit: 20, where });
  const values = [
    ...readings
      .filter(({ doc }) => doc.id !== gone.id && !doc.suspicious)
      .map(({ doc }) => ({ metres: doc.odometerMetres, at: doc.at, resolutionMetres: 0 })),
    ...trips.flatMap(({ doc }) =>
      doc.endOdometerMetres === null ? [] : [{ metres: doc.endOdometerMetres, at: doc.endedAt, resolutionMetres: 0 }],
    ),
  ];
  return values.toSorted((a, b) => b.at - a.at)[0] ?? null;
}
