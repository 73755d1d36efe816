/**
 * Stores on the official emulator, each in a project of its own. Only for files of the `firestore` project
 * (`vitest.config.ts`): for those an emulator is started.
 */

import { randomUUID } from 'node:crypto';
import { beforeAll, describe, inject, onTestFinished } from 'vitest';
import { openFirestoreStore, type FirestoreStoreOptions } from '../../src/adapters/firestore/store.ts';
import type { Migrations } from '../../src/seams/migrations.ts';
import type { Store } from '../../src/seams/store.ts';
import type { EmulatorState } from './emulator-setup.ts';

// Else Google's library looks for a metadata server, and warns that there is none.
process.env['METADATA_SERVER_DETECTION'] = 'none';

/** A block of tests that need the emulator: skipped by name where there is none, with the line that installs it. */
export function describeFirestore(name: string, block: () => void): void {
  const { host, why, isRequired }: EmulatorState = inject('firestoreEmulator');
  const isMissing = host === null;
  describe.skipIf(isMissing && !isRequired)(`${name}${isMissing ? ` (${why})` : ''}`, () => {
    beforeAll(() => {
      if (isMissing) throw new Error(`${why}. To do without: ALLOW_NO_EMULATOR=1`);
    });
    block();
  });
}

export interface TempFirestore {
  readonly store: Store;
  readonly options: FirestoreStoreOptions & { readonly projectId: string };
  /** Another handle on the same documents, as another instance of the service has one. */
  open(migrations?: Migrations): Store;
  /** Closes every handle and forgets the documents. */
  remove(): Promise<void>;
}

export function emulatorHost(): string {
  const { host } = inject('firestoreEmulator');
  if (host === null) throw new Error('no emulator: use `describeFirestore`');
  return host;
}

export function openTempFirestore(migrations?: Migrations): TempFirestore {
  const emulator = emulatorHost();
  const options = { projectId: `demo-${randomUUID()}`, emulator };
  const handles: Store[] = [];
  const open = (version?: Migrations) => {
    const store = openFirestoreStore(version === undefined ? options : { ...options, migrations: version });
    handles.push(store);
    return store;
  };
  const remove = async () => {
    await Promise.all(handles.map((store) => store.close()));
    const documents = `emulator/v1/projects/${options.projectId}/databases/(default)/documents`;
    await fetch(`http://${emulator}/${documents}`, { method: 'DELETE' });
  };
  return { store: open(migrations), options, open, remove };
}

/** A store for the test that asks, gone when it ends. */
export function tempFirestore(): TempFirestore {
  const temp = openTempFirestore();
  onTestFinished(() => temp.remove());
  return temp;
}

/** Every document of a database as text, also one that is only a path to others: asked past our own code. */
export async function everyDocument(projectId: string): Promise<string[]> {
  const root = `http://${emulatorHost()}/v1/projects/${projectId}/databases/(default)/documents`;
  const found: string[] = [];
  const below = async (path: string): Promise<void> => {
    for (const id of await listed(`${root}${path}:listCollectionIds`, 'collectionIds', '{"pageSize":300}')) {
      for (const { name, fields } of await listed<Listed>(`${root}${path}/${id}?showMissing=true`, 'documents')) {
        const place = name.slice(name.indexOf('/documents/') + '/documents'.length);
        found.push(`${place} ${JSON.stringify(fields)}`);
        await below(place);
      }
    }
  };
  await below('');
  return found;
}

interface Listed {
  readonly name: string;
  readonly fields?: object;
}

/** All pages, as an administrator. With a body it is posted. */
async function listed<T = string>(url: string, key: string, body: string | null = null): Promise<T[]> {
  const headers = { authorization: 'Bearer owner', 'content-type': 'application/json' };
  const all: T[] = [];
  let token: string | undefined;
  do {
    const page = token === undefined ? '' : `${url.includes('?') ? '&' : '?'}pageToken=${encodeURIComponent(token)}`;
    const sent = body === null ? {} : { method: 'POST', body };
    const response = await fetch(url + page, { headers, ...sent });
    if (response.status !== 200) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    const answer = (await response.json()) as { readonly nextPageToken?: string } & Record<string, T[]>;
    all.push(...(answer[key] ?? []));
    token = answer.nextPageToken;
  } while (token !== undefined && token !== '');
  return all;
}
