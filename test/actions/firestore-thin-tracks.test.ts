import { describeFirestore, openTempFirestore } from '../support/firestore.ts';
import { stage } from '../support/stage.ts';
import { thinTracksContract } from './thin-tracks-suite.ts';

describeFirestore('thinning old tracks on Firestore', () => {
  thinTracksContract(stage(() => ({ ...openTempFirestore(), path: '' })));
});
