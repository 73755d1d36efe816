import { describe } from 'vitest';
import { stage } from '../support/stage.ts';
import { actsContract } from './acts-suite.ts';

describe('acts on SQLite', () => {
  actsContract(stage(), [1, 2, 3, 4, 5, 6], 60_000);
});
