import { describe } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { MIGRATIONS, type Migrations } from '../../src/seams/migrations.ts';
import { scratchFile } from '../support/scratch.ts';
import type { Opened } from './opened.ts';
import { storeContract } from './store-suite.ts';

describe('the SQLite store keeps the contract', () => {
  storeContract(async (migrations = MIGRATIONS): Promise<Opened> => {
    const path = scratchFile();
    const openAs = (version: Migrations) => openSqliteStore({ path, migrations: version });
    const store = openAs(migrations);
    let current = store;
    const reopen = async (version = MIGRATIONS) => {
      await current.close();
      current = openAs(version);
      return current;
    };
    return { store, reopen };
  });
});
