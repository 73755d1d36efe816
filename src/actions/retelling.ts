/** An event of the journal told otherwise than before: what came after it is folded again, as if it had come like this. */

import type { JournalEntry } from '../domain/machine/state.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { contextOf, load } from './machine-docs.ts';
import { revise } from './refold.ts';

/** `false`: the journal does not reach back so far, and nothing was written. */
export function* retell(
  deps: Pick<UserDeps, 'ids' | 'services'>,
  tx: Tx,
  entry: JournalEntry,
  now: number,
): Work<boolean> {
  const user = yield* tx.get('user', '');
  if (user === null) return false;
  const { id, at } = entry.event;
  const revision = { since: at - 1, without: [id], back: [entry], tripId: null };
  return (yield* revise(deps, tx, yield* load(tx), revision, contextOf(user), now)) !== null;
}
