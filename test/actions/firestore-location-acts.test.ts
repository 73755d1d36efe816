import { runs } from '../support/runs.ts';
import { describeFirestore, openTempFirestore } from '../support/firestore.ts';
import { stage } from '../support/stage.ts';
import { locationActsContract } from './location-acts-suite.ts';

const MOST_MS = process.env['LONG'] ? 1_200_000 : 120_000;

describeFirestore('locations and trips on Firestore', () => {
  locationActsContract(
    stage(() => ({ ...openTempFirestore(), path: '' })),
    runs(2, 40),
    MOST_MS,
  );
});
