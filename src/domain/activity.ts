/** The feed: what happened in a logbook, in the order it happened, and by whom. */

import type { Trip } from './trips.ts';

export type DiscardReason = 'false_start' | 'no_movement' | 'passing_car' | 'cancelled' | 'ignored_car';

/** A drive that is not in the logbook, with a reason its driver accepts. */
export interface Discard {
  readonly tripId: string;
  readonly reason: DiscardReason;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly carId: string | null;
}

/** Who did it: the trip rules themselves, or the credential that asked. */
export type Actor =
  | { readonly kind: 'rules' }
  | { readonly kind: 'token'; readonly tokenId: string; readonly label: string }
  | { readonly kind: 'open' };

export interface Activity {
  readonly id: string;
  readonly at: number;
  readonly kind: 'created' | 'changed' | 'deleted' | 'discarded';
  readonly noun: 'trip' | 'location' | 'car' | 'odometer_reading' | 'settings' | 'token';
  readonly nounId: string;
  readonly by: Actor;
  /** The document before and after, in storage form; `null` where there was or is none. */
  readonly before: object | null;
  readonly after: object | null;
  readonly discard: Discard | null;
}

export const BY_RULES: Actor = { kind: 'rules' };

export type Noun = Activity['noun'];

/** The entry for a document that was made, changed or taken out. */
export function activityOf(
  made: Pick<Activity, 'id' | 'at' | 'by'>,
  noun: Noun,
  nounId: string,
  before: object | null,
  after: object | null,
): Activity {
  const kind = before === null ? 'created' : after === null ? 'deleted' : 'changed';
  return { ...made, kind, noun, nounId, before, after, discard: null };
}

export function tripActivity(id: string, at: number, by: Actor, before: Trip | null, after: Trip | null): Activity {
  return activityOf({ id, at, by }, 'trip', (after ?? before)?.id ?? '', before, after);
}
