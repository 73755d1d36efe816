/**
 * The track of a finished or open trip, read chunk by chunk: what is in hand never grows with the trip. Points are never
 * copied: a trip that was split off or merged reads those under the ids it names, as far as its span goes.
 */

import type { Fix } from '../domain/events.ts';
import { decodePoints, distinct, type Chunk } from '../domain/points.ts';
import { Problem } from '../domain/problem.ts';
import { simplified } from '../domain/simplify.ts';
import { windowOf } from '../domain/track.ts';
import { trackIds, type Trip } from '../domain/trips.ts';
import type { Row, UserStore } from '../seams/store.ts';
import { rowsOf } from './pages.ts';
import { activeTrip } from './active-trip.ts';
import { chunkId } from './points.ts';

/** Of all the ids a trip's points lie under together. */
const CHUNKS_AT_ONCE = 50;

export interface Track {
  readonly tripId: string;
  readonly startedAt: number;
  /** Some fixes at a time, oldest first. */
  readonly fixes: AsyncIterable<readonly Fix[]>;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Throws `not_found` for a trip the user does not have. */
export async function trackOf(user: UserStore, id: string): Promise<Track> {
  const trip = await user.get('trip', id);
  if (trip) return { tripId: id, startedAt: trip.startedAt, fixes: fixesOfTrip(user, trip) };
  const active = await activeTrip(user);
  if (active?.trip.now.trip.id !== id) throw new Problem('not_found', 'There is no such trip.');
  const { startedAt } = active.trip.now.trip;
  const span = { from: startedAt, to: Infinity };
  return { tripId: id, startedAt, fixes: fixesOf(user, id, active.trip.tail, span) };
}

/** The fixes of a finished trip, some at a time, each instant once. */
export async function* fixesOfTrip(user: UserStore, trip: Trip): AsyncGenerator<readonly Fix[]> {
  const span = { from: trip.startedAt, to: trip.endedAt };
  const ids = trackIds(trip);
  const atOnce = Math.max(1, Math.floor(CHUNKS_AT_ONCE / ids.length));
  for await (const chunks of byWindow(ids.map((id) => chunksWithin(user, id, span, atOnce)))) {
    const fixes = chunks.flatMap((chunk) => within(chunk, span));
    yield chunks.length === 1 ? fixes : distinct(fixes);
  }
}

function chunksWithin(user: UserStore, id: string, { from, to }: Span, atOnce: number): AsyncGenerator<Row<'chunk'>> {
  const bounds = { from: chunkId(id, Math.max(0, windowOf(from))), to: chunkId(id, Math.max(0, to)) };
  return rowsOf(user, 'chunk', { order: 'asc', trip: id, ...bounds }, null, atOnce);
}

/** Several tracks as one, window by window. */
async function* byWindow(tracks: readonly AsyncGenerator<Row<'chunk'>>[]): AsyncGenerator<readonly Chunk[]> {
  const heads = await Promise.all(tracks.map(nextOf));
  for (;;) {
    const window = Math.min(...heads.map((chunk) => chunk?.window ?? Infinity));
    if (window === Infinity) return;
    yield heads.filter((chunk) => chunk?.window === window).filter((chunk) => chunk !== null);
    for (const [i, track] of tracks.entries()) if (heads[i]?.window === window) heads[i] = await nextOf(track);
  }
}

async function nextOf(track: AsyncGenerator<Row<'chunk'>>): Promise<Chunk | null> {
  const { done, value } = await track.next();
  return done === true ? null : value.doc;
}

/** The open trip's last chunk may lie with the trip alone; where it is stored as well, the trip's is newer. */
async function* fixesOf(user: UserStore, id: string, tail: Chunk | null, span: Span): AsyncGenerator<readonly Fix[]> {
  for await (const { doc } of rowsOf(user, 'chunk', { order: 'asc', trip: id }, null, CHUNKS_AT_ONCE)) {
    if (doc.window !== tail?.window) yield within(doc, span);
  }
  if (tail) yield within(tail, span);
}

function within(chunk: Chunk, { from, to }: Span): Fix[] {
  return decodePoints(chunk).filter(({ at }) => from <= at && at <= to);
}

/** More points than this are not simplified together; where one lot meets the next, its border stays. */
export const MOST_AT_ONCE = 2_000;

/** With fewer points: none of those left out lies farther from the line than so many metres. */
export function simplifiedTrack(track: Track, toleranceMetres: number): Track {
  return { ...track, fixes: simplifiedAsRead(track.fixes, toleranceMetres) };
}

async function* simplifiedAsRead(lots: Track['fixes'], toleranceMetres: number): AsyncGenerator<readonly Fix[]> {
  let waiting: Fix[] = [];
  let isFirst = true;
  for await (const some of lots) {
    waiting.push(...some);
    while (waiting.length > MOST_AT_ONCE) {
      const lot = simplified(waiting.slice(0, MOST_AT_ONCE), toleranceMetres);
      yield isFirst ? lot : lot.slice(1);
      isFirst = false;
      waiting = waiting.slice(MOST_AT_ONCE - 1);
    }
  }
  const rest = simplified(waiting, toleranceMetres);
  yield isFirst ? rest : rest.slice(1);
}
