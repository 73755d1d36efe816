import { describeFirestore, openTempFirestore } from '../support/firestore.ts';
import { instancesContract } from './instances.ts';

describeFirestore('on one Firestore database', () => {
  instancesContract(
    () => {
      const { store, open, remove } = openTempFirestore();
      return { here: store, there: open(), remove };
    },
    2,
    25,
  );
});
