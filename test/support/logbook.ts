/** What a logbook says, without what may differ: when we were told, and which row came first. */

import { expect } from 'vitest';
import type { ActiveTrip } from '../../src/domain/machine/state.ts';
import { decodePoints, type Chunk } from '../../src/domain/points.ts';
import { windowOf } from '../../src/domain/track.ts';
import type { Trip } from '../../src/domain/trips.ts';
import type { Store, UserStore } from '../../src/seams/store.ts';
import { all, tripsOf } from './book.ts';

export interface Logbook {
  readonly trips: readonly Omit<Trip, 'createdAt' | 'updatedAt'>[];
  readonly discarded: readonly string[];
  readonly waiting: readonly string[];
  readonly open: object | null;
  /** Points by whose they are; `idle`: nobody's. */
  readonly points: Readonly<Record<string, readonly string[]>>;
}

/** Fails when what is stored contradicts itself. */
export async function logbookOf(store: Store, email: string): Promise<Logbook> {
  const user = store.forUser(email);
  const trips = await tripsOf(user);
  const active = await user.get('active', 'trip_start');
  const feed = await all(user, 'activity');
  const events = await all(user, 'event');
  const waiting = events.filter((event) => event.waiting !== null && !event.settled);
  return {
    trips: trips.map(({ createdAt: _created, updatedAt: _updated, ...trip }) => trip),
    discarded: feed
      .filter(({ kind, undoneBy }) => kind === 'discarded' && undoneBy === null)
      .map(({ discard }) => JSON.stringify(discard))
      .toSorted(),
    waiting: waiting.map(({ event, waiting: reason }) => `${event.type} ${event.at} ${reason}`).toSorted(),
    open: openOf(active),
    points: pointsOf(await chunksOf(user, [trips, feed, events, active]), active),
  };
}

/** The stored chunks of every trip that is spoken of anywhere, and of nobody. */
async function chunksOf(user: UserStore, documents: object): Promise<Map<string, Chunk>> {
  const owners = new Set(['idle', ...(JSON.stringify(documents).match(/trip_[0-9a-z]{20}/g) ?? [])]);
  const chunks = new Map<string, Chunk>();
  for (const trip of owners) {
    for (const { id, doc } of await user.list('chunk', { order: 'asc', limit: 1_000, trip })) chunks.set(id, doc);
  }
  return chunks;
}

function openOf(active: ActiveTrip | null): object | null {
  if (!active) return null;
  const { trip, phase } = active.now;
  return { phase, id: trip.id, startedAt: trip.startedAt, stops: trip.stops, car: trip.car.carId };
}

function pointsOf(chunks: Map<string, Chunk>, active: ActiveTrip | null): Logbook['points'] {
  if (active?.tail) chunks.set(`${active.now.trip.id}/${String(active.tail.window).padStart(15, '0')}`, active.tail);
  const points: Record<string, string[]> = {};
  for (const [id, chunk] of [...chunks].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const [owner = '', window] = id.split('/');
    const fixes = decodePoints(chunk);
    expect(fixes.map(({ at }) => windowOf(at))).toEqual(fixes.map(() => Number(window)));
    expect([chunk.count, chunk.firstAt, chunk.lastAt]).toEqual([fixes.length, fixes[0]?.at, fixes.at(-1)?.at]);
    expect(fixes.map(({ at }) => at)).toEqual([...new Set(fixes.map(({ at }) => at))].toSorted((a, b) => a - b));
    (points[owner] ??= []).push(...fixes.map(({ at, lat, lng }) => `${at} ${lat} ${lng}`));
  }
  const all = Object.values(points).flat();
  expect(new Set(all.map((point) => point.split(' ')[0])).size).toBe(all.length);
  return points;
}
