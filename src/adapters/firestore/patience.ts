/** Waiting for others that write the same documents, and for a server that is away for a moment. */

import { setTimeout as pause } from 'node:timers/promises';
import { outOfPatience, PATIENCE_MS } from '../../seams/contention.ts';
import { DEADLINE_EXCEEDED, Failure, failureOf } from './failures.ts';

const FIRST_PAUSE_MS = 30;
const LONGEST_PAUSE_MS = 1_000;

/** A random wait that grows, so that two who collided do not collide again. */
export function pauseMs(failures: number): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
  return longest * (0.3 + 0.7 * Math.random());
}

/** Runs an attempt, again and again while its failure is one that passes. */
export async function patiently<T>(attempt: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const waitMs = pauseMs(failures);
      if (!error.isTransient) throw error.told();
      if (performance.now() + waitMs > giveUpAt) throw error.isContention ? outOfPatience() : error.told();
      await pause(waitMs);
    }
  }
}

/** Asks the server; whatever goes wrong, an answer that takes too long included, becomes a `Failure`. */
export async function asked<T>(ask: () => Promise<T>, limitMs: number): Promise<T> {
  try {
    return await within(ask(), limitMs);
  } catch (error) {
    throw failureOf(error);
  }
}

/** What is given up on goes on by itself; what becomes of it is nobody's business any more. */
export async function within<T>(answer: Promise<T>, limitMs: number): Promise<T> {
  const over = new AbortController();
  const tooLate = pause(limitMs, undefined, { signal: over.signal }).then(
    () => Promise.reject(new Failure(DEADLINE_EXCEEDED, '')),
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    over.abort();
  }
}
