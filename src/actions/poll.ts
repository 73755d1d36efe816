/** One round of the clock: everything that is due, whoever asks for it. */

import type { Deps } from './deps.ts';
import { runDue } from './due.ts';

/** A round ends before the next begins, and well before a scheduler gives up on it. */
const ROUND_MS = 50_000;

export interface Round {
  readonly due: number;
  /** Cars asked. */
  readonly polled: number;
  readonly finished: number;
  readonly failed: number;
  readonly remaining: number;
}

export const NO_ROUND: Round = { due: 0, polled: 0, finished: 0, failed: 0, remaining: 0 };

export async function pollAll(deps: Deps): Promise<Round> {
  const work = await runDue(deps, deps.clock.now() + ROUND_MS);
  return { ...work, polled: 0 };
}
