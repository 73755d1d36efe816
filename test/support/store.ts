/** A real store in a file of its own. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Store } from '../../src/seams/store.ts';

export interface TempStore {
  readonly store: Store;
  readonly path: string;
  /** Closes the store and removes its file. */
  remove(): Promise<void>;
}

export function openTempStore(): TempStore {
  const folder = mkdtempSync(join(tmpdir(), 'mileage-'));
  const path = join(folder, 'mileage.db');
  const store = openSqliteStore({ path });
  const remove = async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { store, path, remove };
}

/** A store for the test that asks, gone when it ends. */
export function tempStore(): Store {
  const { store, remove } = openTempStore();
  onTestFinished(remove);
  return store;
}
