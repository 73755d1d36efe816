/** Waiting for others that write the same documents, and for a server that is away for a moment. */

import { setTimeout as pause } from 'node:timers/promises';
import { outOfPatience, PATIENCE_MS } from '../../seams/contention.ts';
import { Failure } from './failures.ts';

/** About what a transaction takes; it grows until of those who collided one is through before the others come back. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/** A random wait that grows. */
export function pauseMs(failures: number): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
  return longest * (0.1 + 0.9 * Math.random());
}

/** Runs an attempt, again and again while its failure is one that passes. Each is told how much patience is left. */
export async function patiently<T>(
  attempt: (leftMs: number) => Promise<T>,
  giveUpAt = performance.now() + PATIENCE_MS,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt(Math.max(giveUpAt - performance.now(), 0));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const waitMs = pauseMs(failures);
      if (!error.isTransient) throw error.told();
      if (performance.now() + waitMs > giveUpAt) throw error.isContention ? outOfPatience() : error.told();
      await pause(waitMs);
    }
  }
}
