/** Tracks of deleted trips: kept for as long as the deletion can be undone, then cleared away, a bounded part at a time. */

import type { Activity } from '../domain/activity.ts';
import { UNDO_MS } from '../domain/undo.ts';
import type { Tx, Work } from '../seams/store.ts';
import { rowsWithin } from './pages.ts';
import { NO_IDLE_POINTS, saveIdle } from './points.ts';

const ENTRIES_AT_ONCE = 100;
const CHUNKS_AT_ONCE = 200;

/** Whoever asks for the track of a deleted trip finds none; it is cleared away when the deletion is final. */
export function* keepTrack(tx: Tx, now: number): Work<void> {
  const { hours, deletedSince } = (yield* tx.get('idle', 'idle_points')) ?? NO_IDLE_POINTS;
  if (deletedSince === null) saveIdle(tx, hours, now);
}

/** Goes on from the oldest deletion that is left; what does not fit into one round is due again at once. */
export function* clearDeletedTracks(tx: Tx, now: number): Work<void> {
  const { hours, deletedSince } = (yield* tx.get('idle', 'idle_points')) ?? NO_IDLE_POINTS;
  if (deletedSince === null || now - deletedSince <= UNDO_MS) return;
  const feed = yield* tx.list('activity', { order: 'asc', from: deletedSince, limit: ENTRIES_AT_ONCE });
  const deletions = feed.map(({ doc }) => doc).filter(isDeletedTrip);
  const isFinal = ({ at }: Activity) => now - at > UNDO_MS;
  const again = deletions.some(isFinal) ? yield* deletedLately(tx, now) : new Set<string>();
  let left = CHUNKS_AT_ONCE;
  for (const deletion of deletions) {
    if (isFinal(deletion) && !again.has(deletion.nounId)) left -= yield* clearTrack(tx, deletion.nounId, left);
    if (left <= 0 || !isFinal(deletion)) return saveIdle(tx, hours, deletion.at);
  }
  const last = feed.at(-1)?.doc.at;
  const isAll = feed.length < ENTRIES_AT_ONCE || last === undefined;
  saveIdle(tx, hours, isAll ? null : Math.max(last, deletedSince + 1));
}

/** Trips whose deletion can still be undone, whenever they were deleted before. */
function* deletedLately(tx: Tx, now: number): Work<ReadonlySet<string>> {
  const lately = yield* rowsWithin(tx, 'activity', { order: 'asc', from: now - UNDO_MS });
  return new Set(lately.filter(({ doc }) => isDeletedTrip(doc)).map(({ doc }) => doc.nounId));
}

/** Also one that was none of the user's drives. */
function isDeletedTrip({ noun, after, before, by, undoneBy }: Activity): boolean {
  return noun === 'trip' && after === null && before !== null && by.kind !== 'rules' && undoneBy === null;
}

/** Answers how many chunks went. One that came back has its track again. */
function* clearTrack(tx: Tx, tripId: string, most: number): Work<number> {
  if ((yield* tx.get('trip', tripId)) !== null) return 0;
  const rows = yield* tx.list('chunk', { order: 'asc', trip: tripId, limit: most });
  for (const { id } of rows) tx.remove('chunk', id);
  return rows.length;
}
