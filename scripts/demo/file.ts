/** The demo's own file: whose it is, and that it is nobody else's. */

import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Store } from '../../src/seams/store.ts';
import { DEMO_USER } from './household.ts';

/** Its message is the one line to be read. */
export class NotForDemo extends Error {
  override readonly name = 'NotForDemo';
}

/** Opens the file, made where there is none. Throws `NotForDemo`, and leaves all as it is, when real users are in it. */
export async function openDemoFile(path: string): Promise<Store> {
  const store = openSqliteStore({ path });
  const users = await store.users(2);
  const other = users.find((email) => email !== DEMO_USER);
  if (other === undefined) return store;
  await store.close();
  throw new NotForDemo(
    `${path} holds the logbook of ${other}, and the demo fills only a file of its own: name another with --file, or delete this one if nobody needs it`,
  );
}
