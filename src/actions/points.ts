/** Where points go: into the chunks of the trip they belong to, or beside, for a trip that may turn up late. */

import type { Fix } from '../domain/events.ts';
import type { ActiveTrip, IdlePoints } from '../domain/machine/state.ts';
import { append, chunkOf, decodePoints, type Chunk } from '../domain/points.ts';
import { LIMITS } from '../domain/settings.ts';
import { windowOf } from '../domain/track.ts';
import { UNDO_MS } from '../domain/undo.ts';
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

export function tailOf(active: ActiveTrip | null): Tail {
  return { tripId: active?.now.trip.id ?? null, chunk: active?.tail ?? null, fresh: active?.tail != null };
}

/** Adds a point that is newer than all of its trip. `null`: its window is full. */
export function* addPoint(tx: Tx, tail: Tail, tripId: string, fix: Fix): Work<Tail | null> {
  const window = windowOf(fix.at);
  const same = tail.tripId === tripId;
  if (same && tail.chunk?.window === window) {
    const longer = fix.at > tail.chunk.lastAt ? append(tail.chunk, fix) : chunkOf([...decodePoints(tail.chunk), fix]);
    return longer && { ...tail, chunk: longer };
  }
  flush(tx, tail);
  const stored = same && tail.fresh ? null : yield* tx.get('chunk', chunkId(tripId, window));
  const chunk = stored && fix.at > stored.lastAt ? append(stored, fix) : chunkOf([...pointsOf(stored), fix]);
  return chunk && { tripId, chunk, fresh: true };
}

function pointsOf(chunk: Chunk | null): Fix[] {
  return chunk ? decodePoints(chunk) : [];
}

export function flush(tx: Tx, { tripId, chunk }: Tail): void {
  if (tripId !== null && chunk) tx.put('chunk', chunkId(tripId, chunk.window), chunk);
}

/** Points that turned up late join their chunks; each window is read and written once. `changed`: one was new. */
export function* insertPoints(
  tx: Tx,
  tail: Tail,
  tripId: string,
  fixes: readonly Fix[],
): Work<{ readonly tail: Tail; readonly changed: boolean }> {
  let kept = tail;
  let changed = false;
  for (const [window, late] of byWindow(fixes)) {
    if (tail.tripId === tripId && tail.chunk?.window === window) {
      kept = { ...kept, chunk: chunkOf([...decodePoints(tail.chunk), ...late]) };
      changed ||= kept.chunk?.points !== tail.chunk.points;
    } else {
      changed = (yield* mergeChunk(tx, tripId, window, late)).changed || changed;
    }
  }
  return { tail: kept, changed };
}

function* mergeChunk(
  tx: Tx,
  tripId: string,
  window: number,
  fixes: readonly Fix[],
): Work<{ readonly gained: number; readonly changed: boolean }> {
  const id = chunkId(tripId, window);
  const stored = yield* tx.get('chunk', id);
  const chunk = chunkOf([...pointsOf(stored), ...fixes]);
  const changed = chunk !== null && chunk.points !== stored?.points;
  if (changed) tx.put('chunk', id, chunk);
  return { gained: (chunk?.count ?? 0) - (stored?.count ?? 0), changed };
}

function byWindow(fixes: readonly Fix[]): Map<number, Fix[]> {
  return Map.groupBy(fixes, (fix) => windowOf(fix.at));
}

const HOUR_MS = 3_600_000;

/** Keeps points no trip owns, for a day and up to a number; when full, the oldest hour is thinned. */
export function* keepIdle(tx: Tx, fixes: readonly Fix[], receivedAt: number): Work<void> {
  const gained = new Map<number, number>();
  for (const [window, points] of byWindow(fixes)) {
    const merged = yield* mergeChunk(tx, IDLE, window, points);
    if (merged.changed) gained.set(window, merged.gained);
  }
  yield* countIdle(tx, gained, receivedAt);
}

/** Notes how many points each window of nobody's gained or lost. */
export function* countIdle(tx: Tx, gained: ReadonlyMap<number, number>, receivedAt: number): Work<void> {
  if (gained.size === 0) return;
  const idle = (yield* tx.get('idle', 'idle_points')) ?? NO_IDLE_POINTS;
  const hours = new Map(idle.hours.map((one) => [one.hour, one]));
  for (const [window, count] of gained) {
    const hour = hourOf(window);
    const known = hours.get(hour);
    const points = Math.max(0, (known?.points ?? 0) + count);
    hours.set(hour, { hour, points, receivedAt: count < 0 && known ? known.receivedAt : receivedAt });
  }
  yield* trimIdle(tx, [...hours.values()], receivedAt, [...gained.keys()]);
}

function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

type IdleHour = IdlePoints['hours'][number];

/** Forgets what is older than a day and thins what is too much. `written`: windows this transaction wrote before. */
export function* trimIdle(
  tx: Tx,
  hours: readonly IdleHour[],
  now: number,
  written: readonly number[] = [],
): Work<void> {
  let kept = hours.toSorted((a, b) => a.hour - b.hour);
  let total = sumOf(kept);
  do {
    const left: IdleHour[] = [];
    for (const one of kept) {
      const isOld = now - one.receivedAt > LIMITS.idleKeptMs;
      const isThinned = isOld || total > LIMITS.idleMostPoints;
      const points = isThinned ? yield* thinHour(tx, one.hour, isOld, written) : one.points;
      total -= one.points - points;
      if (points > 0) left.push({ ...one, points });
    }
    kept = left;
  } while (total > LIMITS.idleMostPoints);
  const idle = (yield* tx.get('idle', 'idle_points')) ?? NO_IDLE_POINTS;
  saveIdle(tx, { ...idle, hours: kept });
}

export const NO_IDLE_POINTS: IdlePoints = { hours: [], deletedSince: null, dueAt: null };

export function saveIdle(tx: Tx, { hours, deletedSince, thinned }: Omit<IdlePoints, 'dueAt'>): void {
  if (hours.length === 0 && deletedSince === null && thinned === undefined) return tx.remove('idle', 'idle_points');
  const dues = hours.map(({ receivedAt }) => receivedAt + LIMITS.idleKeptMs + 1);
  if (deletedSince !== null) dues.push(deletedSince + UNDO_MS + 1);
  const dueAt = dues.length === 0 ? null : Math.min(...dues);
  tx.put('idle', 'idle_points', { hours, deletedSince, ...(thinned && { thinned }), dueAt });
}

function sumOf(hours: readonly IdleHour[]): number {
  return hours.reduce((sum, { points }) => sum + points, 0);
}

/** Drops an hour's points, or every second of them. Answers how many are left. A list does not see what was just written. */
function* thinHour(tx: Tx, hour: number, all: boolean, written: readonly number[]): Work<number> {
  const listed = (yield* chunksOf(tx, IDLE, hour, hour + HOUR_MS - 1)).map(({ window }) => window);
  const windows = [...new Set([...listed, ...written.filter((window) => hourOf(window) === hour)])];
  const ids = windows.map((window) => chunkId(IDLE, window));
  const chunks = yield* tx.getMany(ids.map((id) => ({ kind: 'chunk' as const, id })));
  let left = 0;
  let nth = 0;
  for (const [i, id] of ids.entries()) {
    const points = pointsOf(chunks[i] ?? null);
    const thinned = all ? null : chunkOf(points.filter(() => nth++ % 2 === 0));
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
