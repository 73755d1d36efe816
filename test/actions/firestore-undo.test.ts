import { runs } from '../support/runs.ts';
import { describeFirestore, openTempFirestore } from '../support/firestore.ts';
import { stage } from '../support/stage.ts';
import { deletedTracksContract } from './deleted-tracks-suite.ts';
import { undoCancelContract } from './undo-cancel-suite.ts';
import { undoContract } from './undo-suite.ts';

const MOST_MS = process.env['LONG'] ? 1_200_000 : 120_000;

describeFirestore('undo on Firestore', () => {
  const here = stage(() => ({ ...openTempFirestore(), path: '' }));
  undoContract(here, runs(2, 40), MOST_MS);
  undoCancelContract(here, runs(4, 100), MOST_MS);
  deletedTracksContract(here);
});
