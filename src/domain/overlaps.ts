/** Trips in each other's time. One car drives one trip at a time; trips that touch are apart. */

import type { Trip } from './trips.ts';

/** When something was driven, and with what. An open drive ends when nobody knows. */
export type Span = Pick<Trip, 'id' | 'carId' | 'startedAt' | 'endedAt'>;

/** What becomes of a trip; `null` where there was or is none. */
export interface Moved {
  readonly before: Span | null;
  readonly after: Span | null;
}

/** What two trips are compared by, and nothing else of them. */
export function spanOf({ id, carId, startedAt, endedAt }: Span): Span {
  return { id, carId, startedAt, endedAt };
}

/** No drive lasts longer. */
export const LONGEST_MS = 7 * 24 * 3_600_000;

export function areAtOnce(a: Span, b: Span): boolean {
  return a.startedAt < b.endedAt && b.startedAt < a.endedAt;
}

/** One car would drive both at once. Of a trip without a car nobody knows. */
export function areImpossible(a: Span | null, b: Span | null): boolean {
  return a !== null && b !== null && a.carId !== null && a.carId === b.carId && areAtOnce(a, b);
}

/** Two trips that stand in each other's way already may be moved, one step at a time. */
export function areNewlyImpossible(one: Moved, other: Moved): boolean {
  return areImpossible(one.after, other.after) && !areImpossible(one.before, other.before);
}

/** Both may tell of the same drive: only two known cars say that they do not. */
export function mayBeOneDrive(a: Span, b: Span): boolean {
  return areAtOnce(a, b) && (a.carId === null || b.carId === null || a.carId === b.carId);
}
