/** One portion of an import: each record is added, or found to be there, or told why not. Nothing is overwritten. */

import { canonical } from '../domain/canonical.ts';
import type { Car } from '../domain/cars.ts';
import { trackIds, type Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { BY_RULES } from '../domain/activity.ts';
import { bookTrips } from './book.ts';
import { contradictionsOf, MOST_CARS, saveCar } from './cars.ts';
import { isMonthClosed, monthOf, takeOverMonth } from './closed-months.ts';
import type { UserDeps } from './deps.ts';
import type { Exported } from './exports.ts';
import type { Singles } from './import-state.ts';
import { isFull, saveLocation } from './locations.ts';
import { IDLE } from './points.ts';
import { addRule, MOST_RULES } from './rules.ts';
import { thinAgainFrom } from './thin-tracks.ts';
import { ensureUser, newUser } from './users.ts';

/** What an import needs of the world. */
export type ImportDeps = Pick<UserDeps, 'clock' | 'ids' | 'newUser' | 'unknownUsers'>;

export type Outcome = 'added' | 'unchanged' | 'skipped' | 'refused';

export interface Result {
  readonly outcome: Outcome;
  /** Of what was not taken. */
  readonly why: string | null;
}

export type BookRecord = Extract<
  Exported,
  {
    kind:
      | 'car'
      | 'location'
      | 'rule'
      | 'trip'
      | 'chunk'
      | 'odometer_reading'
      | 'activity'
      | 'part'
      | 'closed_month'
      | 'event';
  }
>;

/** What holds for a whole import. */
export interface Known {
  /** The logbook had no machine of its own when it began, or the very one of the document. */
  readonly takesMachine: boolean;
  /** Drives the document's machine still knows, besides those in the book. */
  readonly drives: ReadonlySet<string>;
  /** It had no closed month when it began. */
  readonly takesChain: boolean;
  readonly singles: Singles;
  /** Whose points the trips read that this import found a place for; a trial writes none. */
  readonly booked: Set<string>;
}

const ADDED: Result = { outcome: 'added', why: null };
const UNCHANGED: Result = { outcome: 'unchanged', why: null };

export function writeRecords(
  deps: ImportDeps,
  user: UserStore,
  records: readonly BookRecord[],
  known: Known,
  dryRun: boolean,
): Promise<readonly Result[]> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    yield* ownerFor(deps, tx, user.email, now, dryRun);
    yield* tx.getMany(records.map(({ kind, id }) => ({ kind, id })));
    const results: Result[] = [];
    for (const record of records) {
      const there = yield* tx.get(record.kind, record.id);
      const result = there === null ? yield* fits(tx, record, known) : compared(there, record.doc);
      if (result.outcome === 'added' && !dryRun) yield* add(deps, tx, user.email, record, now);
      if (record.kind === 'trip' && result.outcome !== 'refused') noteTracks(known, record.doc);
      results.push(result);
    }
    return results;
  });
}

function noteTracks({ booked }: Known, trip: Trip): void {
  for (const id of [trip.id, ...trackIds(trip)]) booked.add(id);
}

/** The user's own document; a trial makes none. */
export function* ownerFor(deps: ImportDeps, tx: Tx, email: string, now: number, dryRun: boolean): Work<User> {
  const isNew = dryRun && deps.unknownUsers === 'create';
  const known = isNew ? yield* tx.get('user', '') : null;
  if (isNew) return known ?? newUser(email, deps.newUser, now);
  return yield* ensureUser(deps, tx, email, now);
}

function compared(there: object, sent: object): Result {
  return isEqual(there, sent) ? UNCHANGED : skipped('another of this id is there and stays');
}

/** Whether a record that is not there yet can be. */
function* fits(tx: Tx, record: BookRecord, known: Known): Work<Result> {
  switch (record.kind) {
    case 'car':
      return carFits(yield* tx.get('user', ''), record.doc);
    case 'location': {
      const owner = yield* tx.get('user', '');
      return owner !== null && isFull(owner) ? refused('no room for more locations') : ADDED;
    }
    case 'trip':
      return yield* tripFits(tx, record.doc);
    case 'chunk':
      return yield* trackFits(tx, record.id.slice(0, record.id.lastIndexOf('/')), known);
    case 'event':
      return known.takesMachine ? ADDED : skipped('this logbook has events of its own, which go on');
    case 'rule': {
      const owner = yield* tx.get('user', '');
      return owner !== null && owner.rules.length >= MOST_RULES ? refused('no room for more rules') : ADDED;
    }
    case 'closed_month':
      return known.takesChain ? ADDED : skipped('this logbook has closed months of its own');
    case 'odometer_reading':
    case 'activity':
    case 'part':
      return ADDED;
  }
}

function* tripFits(tx: Tx, trip: Trip): Work<Result> {
  const active = yield* tx.get('active', 'trip_start');
  if (active?.now.trip.id === trip.id) return skipped('this drive is open here and goes on');
  const owner = yield* tx.get('user', '');
  return isMonthClosed(owner?.closed, monthOf(trip)) ? refused('its month is closed here') : ADDED;
}

function carFits(owner: User | null, car: Car): Result {
  if (owner !== null && owner.cars.length >= MOST_CARS) return refused(`at most ${MOST_CARS} cars`);
  const [wrong] = owner === null ? [] : contradictionsOf(car, owner);
  return wrong === undefined ? ADDED : refused(`${wrong.field}: ${wrong.message}`);
}

/** Points a trip in the book reads, or of a drive whose machine is taken over. */
function* trackFits(tx: Tx, tripId: string, { takesMachine, drives, booked }: Known): Work<Result> {
  if (takesMachine && (tripId === IDLE || drives.has(tripId))) return ADDED;
  if (booked.has(tripId) || (yield* tx.get('trip', tripId)) !== null) return ADDED;
  return skipped('its trip is not in this logbook');
}

function* add(deps: ImportDeps, tx: Tx, email: string, record: BookRecord, now: number): Work<void> {
  switch (record.kind) {
    case 'car':
      return saveCar(tx, yield* ensureUser(deps, tx, email, now), record.doc, null, now);
    case 'location':
      return saveLocation(tx, yield* ensureUser(deps, tx, email, now), record.doc, now);
    case 'rule':
      return addRule(tx, yield* ensureUser(deps, tx, email, now), record.doc, now);
    case 'closed_month':
      return takeOverMonth(tx, yield* ensureUser(deps, tx, email, now), record.doc);
    case 'trip':
      return yield* bookTrip(deps, tx, record.doc, now);
    default:
      put(tx, record);
  }
}

/** The feed of the export tells how it came about; it is not told again. */
function* bookTrip(deps: ImportDeps, tx: Tx, trip: Trip, now: number): Work<void> {
  yield* bookTrips(tx, [{ before: null, after: trip, untold: true }], BY_RULES, deps.ids, now);
  yield* thinAgainFrom(tx, trip.startedAt);
}

function put(
  tx: Tx,
  record: Exclude<BookRecord, { kind: 'car' | 'location' | 'rule' | 'closed_month' | 'trip' }>,
): void {
  if (record.kind === 'chunk') tx.put('chunk', record.id, record.doc);
  else if (record.kind === 'odometer_reading') tx.put('odometer_reading', record.id, record.doc);
  else if (record.kind === 'activity') tx.put('activity', record.id, record.doc);
  else if (record.kind === 'part') tx.put('part', record.id, record.doc);
  else tx.put('event', record.id, record.doc);
}

function skipped(why: string): Result {
  return { outcome: 'skipped', why };
}

function refused(why: string): Result {
  return { outcome: 'refused', why };
}

/** Whether two documents say the same, whatever the order of their fields. */
export function isEqual(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}
