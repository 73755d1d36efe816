/** A round of the clock over a thousand cars that take their time, beside what the cars alone would take. */

import { join } from 'node:path';
import { pollAll, USERS_AT_ONCE } from '../../src/actions/poll.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Store } from '../../src/seams/store.ts';
import { chanceOf } from '../demo/chance.ts';
import { driveOff } from './garage.ts';
import { line, seconds } from './lines.ts';
import { depsOn } from './seeds.ts';

const CARS = 1_000;
const FASTEST_MS = 300;
const SLOWEST_MS = 20_000;
/** Slower ones would be given up on: that is the simulator's time limit, and its timer begins first. */
const STILL_IN_TIME_MS = 19_500;

export async function poll(folder: string): Promise<void> {
  const store = openSqliteStore({ path: join(folder, 'polls.db') });
  try {
    await measure(store);
  } finally {
    await store.close();
  }
}

async function measure(store: Store): Promise<void> {
  const deps = depsOn(store);
  const answerMs = answerTimes();
  await Promise.all([...answerMs].map(([email, afterMs]) => driveOff(deps, email, afterMs)));
  const inTurn = (await store.due(deps.clock.now(), CARS)).map(({ email }) => answerMs.get(email) ?? 0);
  line(`\nOne round over ${CARS} active trips of as many users, ${USERS_AT_ONCE} at once, their cars answering after`);
  line(`${seconds(Math.min(...inTurn))} to ${seconds(Math.max(...inTurn))} (SQLite)`);
  const began = performance.now();
  const { polled, remaining, failed } = await pollAll(deps);
  const tookMs = performance.now() - began;
  const asked = inTurn.slice(0, polled);
  line(`  polled ${polled}, remaining ${remaining} when the round's time was over, failed ${failed}`);
  line(`  took ${seconds(tookMs)}`);
  for (const [than, ms] of [
    ['the ideal, no place ever empty', packedMs(asked)],
    ['the same cars in the same order, were nothing to do but wait', inOrderMs(asked)],
  ] as const) {
    line(`    ${(tookMs / ms).toFixed(2)} × ${than} (${seconds(ms)})`);
  }
}

function answerTimes(): Map<string, number> {
  const chance = chanceOf('cars that take their time');
  return new Map(
    Array.from({ length: CARS }, (_, i) => {
      const afterMs = Math.round(chance.between(FASTEST_MS, SLOWEST_MS));
      return [`driver${i}@example.com`, Math.min(afterMs, STILL_IN_TIME_MS)];
    }),
  );
}

/** The waits laid end to end, as many side by side as are asked at once; the longest cannot be cut. */
function packedMs(waitsMs: readonly number[]): number {
  return Math.max(waitsMs.reduce((sum, one) => sum + one, 0) / USERS_AT_ONCE, ...waitsMs);
}

/** Whoever is done first takes the next. */
function inOrderMs(waitsMs: readonly number[]): number {
  const freeAt = Array.from({ length: USERS_AT_ONCE }, () => 0);
  for (const waitMs of waitsMs) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    freeAt[first] = (freeAt[first] ?? 0) + waitMs;
  }
  return Math.max(...freeAt);
}
