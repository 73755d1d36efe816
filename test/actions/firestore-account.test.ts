import { runs } from '../support/runs.ts';
import { describeFirestore, openTempFirestore } from '../support/firestore.ts';
import { accountContract } from './account-suite.ts';
import { renameContract } from './rename-suite.ts';

const open = () => ({ ...openTempFirestore(), path: '' });

describeFirestore('an account on Firestore', () => {
  accountContract(open, runs(3, 25));
});

describeFirestore('a logbook that moves on Firestore', () => {
  renameContract(open, [0, 3, 9, 20]);
});
