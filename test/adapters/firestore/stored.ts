/** What lies in the database, read past the store. */

import { Firestore, type CollectionReference } from '@google-cloud/firestore';
import { onTestFinished } from 'vitest';
import type { Store } from '../../../src/seams/store.ts';
import { ANNA, EVERY_KIND, KINDS, token } from '../../contract/samples.ts';
import type { TempFirestore } from '../../support/firestore.ts';

/** A bare client on the same documents, gone when the test ends. */
export function bareClient({ options }: TempFirestore): Firestore {
  const { projectId, emulator = '' } = options;
  const firestore = new Firestore({ projectId, host: emulator, ssl: false });
  onTestFinished(() => firestore.terminate());
  return firestore;
}

export type Stored = Readonly<Record<string, unknown>>;

/** Every document under its path. */
export async function everything(firestore: Firestore): Promise<Map<string, Stored>> {
  const found = new Map<string, Stored>();
  const walk = async (collections: readonly CollectionReference[]): Promise<void> => {
    for (const collection of collections) {
      for (const ref of await collection.listDocuments()) {
        const fields = (await ref.get()).data();
        if (fields !== undefined) found.set(ref.path, fields);
        await walk(await ref.listCollections());
      }
    }
  };
  await walk(await firestore.listCollections());
  return found;
}

/** One document of everything there is: each kind, a token, what belongs to the installation. */
export async function fill(store: Store): Promise<void> {
  await store.forUser(ANNA).transact(function* (tx) {
    const write = (kind: (typeof KINDS)[number]) => tx.put(kind, EVERY_KIND[kind].id, EVERY_KIND[kind].doc);
    for (const kind of KINDS) write(kind);
    yield* tx.getMany([]);
  });
  for (const shelf of ['tokens', 'sessions', 'links'] as const) {
    await store[shelf].put('hash-a', token(ANNA, 'tok_a'));
  }
  await store.system.update('job', 'poll', () => ({ ticks: ['1'] }));
  await store.system.update('failures', 'f', () => ({ count: 1, expiresAt: 1 }));
}
