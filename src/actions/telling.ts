/** How the feed tells of an act that changes many documents: one entry, with further parts beside it as it grows. */

import { activityOf, partId, type Actor, type Cause, type Written } from '../domain/activity.ts';
import type { Tx, Work } from '../seams/store.ts';

/** What one document of the feed takes of trips, in characters. */
export const PORTION_LENGTH = 300_000;

/** By whom, when and why. */
export interface Told {
  readonly cause: Cause;
  readonly by: Actor;
  readonly now: number;
}

/** Adds what was written to the entry, which begins with the first of it. */
export function* tell(tx: Tx, told: Told, entryId: string, written: readonly Written[]): Work<void> {
  for (const portion of portionsOf(written)) yield* tellPortion(tx, told, entryId, portion);
}

/** As many together as one document of the feed takes. */
function portionsOf(written: readonly Written[]): Written[][] {
  const portions: Written[][] = [];
  let portion: Written[] = [];
  let length = 0;
  for (const one of written) {
    if (portion.length === 0 || length > PORTION_LENGTH) {
      portion = [];
      length = 0;
      portions.push(portion);
    }
    portion.push(one);
    length += JSON.stringify(one).length;
  }
  return portions;
}

/** The first portion is told in the feed itself, what follows beside it. */
function* tellPortion(tx: Tx, { by, now, cause }: Told, entryId: string, written: readonly Written[]): Work<void> {
  const [first, ...also] = written;
  if (first === undefined) return;
  const head = yield* tx.get('activity', entryId);
  if (head === null) {
    tx.put('activity', entryId, { ...activityOf({ id: entryId, at: now, by }, first), also, cause });
    return;
  }
  const id = partId(entryId, head.parts.length);
  tx.put('part', id, { id, written });
  tx.put('activity', entryId, { ...head, parts: [...head.parts, written.length] });
}
