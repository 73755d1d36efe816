/** Adds 1 to one trip's distance COUNT times, AT_ONCE at a time: increments.ts PATH COUNT AT_ONCE. */

import { openSqliteStore } from '../../../../src/adapters/sqlite/store.ts';
import { ANNA, trip } from '../../../contract/samples.ts';

const [path = '', count = '', atOnce = ''] = process.argv.slice(2);
const store = openSqliteStore({ path });
const anna = store.forUser(ANNA);
let left = Number(count);

async function increments(): Promise<void> {
  while (left > 0) {
    left -= 1;
    await anna.transact(function* (tx) {
      const metres = (yield* tx.get('trip', 't'))?.distanceMetres ?? 0;
      tx.put('trip', 't', trip('t', { distanceMetres: metres + 1 }));
    });
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, increments));
await store.close();
