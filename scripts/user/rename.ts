/** `npm run user -- rename OLD NEW`: moves a logbook to another address; stopped anywhere, the same command goes on. */

import { renameUser } from '../../src/actions/rename.ts';
import type { Clock } from '../../src/seams/clock.ts';
import type { Store } from '../../src/seams/store.ts';
import type { Vault } from '../../src/seams/vault.ts';
import { progressOn } from './progress.ts';

interface Needs {
  readonly store: Store;
  readonly clock: Clock;
  readonly vault: Vault;
}

export async function rename({ store, clock, vault }: Needs, from: string, to: string): Promise<void> {
  const progress = progressOn(process.stderr);
  let told = 0;
  const onProgress = (copied: number): void => {
    for (; told < copied; told += 1) progress.count();
  };
  try {
    await renameUser({ store, clock, vault }, { from, to, onProgress });
  } finally {
    progress.say(null);
  }
  console.log(`${from} is ${to} now; its tokens go on. Phones that name the address themselves must name the new one.`);
}
