/**
 * Tracks older than their user wants to keep them whole lose the points that are near the line without them; trips stay
 * as they are. Only what no event can reach any more: whatever is folded again begins later. A bounded part of the work
 * at a time, which goes on where it stopped; to do a part twice changes nothing.
 */

import type { Thinned } from '../domain/machine/state.ts';
import { chunkOf, decodePoints, type Chunk } from '../domain/points.ts';
import { LIMITS } from '../domain/settings.ts';
import { simplified } from '../domain/simplify.ts';
import { WINDOW_MS, windowOf } from '../domain/track.ts';
import { trackIds, type Trip } from '../domain/trips.ts';
import { isHeld } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { chunkId, NO_IDLE_POINTS, saveIdle } from './points.ts';

const TOLERANCE_METRES = 50;
const PORTIONS_AT_ONCE = 20;
const TRIPS_AT_ONCE = 50;
const CHUNKS_AT_ONCE = 100;
const DAY_MS = 24 * 3_600_000;
const BEGINNING: Thinned = { startedAt: 0, tripId: '', window: 0 };

/** Once a day. */
export async function thinTracks(user: UserStore, now: number): Promise<void> {
  const owner = await user.get('user', '');
  if (owner === null || isHeld(owner, now) || owner.settings.trackRetentionDays === null) return;
  for (let portion = 0; portion < PORTIONS_AT_ONCE; portion += 1) {
    if (!(await user.transact((tx) => thinPortion(tx, now)))) return;
  }
}

/** Old trips came into the book: it goes on from there. */
export function* thinAgainFrom(tx: Tx, startedAt: number): Work<void> {
  const idle = yield* tx.get('idle', 'idle_points');
  if (!idle?.thinned || idle.thinned.startedAt < startedAt) return;
  saveIdle(tx, { ...idle, thinned: { ...BEGINNING, startedAt } });
}

/** Whether there may be more. */
function* thinPortion(tx: Tx, now: number): Work<boolean> {
  const until = yield* lastOldInstant(tx, now);
  const idle = (yield* tx.get('idle', 'idle_points')) ?? NO_IDLE_POINTS;
  const begun = idle.thinned ?? BEGINNING;
  if (until === null || until < begun.startedAt) return false;
  const bounds = { from: begun.startedAt, to: until };
  const rows = yield* tx.list('trip', { order: 'asc', limit: TRIPS_AT_ONCE, ...bounds });
  const trips = rows.map(({ doc }) => doc).filter((trip) => !isBefore(trip, begun));
  const thinning: Thinning = { tx, written: new Map(), left: CHUNKS_AT_ONCE };
  let reached = begun;
  for (const trip of trips) {
    if (trip.endedAt > until) return keep(tx, { ...BEGINNING, ...placeOf(trip) }, idle, false);
    const from = trip.id === begun.tripId ? begun.window : 0;
    const { window, isDone } = yield* thinTrip(thinning, trip, from);
    reached = { ...placeOf(trip), window };
    if (!isDone || thinning.left <= 0) return keep(tx, reached, idle, true);
  }
  return keep(tx, reached, idle, rows.length === TRIPS_AT_ONCE);
}

function keep<T>(tx: Tx, thinned: Thinned, idle: Parameters<typeof saveIdle>[1], answer: T): T {
  if (JSON.stringify(thinned) !== JSON.stringify(idle.thinned)) saveIdle(tx, { ...idle, thinned });
  return answer;
}

function placeOf({ startedAt, id }: Trip): Pick<Thinned, 'startedAt' | 'tripId'> {
  return { startedAt, tripId: id };
}

function isBefore({ startedAt, id }: Trip, begun: Thinned): boolean {
  return startedAt === begun.startedAt && id < begun.tripId;
}

/** Up to when trips must have ended; `null`: they are kept whole. What is folded again begins after what was cleared away. */
function* lastOldInstant(tx: Tx, now: number): Work<number | null> {
  const days = (yield* tx.get('user', ''))?.settings.trackRetentionDays ?? null;
  const [active, memory] = [yield* tx.get('active', 'trip_start'), yield* tx.get('memory', 'memory')];
  if (days === null) return null;
  const old = now - Math.max(days * DAY_MS, LIMITS.journalMs);
  return Math.min(old, memory?.clearedTo ?? old, (active?.now.trip.startedAt ?? now) - 1);
}

interface Thinning {
  readonly tx: Tx;
  /** Chunks as this work left them: a list does not see what was just written. */
  readonly written: Map<string, Chunk>;
  /** How many more may be looked at. */
  left: number;
}

interface Stored {
  readonly id: string;
  readonly chunk: Chunk;
}

/** Answers the first window that is not done; `isDone`: it lies behind the trip. */
function* thinTrip(thinning: Thinning, trip: Trip, from: number): Work<{ window: number; isDone: boolean }> {
  const ids = trackIds(trip);
  const atOnce = Math.max(1, Math.ceil(thinning.left / ids.length));
  const found: Stored[] = [];
  let until = windowOf(trip.endedAt);
  for (const id of ids) {
    const bounds = { from: chunkId(id, Math.max(from, windowOf(trip.startedAt))), to: chunkId(id, trip.endedAt) };
    const rows = yield* thinning.tx.list('chunk', { order: 'asc', limit: atOnce, trip: id, ...bounds });
    found.push(...rows.map((row) => ({ id: row.id, chunk: thinning.written.get(row.id) ?? row.doc })));
    if (rows.length === atOnce) until = Math.min(until, rows.at(-1)?.doc.window ?? until);
  }
  const due = found.filter(({ chunk }) => chunk.window <= until);
  for (const stored of due) thinChunk(thinning, trip, stored);
  thinning.left -= Math.max(1, due.length);
  return { window: until + WINDOW_MS, isDone: until >= windowOf(trip.endedAt) };
}

/** Of a chunk another trip reads as well, only what lies in this one's span. */
function thinChunk({ tx, written }: Thinning, { startedAt, endedAt }: Trip, { id, chunk }: Stored): void {
  const fixes = decodePoints(chunk);
  const inside = fixes.filter(({ at }) => startedAt <= at && at <= endedAt);
  const stays = new Set(simplified(inside, TOLERANCE_METRES));
  const thinner = chunkOf(fixes.filter((fix) => stays.has(fix) || fix.at < startedAt || fix.at > endedAt));
  if (thinner === null || thinner.points === chunk.points) return;
  tx.put('chunk', id, thinner);
  written.set(id, thinner);
}
