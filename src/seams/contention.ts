/** How long a store may be in its own way, and what it says when that is not over. */

import { Problem } from '../domain/problem.ts';

/** How long contention may last (`contract` §2). */
export const PATIENCE_MS = 8_000;

export function outOfPatience(): Problem {
  return new Problem('busy_try_again', 'The logbook is busy. Please try again.');
}
