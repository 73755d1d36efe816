import { describe } from 'vitest';
import { runs } from '../support/runs.ts';
import { stage } from '../support/stage.ts';
import { locationActsContract } from './location-acts-suite.ts';

const MOST_MS = process.env['LONG'] ? 1_200_000 : 60_000;

describe('locations and trips on SQLite', () => {
  locationActsContract(stage(), runs(25, 800), MOST_MS);
});
