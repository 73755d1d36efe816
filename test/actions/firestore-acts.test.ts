import { describeFirestore, openTempFirestore } from '../support/firestore.ts';
import { stage } from '../support/stage.ts';
import { actsContract } from './acts-suite.ts';

describeFirestore('acts on Firestore', () => {
  actsContract(
    stage(() => ({ ...openTempFirestore(), path: '' })),
    [4],
    300_000,
  );
});
