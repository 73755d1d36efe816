import { describe } from 'vitest';
import { runs } from '../support/runs.ts';
import { stage } from '../support/stage.ts';
import { deletedTracksContract } from './deleted-tracks-suite.ts';
import { undoCancelContract } from './undo-cancel-suite.ts';
import { undoContract } from './undo-suite.ts';

const MOST_MS = process.env['LONG'] ? 1_200_000 : 30_000;

describe('undo on SQLite', () => {
  const here = stage();
  undoContract(here, runs(15, 600), MOST_MS);
  undoCancelContract(here, runs(40, 1_500), MOST_MS);
  deletedTracksContract(here);
});
