/** Whether a late event is about a drive that somebody decided about: then it is theirs to say what becomes of it. */

import { carOf } from '../domain/cars.ts';
import type { JournalEvent, PhoneEvent } from '../domain/events.ts';
import type { JournalEntry } from '../domain/machine/state.ts';
import { LONGEST_MS } from '../domain/overlaps.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, Work } from '../seams/store.ts';
import { rowsWithin } from './pages.ts';

/** Trip rule 18: a settled trip or orphan is left alone, and no drive is counted twice. */
export function* isDecidedAlready(tx: Tx, event: JournalEvent, { cars }: User): Work<boolean> {
  if (event.type === 'car_reading' || event.type === 'cancel') return false;
  const { carId } = carOf(event.car, cars);
  if (yield* liesInTripByHand(tx, event, carId)) return true;
  return event.type === 'start' && (yield* wouldJoinDecidedEnd(tx, event));
}

function* liesInTripByHand(tx: Tx, { at }: PhoneEvent, carId: string | null): Work<boolean> {
  const rows = yield* rowsWithin(tx, 'trip', { order: 'desc', from: at - LONGEST_MS, to: at });
  const isOne = (trip: Trip) => carId === null || trip.carId === null || trip.carId === carId;
  return rows.some(({ doc }) => doc.openedBy === 'user' && doc.endedAt >= at && isOne(doc));
}

const EVENTS_AT_ONCE = 50;

/** The next that the phone told is an end that waited for such a start, until somebody decided. */
function* wouldJoinDecidedEnd(tx: Tx, { at }: PhoneEvent): Work<boolean> {
  const bounds = { from: at, to: at + LIMITS.lateEndMs };
  const rows = yield* tx.list('event', { order: 'asc', ...bounds, limit: EVENTS_AT_ONCE });
  const next = rows.map(({ doc }) => doc).find(({ event }) => event.type !== 'car_reading');
  return next !== undefined && isDecidedEnd(next);
}

function isDecidedEnd({ event, settled, waiting }: JournalEntry): boolean {
  return (event.type === 'end' || event.type === 'finalize') && settled && waiting !== null;
}
