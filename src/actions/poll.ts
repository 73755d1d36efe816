/** One round of the clock: everything that is due, whoever asks for it. */

import { hash } from 'node:crypto';
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

/** Which part of the drivers a round serves: `shard` of `shards`, counted from 0. */
export interface Share {
  readonly shard: number;
  readonly shards: number;
}

const EVERYBODY: Share = { shard: 0, shards: 1 };

export async function pollAll(deps: Deps, share: Share = EVERYBODY): Promise<Round> {
  const work = await runDue(deps, deps.clock.now() + ROUND_MS, (email) => isIn(share, email));
  return { ...work, polled: 0 };
}

/** The same driver is in the same shard for ever. */
function isIn({ shard, shards }: Share, email: string): boolean {
  return shards === 1 || hash('sha256', email, 'buffer').readUInt32BE(0) % shards === shard;
}
