/** Writes without end, many at once, and prints `ID NUMBER` for each write the store acknowledged: load.ts PATH. */

import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../../../src/adapters/sqlite/store.ts';
import { active, NOON, trip } from '../../../contract/samples.ts';

const [path = ''] = process.argv.slice(2);
const store = openSqliteStore({ path });

async function load(lane: number): Promise<void> {
  const user = store.forUser(`driver${lane % 8}@example.org`);
  for (;;) {
    const id = `t${lane}`;
    const next = await user.transact(function* (tx) {
      const before = (yield* tx.get('trip', id))?.distanceMetres ?? 0;
      tx.put('trip', id, trip(id, { distanceMetres: before + 1, notes: 'x'.repeat(800) }));
      tx.put('active', 'trip_start', active(NOON + before));
      return before + 1;
    });
    writeSync(1, `${lane} ${next}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, lane) => load(lane)));
