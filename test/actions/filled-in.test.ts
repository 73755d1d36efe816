import { describe } from 'vitest';
import { stage } from '../support/stage.ts';
import { filledInContract } from './filled-in-suite.ts';

describe('what was looked up, on SQLite', () => {
  filledInContract(stage());
});
