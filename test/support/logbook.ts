/** What a logbook says, without what may differ: when we were told, and which row came first. */

import { expect } from 'vitest';
import type { JournalEntry, ActiveTrip } from '../../src/domain/machine/state.ts';
import { decodePoints, type Chunk } from '../../src/domain/points.ts';
import { windowOf } from '../../src/domain/track.ts';
import type { Activity } from '../../src/domain/activity.ts';
import type { Trip } from '../../src/domain/trips.ts';
import type { Store } from '../../src/seams/store.ts';
import { tripsOf } from './book.ts';
import { dump } from './dump.ts';

export interface Logbook {
  readonly trips: readonly Omit<Trip, 'createdAt' | 'updatedAt'>[];
  readonly discarded: readonly string[];
  readonly waiting: readonly string[];
  readonly open: object | null;
  /** Points by whose they are; `idle`: nobody's. */
  readonly points: Readonly<Record<string, readonly string[]>>;
}

/** Fails when what is stored contradicts itself. */
export async function logbookOf(store: Store, path: string, email: string): Promise<Logbook> {
  const trips = await tripsOf(store.forUser(email));
  const docs = Object.entries(dump(path, email));
  const of = <T>(kind: string) => docs.filter(([key]) => key.startsWith(`${kind}/`)).map(([, doc]) => doc as T);
  const [active] = of<ActiveTrip>('active');
  const feed = of<Activity>('activity').filter(({ kind }) => kind === 'discarded');
  const events = of<JournalEntry>('event').filter(({ waiting, settled }) => waiting !== null && !settled);
  return {
    trips: trips.map(({ createdAt: _created, updatedAt: _updated, ...trip }) => trip),
    discarded: feed.map(({ discard }) => JSON.stringify(discard)).toSorted(),
    waiting: events.map(({ event, waiting }) => `${event.type} ${event.at} ${waiting}`).toSorted(),
    open: openOf(active ?? null),
    points: pointsOf(docs, active ?? null),
  };
}

function openOf(active: ActiveTrip | null): object | null {
  if (!active) return null;
  const { trip, phase } = active.now;
  return { phase, id: trip.id, startedAt: trip.startedAt, stops: trip.stops, car: trip.car.carId };
}

function pointsOf(docs: readonly (readonly [string, unknown])[], active: ActiveTrip | null): Logbook['points'] {
  const chunks = new Map(
    docs.filter(([key]) => key.startsWith('chunk/')).map(([key, doc]) => [key.slice('chunk/'.length), doc as Chunk]),
  );
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
