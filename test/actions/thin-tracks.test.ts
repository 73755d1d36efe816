import { describe } from 'vitest';
import { stage } from '../support/stage.ts';
import { thinTracksContract } from './thin-tracks-suite.ts';

describe('thinning old tracks on SQLite', () => {
  thinTracksContract(stage());
});
