/** The feed: what happened in a logbook, in the order it happened, and by whom. */

import type { Trip } from './trips.ts';

export const DISCARD_REASONS = [
  'false_start',
  'no_movement',
  'passing_car',
  'cancelled',
  'ignored_car',
  'passenger',
  'month_closed',
] as const;
export type DiscardReason = (typeof DISCARD_REASONS)[number];

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
  | { readonly kind: 'session'; readonly sessionId: string }
  /** An ID token of Google's. */
  | { readonly kind: 'identity' }
  | { readonly kind: 'open' };

export const NOUNS = [
  'trip',
  'location',
  'car',
  'odometer_reading',
  'settings',
  'token',
  'rules',
  'rates',
  'event',
  'month',
  'gap',
] as const;
export type Noun = (typeof NOUNS)[number];

/** What one act was, where it is more than one document created, changed or deleted. */
export const CAUSES = [
  'split',
  'merge',
  'bulk',
  'rules',
  'locations',
  'review',
  'import',
  'gap_fill',
  'calibration',
] as const;
export type Cause = (typeof CAUSES)[number];

/** What became of one document. */
export interface Written {
  readonly noun: Noun;
  readonly nounId: string;
  /** The document before and after, in storage form; `null` where there was or is none. */
  readonly before: object | null;
  readonly after: object | null;
}

export interface Activity extends Written {
  readonly id: string;
  readonly at: number;
  readonly kind: 'created' | 'changed' | 'deleted' | 'discarded';
  readonly by: Actor;
  /** Other documents that changed with it, in the same act. */
  readonly also: readonly Written[];
  /** `null`: what was done is what `kind` says. */
  readonly cause: Cause | null;
  /** How many documents each further part of a large act changed; the parts lie beside the feed. */
  readonly parts: readonly number[];
  readonly discard: Discard | null;
  /** What a cancelled drive would have been in the book, for an undo that comes when its events are gone. */
  readonly lost: Trip | null;
  /** The entry this one takes back. */
  readonly undoes: string | null;
  /** The entry that took this one back, as long as that one stands. */
  readonly undoneBy: string | null;
}

/** A further portion of an act that changed more than one document of the feed holds. */
export interface ActivityPart {
  readonly id: string;
  readonly written: readonly Written[];
}

/** `nth` counts from 0. */
export function partId(activityId: string, nth: number): string {
  return `${activityId}_${nth}`;
}

/** How many documents an act changed in all. */
export function countOf({ also, parts }: Pick<Activity, 'also' | 'parts'>): number {
  return 1 + also.length + parts.reduce((sum, count) => sum + count, 0);
}

export const BY_RULES: Actor = { kind: 'rules' };

/** What every entry says that is nothing but a document written. */
export const PLAIN = {
  also: [],
  cause: null,
  parts: [],
  discard: null,
  lost: null,
  undoes: null,
  undoneBy: null,
} as const;

/** The entry for a document that was made, changed or taken out. */
export function activityOf(made: Pick<Activity, 'id' | 'at' | 'by'>, { before, after, ...named }: Written): Activity {
  const kind = before === null ? 'created' : after === null ? 'deleted' : 'changed';
  return { ...made, kind, noun: named.noun, nounId: named.nounId, before, after, ...PLAIN };
}

export function tripActivity(id: string, at: number, by: Actor, before: Trip | null, after: Trip | null): Activity {
  const nounId = (after ?? before)?.id ?? '';
  return activityOf({ id, at, by }, { noun: 'trip', nounId, before, after });
}
