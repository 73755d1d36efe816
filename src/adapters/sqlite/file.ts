/** Opening the database file: ours alone to read, in the newest layout, or one clear line that says why not. */

import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PATIENCE_MS } from '../../seams/contention.ts';
import { StoreUnavailable } from '../../seams/store-errors.ts';
import { isBusy, reasonOf } from './errors.ts';
import { upgrade } from './schema.ts';

/** While serving: SQLite waits by holding up the whole process, so the rest of the waiting is done by timer. */
const BUSY_TIMEOUT_MS = 25;

/**
 * `secure_delete` overwrites what is deleted; it counts per connection. The write-ahead log is folded into the file
 * every 16 MB: a hot page is then written to the file once for many commits.
 */
const SETTINGS = `
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -8000;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
`;

/** Opens the file, made with mode 0600 where there is none. Throws `StoreUnavailable`. `path` is absolute. */
export function openFile(path: string): DatabaseSync {
  try {
    createFile(path);
    return openPatiently(path);
  } catch (error) {
    throw new StoreUnavailable(`cannot use the store ${path}: ${reasonOf(error)}`);
  }
}

/** Which file a path names now: another number once it was moved away or replaced. */
export function fileNumber(path: string): number {
  try {
    return statSync(path).ino;
  } catch (error) {
    throw new StoreUnavailable(`the store ${path} is gone: ${reasonOf(error)}`);
  }
}

function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a directory');
  closeSync(openSync(path, 'a', 0o600));
}

/** Two processes that open a new file at once get in each other's way, and SQLite does not always wait for that. */
function openPatiently(path: string): DatabaseSync {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const db = new DatabaseSync(path, { timeout: 1_000 });
    try {
      prepare(db);
      return db;
    } catch (error) {
      db.close();
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
    }
    blockFor(20);
  }
}

function prepare(db: DatabaseSync): void {
  upgrade(db);
  const { journal_mode: mode } = db.prepare('PRAGMA journal_mode = WAL').get() ?? {};
  if (mode !== 'wal') throw new Error('its file system cannot keep a write-ahead log');
  db.exec(`${SETTINGS}; PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
}

function blockFor(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
