import { afterAll, expect, test } from 'vitest';
import { runs } from '../support/runs.ts';
import { describeFirestore, emulatorHost, openTempFirestore } from '../support/firestore.ts';
import { accountContract, fill } from './account-suite.ts';
import { renameContract } from './rename-suite.ts';
import { createToken } from '../../src/actions/tokens.ts';
import { removeUser } from '../../src/actions/users.ts';
import { sceneOf } from '../support/stage.ts';

const open = () => ({ ...openTempFirestore(), path: '' });

describeFirestore('an account on Firestore', () => {
  accountContract(open, runs(3, 25));
});

describeFirestore('a logbook that moves on Firestore', () => {
  renameContract(open, [0, 3, 9, 20]);
});

describeFirestore('a deleted account on Firestore', () => {
  const kept = { temp: null as ReturnType<typeof openTempFirestore> | null };
  afterAll(() => kept.temp?.remove());

  /** Everything the database holds, asked as an administrator, collection by collection. */
  async function everything(projectId: string): Promise<string> {
    const root = `http://${emulatorHost()}/v1/projects/${projectId}/databases/(default)/documents`;
    const headers = { authorization: 'Bearer owner', 'content-type': 'application/json' };
    const below = async (path: string): Promise<string> => {
      const ids = await fetch(`${root}${path}:listCollectionIds`, {
        method: 'POST',
        headers,
        body: '{"pageSize":300}',
      });
      const { collectionIds = [] } = (await ids.json()) as { collectionIds?: string[] };
      let found = '';
      for (const id of collectionIds) {
        const page = await fetch(`${root}${path}/${id}?pageSize=300&showMissing=true`, { headers });
        const { documents = [] } = (await page.json()) as { documents?: { name: string }[] };
        found += JSON.stringify(documents);
        for (const { name } of documents)
          found += await below(name.slice(name.indexOf('/documents') + '/documents'.length));
      }
      return found;
    };
    return below('');
  }

  test('is nowhere in the whole database', { timeout: 60_000 }, async () => {
    const temp = (kept.temp = openTempFirestore());
    const { store, options } = temp;
    const anna = sceneOf(store, '', 'anna.canary@example.nl');
    await fill(anna, [
      {
        type: 'start',
        pauseSeconds: 5,
        lateMinutes: 0,
        place: { lat: 52, lng: 5 },
        device: 'a',
        state: 'driving',
        km: null,
      },
      {
        type: 'ping',
        pauseSeconds: 300,
        lateMinutes: 0,
        place: { lat: 52.1, lng: 5 },
        device: 'a',
        state: 'driving',
        km: null,
      },
      {
        type: 'end',
        pauseSeconds: 300,
        lateMinutes: 0,
        place: { lat: 52.2, lng: 5 },
        device: 'a',
        state: 'driving',
        km: null,
      },
    ]);
    await createToken(anna.deps, {
      owner: anna.user,
      label: 'phone',
      scopes: ['events'],
      carId: null,
      expiresAt: null,
    });
    await fill(sceneOf(store, '', 'bob@example.nl'), []);
    expect(await everything(options.projectId)).toContain('canary');
    await removeUser(store, null, anna.user);
    const left = await everything(options.projectId);
    expect(left).not.toContain('canary');
    expect(left).toContain('bob@example.nl');
  });
});
