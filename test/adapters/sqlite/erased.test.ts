/** A removed user leaves no byte in the file, however often rows were moved from page to page before. */

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/adapters/sqlite/store.ts';
import { trip, user } from '../../contract/samples.ts';
import { scratchFile } from '../../support/scratch.ts';

const CANARY = 'canary';

/** The same numbers for the same seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function assertNothingLeft(path: string, seed: number): Promise<void> {
  const store = openSqliteStore({ path });
  const below = chance(seed);
  const users = ['a', 'b', CANARY, 'd', 'e', 'zz'].map((name) => `${name}${seed}@x.nl`);
  for (let n = 0; n < 150; n += 1) {
    const email = users[below(users.length)] ?? '';
    await store.forUser(email).transact(function* (tx) {
      for (let i = 0; i < 10; i += 1) {
        const id = `trip_${below(3_000)}`;
        const notes = email + 'x'.repeat(below(20) ** 3);
        if (below(10) < 3) tx.remove('trip', id);
        else tx.put('trip', id, trip(id, { startedAt: below(2 ** 31), carId: `${email}_car`, notes }));
      }
      tx.put('user', '', { ...user(email), updatedAt: n });
    });
  }
  await store.removeUser(`${CANARY}${seed}@x.nl`);
  const files = [path, `${path}-wal`].filter((file) => existsSync(file));
  expect(files.filter((file) => readFileSync(file).includes(CANARY))).toEqual([]);
  await store.close();
}

test('also where pages were split, merged and filled again', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 4; seed += 1) await assertNothingLeft(scratchFile(), seed);
});
