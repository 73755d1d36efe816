import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Failure, failureOf } from '../../../src/adapters/firestore/failures.ts';
import { openFirestoreStore } from '../../../src/adapters/firestore/store.ts';
import type { Store } from '../../../src/seams/store.ts';
import { ANNA, BOB, trip } from '../../contract/samples.ts';
import { describeFirestore, tempFirestore } from '../../support/firestore.ts';

/** A host that takes connections and never says a word. */
async function silentHost(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function openAt(emulator: string): Store {
  const store = openFirestoreStore({ projectId: 'demo-nowhere', emulator });
  onTestFinished(() => store.close());
  return store;
}

const unavailable = { name: 'StoreUnavailable', message: expect.stringMatching(/^Firestore: [^\n]+$/) };

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return (performance.now() - startedAt) / 1_000;
}

describeFirestore('a server that is not there', () => {
  test.each(['silent', 'deaf'])('fails the check within seconds (%s)', async (kind) => {
    const store = openAt(kind === 'silent' ? await silentHost() : '127.0.0.1:9');
    const seconds = await secondsOf(() => expect(store.check()).rejects.toMatchObject(unavailable));
    expect(seconds).toBeLessThan(6);
  });

  test(
    'fails what is asked of it in words for the operator, never as "not there", and those that wait together',
    { timeout: 60_000 },
    async () => {
      const store = openAt('127.0.0.1:9');
      const anna = store.forUser(ANNA);
      const calls = [
        anna.get('trip', 't'),
        anna.list('trip', { order: 'asc', limit: 1 }),
        anna.transact((tx) => tx.get('trip', 't')),
        // oxlint-disable-next-line require-yield -- reads nothing
        store.forUser(BOB).transact(function* (tx) {
          tx.put('trip', 'u', trip('u'));
        }),
        store.tokens.get('hash'),
        store.system.get('job', 'j'),
        store.due(0, 1),
        store.users(1),
        store.removeUser('carol@example.org'),
      ];
      const behind = Array.from({ length: 5 }, () => anna.transact((tx) => tx.get('trip', 't')));
      const refused = calls.map((call) => expect(call).rejects.toMatchObject(unavailable));
      const refusedToo = behind.map((work) => expect(work).rejects.toThrow(/Firestore|busy/));
      const seconds = await secondsOf(() => Promise.all([...refused, ...refusedToo]));
      expect(seconds).toBeLessThan(16);
    },
  );
});

describeFirestore('a server that is there', () => {
  test('passes the check', async () => {
    await expect(tempFirestore().store.check()).resolves.toBeUndefined();
  });

  test('refuses a whole transaction that is larger than it takes, and quotes nothing of it', async () => {
    const { store } = tempFirestore();
    const anna = store.forUser(ANNA);
    // oxlint-disable-next-line require-yield -- reads nothing
    const work = anna.transact(function* (tx) {
      for (let i = 0; i < 12; i += 1) tx.put('trip', `t${i}`, trip(`t${i}`, { notes: 'secret'.repeat(160_000) }));
    });
    await expect(work).rejects.toMatchObject(unavailable);
    await expect(work).rejects.not.toThrow(/secret|anna/);
    expect(await anna.list('trip', { order: 'asc', limit: 1 })).toEqual([]);
  });
});

describe('what Firestore says', () => {
  const said = (code: number | null, details: string) => new Failure(code, details).told().message;

  test('is passed on where it helps, in one line', () => {
    expect(said(9, 'The query requires an index. You can create it here: https://x\nmore')).toBe(
      'Firestore: it refuses in its present state (The query requires an index. You can create it here: https://x)',
    );
    expect(said(null, 'Could not load the default credentials.')).toBe(
      'Firestore: Could not load the default credentials.',
    );
  });

  test('is kept back where it may quote a document or its name', () => {
    expect(said(3, 'Document users/anna@example.org has "a secret"')).toBe('Firestore: it does not take the request');
    expect(said(99, 'users/anna@example.org')).toBe('Firestore: it failed with code 99');
  });

  test('is told apart: what passes, what is contention, and what may have happened all the same', () => {
    const kinds = (code: number, details = '') => {
      const { isTransient, isContention, isAmbiguous } = new Failure(code, details);
      return { isTransient, isContention, isAmbiguous };
    };
    expect(kinds(10)).toEqual({ isTransient: true, isContention: true, isAmbiguous: false });
    expect(kinds(3, 'The referenced transaction has expired')).toEqual(kinds(10));
    for (const code of [1, 2, 4, 13, 14]) {
      expect(kinds(code)).toEqual({ isTransient: true, isContention: false, isAmbiguous: true });
    }
    for (const code of [8, 16]) {
      expect(kinds(code)).toEqual({ isTransient: true, isContention: false, isAmbiguous: false });
    }
    for (const code of [3, 5, 7, 9]) {
      expect(kinds(code)).toEqual({ isTransient: false, isContention: false, isAmbiguous: false });
    }
  });

  test('is taken from whatever was thrown', () => {
    expect(failureOf(Object.assign(new Error('14 UNAVAILABLE: x'), { code: 14, details: 'x' }))).toMatchObject({
      code: 14,
      details: 'x',
    });
    expect(failureOf(Object.assign(new Error('no name'), { code: 'ENOTFOUND' }))).toMatchObject({ code: null });
    expect(failureOf('odd')).toMatchObject({ code: null, details: 'odd' });
  });
});
