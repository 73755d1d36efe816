/** What else is known around an event that found no trip: what waits beside it, the trips before and after, and points. */

import { carOf, namesDifferentCars, type CarChoice } from '../domain/cars.ts';
import type { Fix, PhoneEvent } from '../domain/events.ts';
import type { JournalEntry } from '../domain/machine/state.ts';
import { markOf, type Mark, type Surroundings } from '../domain/made-trips.ts';
import { decodePoints, distinct } from '../domain/points.ts';
import { actionsFor } from '../domain/reviews.ts';
import { isUsable } from '../domain/track.ts';
import type { TripEdit } from '../domain/trip-edits.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, Work } from '../seams/store.ts';
import { rowsWithin } from './pages.ts';
import { chunksOf, IDLE } from './points.ts';

/** An event that says where a drive began or ended. */
export type BoundEntry = JournalEntry & { readonly event: PhoneEvent };

export interface Around extends Omit<Surroundings, 'counterpart'> {
  readonly counterpart: BoundEntry | null;
}

const DAY_MS = 24 * 3_600_000;
const TRIPS_AT_ONCE = 20;

/** As `edit` says: with another car in it, or the missing end, the event may go with something else, or nothing. */
export function* surroundingsOf(tx: Tx, event: PhoneEvent, owner: User, edit: TripEdit): Work<Around> {
  const isStart = event.type === 'start';
  const choice = carOf(event.car, owner.cars);
  const carId = edit.carId ?? choice.carId;
  const around = { from: event.at - DAY_MS, to: event.at + DAY_MS };
  const journal = (yield* rowsWithin(tx, 'event', { order: 'asc', ...around })).map(({ doc }) => doc);
  const fitting = journal.filter((one) => fits(one, event, choice, owner));
  const waiting = fitting.filter(isWaiting);
  const before = latest([
    yield* lastTrip(tx, event.at, carId),
    ...waiting.filter((one) => one.event.type !== 'start' && one.event.at <= event.at).map(markOfEvent),
  ]);
  const after = earliest([
    yield* nextTrip(tx, event.at, carId),
    yield* openTrip(tx, event.at),
    ...fitting.filter((one) => one.event.type === 'start' && one.event.at >= event.at).map(markOfEvent),
  ]);
  const isSaid = (isStart ? edit.endedAt : edit.startedAt) !== undefined;
  const counterpart = isSaid ? null : counterpartOf(waiting, event, before, after);
  // A point of the instant a trip ended in is that trip's.
  const since = before ? before.at + 1 : around.from;
  const until = after ? after.at - 1 : around.to;
  const fixes = yield* fixesBetween(tx, journal, event, since, until);
  return { counterpart, before, after, fixes };
}

/** Another event of the phone that may be about the same car. */
function fits(entry: JournalEntry, { id }: PhoneEvent, choice: CarChoice, { cars }: User): entry is BoundEntry {
  const { event, settled } = entry;
  if (event.type === 'car_reading' || event.type === 'cancel' || settled || event.id === id) return false;
  return !namesDifferentCars(choice, carOf(event.car, cars));
}

function isWaiting(entry: BoundEntry): boolean {
  const { id, at } = entry.event;
  return entry.waiting !== null && actionsFor({ kind: 'event', id, at, entry }).includes('make_trip');
}

/** The nearest of the other kind, with nothing known in between. */
function counterpartOf(
  waiting: readonly BoundEntry[],
  { type, at }: PhoneEvent,
  before: Mark | null,
  after: Mark | null,
): BoundEntry | null {
  if (type === 'start') {
    const isEnd = ({ event }: BoundEntry) => event.type !== 'start' && event.at > at;
    return waiting.find((one) => isEnd(one) && one.event.at <= (after?.at ?? Infinity)) ?? null;
  }
  const isStart = ({ event }: BoundEntry) => event.type === 'start' && event.at < at;
  return waiting.findLast((one) => isStart(one) && one.event.at >= (before?.at ?? -Infinity)) ?? null;
}

function markOfEvent({ event }: BoundEntry): Mark {
  return { at: event.at, position: event.fix };
}

/** Of the car, or of one that nobody knows. */
function isOfCar({ carId }: Trip, wanted: string | null): boolean {
  return carId === null || wanted === null || carId === wanted;
}

function* lastTrip(tx: Tx, at: number, carId: string | null): Work<Mark | null> {
  const rows = yield* tx.list('trip', { order: 'desc', to: at, limit: TRIPS_AT_ONCE });
  const ended = rows.map(({ doc }) => doc).filter((trip) => trip.endedAt <= at && isOfCar(trip, carId));
  return latest(ended.map((trip) => markOf(trip.endedAt, trip.to)));
}

function* nextTrip(tx: Tx, at: number, carId: string | null): Work<Mark | null> {
  const rows = yield* tx.list('trip', { order: 'asc', from: at, limit: TRIPS_AT_ONCE });
  const trip = rows.map(({ doc }) => doc).find((one) => isOfCar(one, carId));
  return trip ? markOf(trip.startedAt, trip.from) : null;
}

function* openTrip(tx: Tx, at: number): Work<Mark | null> {
  const open = (yield* tx.get('active', 'trip_start'))?.now.trip ?? null;
  return open && open.startedAt >= at ? { at: open.startedAt, position: open.startFix } : null;
}

function latest(marks: readonly (Mark | null)[]): Mark | null {
  return marks.reduce((a, b) => (a === null || (b !== null && b.at > a.at) ? b : a), null);
}

function earliest(marks: readonly (Mark | null)[]): Mark | null {
  return marks.reduce((a, b) => (a === null || (b !== null && b.at < a.at) ? b : a), null);
}

/** Nobody's points, and what events knew of where they were. */
function* fixesBetween(
  tx: Tx,
  journal: readonly JournalEntry[],
  { fix }: PhoneEvent,
  from: number,
  to: number,
): Work<readonly Fix[]> {
  const chunks = yield* chunksOf(tx, IDLE, from, to);
  const told = journal.flatMap(({ event, settled }) =>
    !settled && event.type !== 'car_reading' && event.fix ? [event.fix] : [],
  );
  const all = [...chunks.flatMap(decodePoints), ...told, ...(fix ? [fix] : [])];
  return distinct(all.filter((one) => isUsable(one) && one.at >= from && one.at <= to));
}
