/**
 * Tracks nothing refers to any more: kept for as long as that can be undone, then cleared away, a bounded part at a time.
 * A track may be another trip's as well, of which its own was a part; it goes with the last that reads it.
 */

import { type Activity, type Written } from '../domain/activity.ts';
import { trackIds, type Trip } from '../domain/trips.ts';
import { UNDO_MS } from '../domain/undo.ts';
import type { Tx, Work } from '../seams/store.ts';
import { rowsWithin } from './pages.ts';
import { NO_IDLE_POINTS, saveIdle } from './points.ts';

const ENTRIES_AT_ONCE = 100;
const CHUNKS_AT_ONCE = 200;
const DAY_MS = 24 * 3_600_000;
/** However somebody moved a trip's start, points it reads lie no later behind it. */
const REACH_MS = 31 * DAY_MS;

/** Whoever asks for the track of a deleted trip finds none; it is cleared away when the deletion is final. */
export function* keepTrack(tx: Tx, now: number): Work<void> {
  const idle = (yield* tx.get('idle', 'idle_points')) ?? NO_IDLE_POINTS;
  if (idle.deletedSince === null) saveIdle(tx, { ...idle, deletedSince: now });
}

/** Goes on from the oldest deletion that is left; what does not fit into one round is due again at once. */
export function* clearDeletedTracks(tx: Tx, now: number): Work<void> {
  const idle = (yield* tx.get('idle', 'idle_points')) ?? NO_IDLE_POINTS;
  const { deletedSince } = idle;
  if (deletedSince === null || now - deletedSince <= UNDO_MS) return;
  const feed = yield* tx.list('activity', { order: 'asc', from: deletedSince, limit: ENTRIES_AT_ONCE });
  const deletions = feed.map(({ doc }) => ({ at: doc.at, ids: droppedBy(doc) })).filter(({ ids }) => ids.length > 0);
  const isFinal = ({ at }: { readonly at: number }) => now - at > UNDO_MS;
  const again = deletions.some(isFinal) ? yield* droppedLately(tx, now) : new Set<string>();
  let left = CHUNKS_AT_ONCE;
  for (const deletion of deletions) {
    const ids = isFinal(deletion) ? deletion.ids.filter((id) => !again.has(id)) : [];
    for (const id of ids) if (left > 0) left -= yield* clearTrack(tx, id, left);
    if (left <= 0 || !isFinal(deletion)) return saveIdle(tx, { ...idle, deletedSince: deletion.at });
  }
  const last = feed.at(-1)?.doc.at;
  const isAll = feed.length < ENTRIES_AT_ONCE || last === undefined;
  saveIdle(tx, { ...idle, deletedSince: isAll ? null : Math.max(last, deletedSince + 1) });
}

/** Tracks of which the last trip may have gone too lately, whenever one went before. */
function* droppedLately(tx: Tx, now: number): Work<ReadonlySet<string>> {
  const lately = yield* rowsWithin(tx, 'activity', { order: 'asc', from: now - UNDO_MS });
  return new Set(lately.flatMap(({ doc }) => droppedBy(doc)));
}

/** Whose points trips read before an act and not after it. What lies beside the feed of a large act takes out no trip. */
function droppedBy(entry: Activity): readonly string[] {
  if (entry.by.kind === 'rules' || entry.undoneBy !== null) return [];
  return [entry, ...entry.also].flatMap(droppedFrom);
}

function droppedFrom({ noun, before, after }: Written): readonly string[] {
  if (noun !== 'trip' || before === null) return [];
  const still = after === null ? [] : trackIds(after as Trip);
  return trackIds(before as Trip).filter((id) => !still.includes(id));
}

/** Answers how many chunks went. One that a trip reads, or reads again, stays. */
function* clearTrack(tx: Tx, trackId: string, most: number): Work<number> {
  const rows = yield* tx.list('chunk', { order: 'asc', trip: trackId, limit: most });
  if (rows.length === 0 || (yield* isRead(tx, trackId, rows[0]?.doc.firstAt ?? 0))) return 0;
  for (const { id } of rows) tx.remove('chunk', id);
  return rows.length;
}

function* isRead(tx: Tx, trackId: string, firstAt: number): Work<boolean> {
  const own = yield* tx.get('trip', trackId);
  if (own !== null) return true;
  const last = yield* tx.list('chunk', { order: 'desc', trip: trackId, limit: 1 });
  const bounds = { from: firstAt - REACH_MS, to: last[0]?.doc.lastAt ?? firstAt };
  const trips = yield* rowsWithin(tx, 'trip', { order: 'asc', ...bounds });
  return trips.some(({ doc }) => trackIds(doc).includes(trackId));
}
