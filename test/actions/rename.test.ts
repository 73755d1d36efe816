import { describe } from 'vitest';
import { openTempStore } from '../support/store.ts';
import { renameContract } from './rename-suite.ts';

describe('a logbook that moves on SQLite', () => {
  renameContract(
    openTempStore,
    Array.from({ length: 30 }, (_, n) => n),
  );
});
