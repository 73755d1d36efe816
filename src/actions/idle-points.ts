/** Nobody's points that become a trip's because somebody says so, and nobody's again when that is taken back. */

import { chunkOf, decodePoints } from '../domain/points.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';
import { chunkId, chunksOf, countIdle, IDLE, keepIdle } from './points.ts';

/** Those of its span. */
export function* takeIdlePoints(tx: Tx, { id, startedAt, endedAt }: Trip, now: number): Work<void> {
  const gained = new Map<number, number>();
  for (const { window, ...chunk } of yield* chunksOf(tx, IDLE, startedAt, endedAt)) {
    const fixes = decodePoints({ window, ...chunk });
    const { own = [], others = [] } = Object.groupBy(fixes, ({ at }) =>
      at >= startedAt && at <= endedAt ? 'own' : 'others',
    );
    const taken = chunkOf(own);
    if (taken === null) continue;
    const left = chunkOf(others);
    tx.put('chunk', chunkId(id, window), taken);
    if (left) tx.put('chunk', chunkId(IDLE, window), left);
    else tx.remove('chunk', chunkId(IDLE, window));
    gained.set(window, -taken.count);
  }
  yield* countIdle(tx, gained, now);
}

export function* giveIdlePoints(tx: Tx, { id }: Trip, now: number): Work<void> {
  const chunks = yield* chunksOf(tx, id, 0, Number.MAX_SAFE_INTEGER);
  for (const { window } of chunks) tx.remove('chunk', chunkId(id, window));
  yield* keepIdle(tx, chunks.flatMap(decodePoints), now);
}
