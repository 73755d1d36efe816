/** A store and a second, bare connection to its file, as another program would have one. */

import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { openSqliteStore } from '../../../src/adapters/sqlite/store.ts';
import type { Store } from '../../../src/seams/store.ts';
import { scratchFile } from '../../support/scratch.ts';

export interface Rivals {
  readonly path: string;
  readonly store: Store;
  readonly other: DatabaseSync;
}

export function openRivals(): Rivals {
  const path = scratchFile();
  const store = openSqliteStore({ path });
  const other = new DatabaseSync(path, { timeout: 1_000 });
  onTestFinished(async () => {
    if (other.isOpen) other.close();
    await store.close();
  });
  return { path, store, other };
}

export function openSecond(path: string): Store {
  const store = openSqliteStore({ path });
  onTestFinished(() => store.close());
  return store;
}
