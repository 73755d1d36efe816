import { describeFirestore, openTempFirestore } from '../support/firestore.ts';
import { stage } from '../support/stage.ts';
import { tripImportContract } from './trip-import-suite.ts';

describeFirestore('trips from a file on Firestore', () => {
  tripImportContract(stage(() => ({ ...openTempFirestore(), path: '' })));
});
