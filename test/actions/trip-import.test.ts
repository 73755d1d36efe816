import { describe } from 'vitest';
import { stage } from '../support/stage.ts';
import { tripImportContract } from './trip-import-suite.ts';

describe('trips from a file on SQLite', () => {
  tripImportContract(stage());
});
