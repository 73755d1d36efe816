import { describe } from 'vitest';
import { runs } from '../support/runs.ts';
import { stage } from '../support/stage.ts';
import { filledInContract } from './filled-in-suite.ts';

describe('what was looked up, on SQLite', () => {
  filledInContract(stage(), runs(25, 500));
});
