import { describeFirestore, openTempFirestore } from '../support/firestore.ts';
import { runs } from '../support/runs.ts';
import { stage } from '../support/stage.ts';
import { filledInContract } from './filled-in-suite.ts';

describeFirestore('what was looked up, on Firestore', () => {
  filledInContract(
    stage(() => ({ ...openTempFirestore(), path: '' })),
    runs(1, 20),
    120_000,
  );
});
