import { describe } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { openTempStore } from '../support/store.ts';
import { instancesContract } from './instances.ts';

describe('on one SQLite file', () => {
  instancesContract(
    () => {
      const { store, path, remove } = openTempStore();
      const there = openSqliteStore({ path });
      return { here: store, there, remove: () => there.close().then(remove) };
    },
    5,
    100,
  );
});
