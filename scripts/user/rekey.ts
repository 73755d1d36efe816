/** `npm run user -- rekey`: every stored secret sealed with the first key, counted as it goes. */

import { rekey, type Rekeyed } from '../../src/actions/rekey.ts';
import type { Store } from '../../src/seams/store.ts';
import type { Vault } from '../../src/seams/vault.ts';
import { progressOn } from './progress.ts';

/** `false`: some could not be opened; each was named. */
export async function rekeyAll(store: Store, vault: Vault): Promise<boolean> {
  const counts: Record<Rekeyed['outcome'], number> = { rewritten: 0, current: 0, unreadable: 0 };
  const progress = progressOn(process.stderr);
  for await (const { email, id, outcome, why } of rekey(store, vault)) {
    counts[outcome] += 1;
    if (outcome === 'unreadable') progress.say(`${email} ${id}: ${why}`);
    else progress.count();
  }
  progress.say(null);
  console.log(`${counts.rewritten} rewritten, ${counts.current} were current, ${counts.unreadable} cannot be opened.`);
  return counts.unreadable === 0;
}
