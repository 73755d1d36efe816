/** The track of a finished or open trip, read chunk by chunk: what is in hand never grows with the trip. */

import type { Fix } from '../domain/events.ts';
import { decodePoints, type Chunk } from '../domain/points.ts';
import { Problem } from '../domain/problem.ts';
import type { UserStore } from '../seams/store.ts';
import { rowsOf } from './pages.ts';
import { activeTrip } from './active-trip.ts';

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
  if (trip) {
    const span = { from: trip.startedAt, to: trip.endedAt };
    return { tripId: id, startedAt: trip.startedAt, fixes: fixesOf(user, id, null, span) };
  }
  const active = await activeTrip(user);
  if (active?.trip.now.trip.id !== id) throw new Problem('not_found', 'There is no such trip.');
  const { startedAt } = active.trip.now.trip;
  const span = { from: startedAt, to: Infinity };
  return { tripId: id, startedAt, fixes: fixesOf(user, id, active.trip.tail, span) };
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
