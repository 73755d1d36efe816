/** The embedded store: one SQLite file, written by this process and by commands that run beside it. */

import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isDocumentId, isKeptAddress } from '../../seams/documents.ts';
import { MIGRATIONS, type Migrations } from '../../seams/migrations.ts';
import { StoreUnavailable } from '../../seams/store-errors.ts';
import type { Docs, Kind, ListQuery, Row, Store, Tx, UserStore, Work } from '../../seams/store.ts';
import { Documents } from './documents.ts';
import { eraseUser } from './erase.ts';
import { fileNumber, openFile } from './file.ts';
import { readThrough } from './group.ts';
import { patiently } from './patience.ts';
import { Snapshot } from './snapshot.ts';
import { systemStore } from './system.ts';
import { tokenStore, TokenTable } from './tokens.ts';
import { runWork } from './work.ts';
import { Writer } from './writer.ts';

export interface SqliteOptions {
  /** Made, with its folder, where there is none. */
  readonly path: string;
  /** What older documents go through; others than the program's own only in tests. */
  readonly migrations?: Migrations;
  /** How much text of documents is kept parsed in memory. */
  readonly mostCachedBytes?: number;
}

const MOST_CACHED_BYTES = 8_000_000;

/** Throws `StoreUnavailable`, in one line, when the file cannot be used. */
export function openSqliteStore(options: SqliteOptions): Store {
  const path = resolve(options.path);
  const db = openFile(path);
  const migrations = options.migrations ?? MIGRATIONS;
  const documents = new Documents(db, migrations);
  const shelves = {
    tokens: new TokenTable(db, migrations, 'token'),
    sessions: new TokenTable(db, migrations, 'session'),
    links: new TokenTable(db, migrations, 'link'),
  };
  const snapshot = new Snapshot(db, options.mostCachedBytes ?? MOST_CACHED_BYTES);
  const writer = new Writer(db, documents, snapshot);
  const number = fileNumber(path);
  let closing: Promise<void> | null = null;
  return {
    forUser: (email) => userStore(email, documents, snapshot, writer),
    tokens: tokenStore(shelves.tokens, snapshot, writer),
    sessions: tokenStore(shelves.sessions, snapshot, writer),
    links: tokenStore(shelves.links, snapshot, writer),
    system: systemStore(db, migrations, writer),
    due: (now, limit) => patiently(() => documents.due(now, limit)),
    users: (limit, after = '') => patiently(() => documents.users(limit, after)),
    removeUser: (email) => eraseUser(db, documents, Object.values(shelves), writer, email),
    check: () => patiently(() => check(db, path, number)),
    close: () => (closing ??= writer.close().then(() => db.close())),
  };
}

function userStore(email: string, documents: Documents, snapshot: Snapshot, writer: Writer): UserStore {
  if (!isKeptAddress(email)) throw new Error('no user can be kept under this address');
  return {
    email,
    transact: <T>(work: (tx: Tx) => Work<T>) => writer.write((group) => runWork(group, email, work)),
    get: <K extends Kind>(kind: K, id: string) =>
      patiently((): Docs[K] | null => {
        if (!isDocumentId(kind, id)) return null;
        snapshot.renewOnceATurn();
        return readThrough(documents, snapshot, email, kind, id);
      }),
    list: <K extends Kind>(kind: K, query: ListQuery) =>
      patiently((): readonly Row<K>[] => documents.list(email, kind, query)),
  };
}

/** SQLite goes on writing a file that was moved or deleted, which nobody would ever read again. */
function check(db: DatabaseSync, path: string, opened: number): void {
  if (fileNumber(path) !== opened) throw new StoreUnavailable(`the store ${path} was replaced by another file`);
  db.prepare('SELECT 1 FROM hot LIMIT 1').get();
}
