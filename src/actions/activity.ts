/** The feed: reading it, and noting what a caller changed in the transaction that changes it. */

import { activityOf, type Activity, type Actor, type Noun, type Written } from '../domain/activity.ts';
import type { Tx, UserStore } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import { pageOf, type Page, type PageQuery } from './pages.ts';

/** Who changes something, and when: one of it per request. */
export interface Change {
  readonly by: Actor;
  readonly now: number;
}

export function noteChange(
  tx: Tx,
  deps: Pick<Deps, 'ids'>,
  { by, now }: Change,
  noun: Noun,
  nounId: string,
  before: object | null,
  after: object | null,
  also: readonly Written[] = [],
): void {
  const made = { id: deps.ids.next('act'), at: now, by };
  const entry = { ...activityOf(made, { noun, nounId, before, after }), also };
  tx.put('activity', entry.id, entry);
}

/** Newest first. */
export function listActivity(user: UserStore, query: PageQuery): Promise<Page<Activity>> {
  return pageOf(user, 'activity', { order: 'desc' }, query);
}
