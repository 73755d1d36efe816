import { onTestFinished } from 'vitest';
import { MIGRATIONS } from '../../src/seams/migrations.ts';
import { describeFirestore, openTempFirestore } from '../support/firestore.ts';
import type { Opened } from './opened.ts';
import { storeContract } from './store-suite.ts';

describeFirestore('the Firestore store keeps the contract', () => {
  storeContract(async (migrations = MIGRATIONS): Promise<Opened> => {
    const { store, open, remove } = openTempFirestore(migrations);
    onTestFinished(remove);
    let current = store;
    const reopen = async (version = MIGRATIONS) => {
      await current.close();
      current = open(version);
      return current;
    };
    return { store, reopen };
  });
});
