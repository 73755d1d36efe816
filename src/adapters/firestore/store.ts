/** The store on Firestore, shared by as many instances of the service as there are. */

import { isDocumentId, isKeptAddress } from '../../seams/documents.ts';
import { MIGRATIONS, type Migrations } from '../../seams/migrations.ts';
import type { Docs, Kind, ListQuery, Row, Store, Tx, UserStore, Work } from '../../seams/store.ts';
import { Connection, type FirestoreOptions } from './connection.ts';
import { eraseUser } from './erase.ts';
import { dueUsers, usersAfter } from './everybody.ts';
import { failureOf } from './failures.ts';
import { documentOf } from './fields.ts';
import { listQuery, rowsOf } from './list.ts';
import { systemDocument, UserPaths } from './paths.ts';
import { systemStore } from './system.ts';
import { tokenStore } from './tokens.ts';
import { Transactions } from './transactions.ts';
import { runWork } from './work.ts';

export interface FirestoreStoreOptions extends FirestoreOptions {
  /** What older documents go through; others than the program's own only in tests. */
  readonly migrations?: Migrations;
}

/** Answers at once: whether the database can be reached shows with the first call, or with `check`. */
export function openFirestoreStore(options: FirestoreStoreOptions): Store {
  const migrations = options.migrations ?? MIGRATIONS;
  const connection = new Connection(options);
  const transactions = new Transactions(connection);
  return {
    forUser: (email) => userStore(email, connection, transactions, migrations),
    tokens: tokenStore(connection, transactions, migrations, 'token'),
    sessions: tokenStore(connection, transactions, migrations, 'session'),
    links: tokenStore(connection, transactions, migrations, 'link'),
    system: systemStore(connection, transactions, migrations),
    due: (now, limit) => connection.use(() => dueUsers(connection, now, limit)),
    users: (limit, after = '') => connection.use(() => usersAfter(connection, limit, after)),
    removeUser: (email) => connection.use(() => eraseUser(connection, transactions, laneOf(email), email)),
    check: () => connection.use(() => check(connection)),
    close: () => connection.close(),
  };
}

function laneOf(email: string): string {
  return `users/${email}`;
}

function userStore(
  email: string,
  connection: Connection,
  transactions: Transactions,
  migrations: Migrations,
): UserStore {
  if (!isKeptAddress(email)) throw new Error('no user can be kept under this address');
  const paths = new UserPaths(connection.firestore, email);
  return {
    email,
    transact: <T>(work: (tx: Tx) => Work<T>) =>
      connection.use(() => transactions.run(laneOf(email), (reads) => runWork(reads, paths, migrations, work))),
    get: <K extends Kind>(kind: K, id: string) =>
      connection.use(async (): Promise<Docs[K] | null> => {
        if (!isDocumentId(kind, id)) return null;
        return documentOf(kind, id, await connection.ask(() => paths.document(kind, id).get()), migrations);
      }),
    list: <K extends Kind>(kind: K, query: ListQuery) =>
      connection.use(async (): Promise<readonly Row<K>[]> => {
        const found = listQuery(paths, kind, query);
        return found === null ? [] : rowsOf(kind, query, await connection.ask(() => found.get()), migrations);
      }),
  };
}

const CHECK_LIMIT_MS = 3_000;

/** Reads a document that need not exist: the answer counts, not what it says. */
async function check({ firestore, calls }: Connection): Promise<void> {
  try {
    await calls.ask(() => systemDocument(firestore, 'job', 'check').get(), CHECK_LIMIT_MS);
  } catch (error) {
    throw failureOf(error).told();
  }
}
