import { describeFirestore, everyDocument, openTempFirestore } from '../../support/firestore.ts';
import { deletedContract } from './me-deleted-suite.ts';

describeFirestore('a deleted account on Firestore', () => {
  deletedContract(() => {
    const { store, options, remove } = openTempFirestore();
    const everything = () => everyDocument(options.projectId);
    return { store, path: '', remove, everything, bytes: async () => (await everything()).join('\n') };
  });
});
