/** Where points go: into the chunks of the trip they belong to, or beside, for a trip that may turn up late. */

import type { Fix } from '../domain/events.ts';
import type { IdlePoints } from '../domain/machine/state.ts';
import { append, chunkOf, decodePoints, type Chunk } from '../domain/points.ts';
import { LIMITS } from '../domain/settings.ts';
import { windowOf } from '../domain/track.ts';
import type { Tx, Work } from '../seams/store.ts';

/** Points of nobody lie under this in place of a trip's id. */
export const IDLE = 'idle';

export function chunkId(tripId: string, window: number): string {
  return `${tripId}/${String(window).padStart(15, '0')}`;
}

/** The chunk being written, kept back until its window is over. */
export interface Tail {
  readonly tripId: string | null;
  readonly chunk: Chunk | null;
  /** Nothing of this trip's newest windows lies in the store. */
  readonly fresh: boolean;
}

/** Adds a point that is newer than all of its trip. `null`: its window is full. */
export function* addPoint(tx: Tx, tail: Tail, tripId: string, fix: Fix): Work<Tail | null> {
  const window = windowOf(fix.at);
  if (tail.tripId === tripId && tail.chunk?.window === window && fix.at > tail.chunk.lastAt) {
    const chunk = append(tail.chunk, fix);
    return chunk && { ...tail, chunk };
  }
  const same = tail.tripId === tripId;
  if (same && tail.chunk?.window === window) return { ...tail, chunk: chunkOf([...decodePoints(tail.chunk), fix]) };
  flush(tx, tail);
  const fresh = same && tail.fresh;
  const stored = fresh ? null : yield* tx.get('chunk', chunkId(tripId, window));
  return { tripId, chunk: chunkOf([...(stored ? decodePoints(stored) : []), fix]), fresh: true };
}

export function flush(tx: Tx, { tripId, chunk }: Tail): void {
  if (tripId !== null && chunk) tx.put('chunk', chunkId(tripId, chunk.window), chunk);
}

/** Points that turned up late join their chunks; each window is read and written once. */
export function* insertPoints(tx: Tx, tail: Tail, tripId: string, fixes: readonly Fix[]): Work<Tail> {
  let kept = tail;
  for (const [window, late] of byWindow(fixes)) {
    if (tail.tripId === tripId && tail.chunk?.window === window) {
      kept = { ...kept, chunk: chunkOf([...decodePoints(tail.chunk), ...late]) };
    } else {
      yield* mergeChunk(tx, tripId, window, late);
    }
  }
  return kept;
}

function* mergeChunk(tx: Tx, tripId: string, window: number, fixes: readonly Fix[]): Work<number> {
  const id = chunkId(tripId, window);
  const stored = yield* tx.get('chunk', id);
  const chunk = chunkOf([...(stored ? decodePoints(stored) : []), ...fixes]);
  if (chunk) tx.put('chunk', id, chunk);
  return (chunk?.count ?? 0) - (stored?.count ?? 0);
}

function byWindow(fixes: readonly Fix[]): Map<number, Fix[]> {
  return Map.groupBy(fixes, (fix) => windowOf(fix.at));
}

const HOUR_MS = 3_600_000;

/** Keeps points no trip owns, for a day and up to a number; when full, the oldest hour is thinned. */
export function* keepIdle(tx: Tx, fixes: readonly Fix[], receivedAt: number): Work<void> {
  const added = new Map<number, number>();
  for (const [window, points] of byWindow(fixes)) added.set(window, yield* mergeChunk(tx, IDLE, window, points));
  yield* countIdle(tx, added, receivedAt);
}

/** Notes how many points each window of nobody's gained or lost. */
export function* countIdle(tx: Tx, added: ReadonlyMap<number, number>, receivedAt: number): Work<void> {
  if (added.size === 0) return;
  const idle = (yield* tx.get('idle', 'idle_points')) ?? { hours: [], dueAt: null };
  const hours = new Map(idle.hours.map((one) => [one.hour, one]));
  for (const [window, count] of added) {
    const hour = Math.floor(window / HOUR_MS) * HOUR_MS;
    const points = Math.max(0, (hours.get(hour)?.points ?? 0) + count);
    hours.set(hour, { hour, points, receivedAt });
  }
  yield* trimIdle(tx, [...hours.values()], receivedAt);
}

type IdleHour = IdlePoints['hours'][number];

/** Forgets what is older than a day and thins what is too much. */
export function* trimIdle(tx: Tx, hours: readonly IdleHour[], now: number): Work<void> {
  const kept: IdleHour[] = [];
  let total = hours.reduce((sum, { points }) => sum + points, 0);
  for (const one of hours.toSorted((a, b) => a.hour - b.hour)) {
    const isOld = now - one.receivedAt > LIMITS.idleKeptMs;
    const points = isOld || total > LIMITS.idleMostPoints ? yield* thinHour(tx, one.hour, isOld) : one.points;
    total -= one.points - points;
    if (points > 0) kept.push({ ...one, points });
  }
  if (kept.length === 0) return tx.remove('idle', 'idle_points');
  const dueAt = Math.min(...kept.map(({ receivedAt }) => receivedAt)) + LIMITS.idleKeptMs + 1;
  tx.put('idle', 'idle_points', { hours: kept, dueAt });
}

/** Drops an hour's points, or every second of them. Answers how many are left. */
function* thinHour(tx: Tx, hour: number, all: boolean): Work<number> {
  let left = 0;
  for (const chunk of yield* chunksOf(tx, IDLE, hour, hour + HOUR_MS - 1)) {
    const thinned = all ? null : chunkOf(decodePoints(chunk).filter((_, i) => i % 2 === 0));
    const id = chunkId(IDLE, chunk.window);
    if (thinned) tx.put('chunk', id, thinned);
    else tx.remove('chunk', id);
    left += thinned?.count ?? 0;
  }
  return left;
}

const CHUNKS_AT_ONCE = 500;

/** The stored chunks of a trip whose windows lie in a span, oldest first. */
export function* chunksOf(tx: Tx, tripId: string, from: number, to: number): Work<Chunk[]> {
  const chunks: Chunk[] = [];
  let after: { sort: number | string; id: string } | undefined;
  for (;;) {
    const bounds = { from: chunkId(tripId, Math.max(0, windowOf(from))), to: chunkId(tripId, to) };
    const query = { order: 'asc', limit: CHUNKS_AT_ONCE, trip: tripId, ...bounds } as const;
    const rows = yield* tx.list('chunk', after ? { ...query, after } : query);
    chunks.push(...rows.map(({ doc }) => doc));
    if (rows.length < CHUNKS_AT_ONCE) return chunks;
    after = rows.at(-1);
  }
}
