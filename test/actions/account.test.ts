import { describe } from 'vitest';
import { runs } from '../support/runs.ts';
import { openTempStore } from '../support/store.ts';
import { accountContract } from './account-suite.ts';

describe('an account on SQLite', () => {
  accountContract(openTempStore, runs(20, 500));
});
