/** Opens the store, closes it and says so: open.ts PATH. */

import { openSqliteStore } from '../../../../src/adapters/sqlite/store.ts';

const store = openSqliteStore({ path: process.argv[2] ?? '' });
await store.check();
await store.close();
process.stdout.write('opened\n');
