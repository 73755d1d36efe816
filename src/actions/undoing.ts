/** What an undo hands to whoever puts a document back, and what it asks of them. */

import type { Activity, Actor } from '../domain/activity.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';

/** One undo under way. */
export interface Undoing {
  readonly deps: UserDeps;
  readonly tx: Tx;
  readonly email: string;
  readonly by: Actor;
  /** Why closed months change; `null`: they do not. */
  readonly reason: string | null;
  readonly now: number;
  /** What is taken back. */
  readonly entry: Activity;
  /** What somebody did in the first place: the entry itself or, where that is an undo, what it is about in the end. */
  readonly root: Activity;
  /** Everything of the feed since, oldest first. To be asked only when something seems to stand in the way. */
  later(): Work<readonly Activity[]>;
}

export interface Restoring<D extends object> {
  read(tx: Tx, id: string): Work<D | null>;
  /**
   * Brings it from what it says now to what it said, with all that hangs on it. Answers what is stored then.
   * Throws `conflict` when something else of the user's stands in the way.
   */
  restore(undoing: Undoing, now: D | null, was: D | null): Work<D | null>;
}
