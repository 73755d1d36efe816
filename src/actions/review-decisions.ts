/** A decision of somebody's about one entry of the review list, and the entry of the feed that tells of it. */

import { activityOf, type Activity, type Actor, type Written } from '../domain/activity.ts';
import type { ReviewAction } from '../domain/reviews.ts';
import type { TripEdit } from '../domain/trip-edits.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';

/** What somebody decides, with what that decision needs to know. */
export type Decision =
  | { readonly action: Exclude<ReviewAction, 'make_trip' | 'rental'> }
  | { readonly action: 'rental'; readonly carId: string }
  | { readonly action: 'make_trip'; readonly edit: TripEdit };

/** One decision under way. */
export interface Deciding {
  readonly deps: UserDeps;
  readonly tx: Tx;
  readonly owner: User;
  readonly by: Actor;
  readonly now: number;
}

export interface Decided {
  readonly activityId: string;
  /** The trip it was about, or that was made, as it is now. */
  readonly trip: Trip | null;
}

/** The entry of the feed to undo it by. Answers its id. */
export function noteDecision(
  { deps, tx, by, now }: Deciding,
  written: Written,
  more: Partial<Pick<Activity, 'kind' | 'also' | 'discard'>> = {},
): string {
  const id = deps.ids.next('act');
  tx.put('activity', id, { ...activityOf({ id, at: now, by }, written), cause: 'review', ...more });
  return id;
}
