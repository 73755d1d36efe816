/**
 * What trips that somebody wrote down or measured by hand tell the trip rules about their cars: until when they drove,
 * and what their odometers said then. It follows from the book alone, so that whatever is taken back takes this back.
 */

import type { MachineMemory } from '../domain/machine/state.ts';
import { isMeasuredByHand } from '../domain/trip-edits.ts';
import type { Trip } from '../domain/trips.ts';
import type { Cursor, ListQuery, Row, Tx, Work } from '../seams/store.ts';
import type { Booking } from './book.ts';
import { memoryOf } from './settle.ts';

type ByHand = NonNullable<MachineMemory['byHand']>;

/** Older ones no longer matter: the rules know what was driven since. */
const TRIPS_LOOKED_AT = 20;

export function* rememberByHand(tx: Tx, bookings: readonly Booking[], now: number): Work<void> {
  const trips = bookings.flatMap(({ before, after }) => [before, after]).filter((trip) => trip !== null);
  const cars = new Set(trips.filter(isByHand).flatMap(({ carId }) => carId ?? []));
  if (cars.size === 0) return;
  const stored = yield* memoryOf(tx, now);
  const { byHand: before = {}, ...memory } = stored.memory;
  const booked = trips.map(({ id }) => id);
  let known: ByHand = before;
  for (const carId of cars) {
    if (isBefore(known[carId], carId, trips)) continue;
    const { [carId]: _, ...others } = known;
    const last = yield* lastByHand(tx, carId, [...booked, ...(before[carId] ? [before[carId].tripId] : [])]);
    known = last ? { ...others, [carId]: last } : others;
  }
  if (JSON.stringify(known) === JSON.stringify(before)) return;
  const isNone = Object.keys(known).length === 0;
  tx.put('memory', 'memory', { ...stored, memory: isNone ? memory : { ...memory, byHand: known } });
}

function isByHand(trip: Trip): boolean {
  return trip.openedBy === 'user' || isMeasuredByHand(trip);
}

/** What came and went ended before the last that is known, and so changes nothing. */
function isBefore(last: ByHand[string] | undefined, carId: string, trips: readonly Trip[]): boolean {
  if (last === undefined) return false;
  const own = trips.filter((trip) => trip.carId === carId);
  return own.every((trip) => trip.id !== last.tripId && trip.endedAt < last.at);
}

function* lastByHand(tx: Tx, carId: string, ids: readonly string[]): Work<ByHand[string] | null> {
  const trips = [...(yield* read(tx, ids)), ...(yield* latestOf(tx, carId))];
  const own = trips.filter((trip) => trip !== null && trip.carId === carId && isByHand(trip));
  const last = own.reduce((a, b) => (a && b && isLater(a, b) ? a : b), null);
  if (last === null) return null;
  const { id: tripId, endedAt: at, endOdometerMetres: metres } = last;
  return { tripId, at, odometer: metres === null ? null : { metres, at, resolutionMetres: 0 } };
}

function isLater(a: Trip, b: Trip): boolean {
  return a.endedAt > b.endedAt || (a.endedAt === b.endedAt && a.id > b.id);
}

/** Lists do not show what this work booked, documents do: as many trips back as there are trips still. */
function* latestOf(tx: Tx, carId: string): Work<readonly Trip[]> {
  const found: Trip[] = [];
  let after: Cursor | null = null;
  for (;;) {
    const query: ListQuery = { order: 'desc', limit: TRIPS_LOOKED_AT, where: { carId }, ...(after && { after }) };
    const rows: readonly Row<'trip'>[] = yield* tx.list('trip', query);
    const ids = rows.map(({ id }) => id);
    found.push(...(yield* read(tx, ids)).filter((trip) => trip !== null));
    const last = rows.at(-1);
    if (!last || rows.length < TRIPS_LOOKED_AT || found.length >= TRIPS_LOOKED_AT) return found;
    after = { sort: last.sort, id: last.id };
  }
}

function read(tx: Tx, ids: readonly string[]): Work<readonly (Trip | null)[]> {
  return tx.getMany([...new Set(ids)].map((id) => ({ kind: 'trip' as const, id })));
}
