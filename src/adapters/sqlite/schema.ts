/** The layout of the database file and its versions. A step is never edited, only followed by another. */

import type { DatabaseSync } from 'node:sqlite';

/** Marks a file as ours: `mlg1`. */
const APPLICATION_ID = 0x6d_6c_67_31;

/**
 * `hot` holds what nearly every event reads and writes, apart from the rest, so that its tree stays small.
 * In `document`, `sort` is what lists go by (null: the id does), `flag` the one yes-or-no a kind is filtered by.
 * Index columns are written only when they change: see `documents.ts`.
 */
const FIRST = `
  PRAGMA application_id = ${APPLICATION_ID};
  CREATE TABLE hot (
    email TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    due_at REAL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, email)
  ) STRICT;
  CREATE INDEX hot_due ON hot (due_at, email) WHERE due_at IS NOT NULL;
  CREATE TABLE document (
    email TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    sort REAL,
    car TEXT,
    type TEXT,
    flag INTEGER,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX document_id ON document (email, kind, id);
  CREATE INDEX document_sort ON document (email, kind, sort, id) WHERE sort IS NOT NULL;
  CREATE INDEX document_flag ON document (email, kind, type, flag, sort, id) WHERE flag IS NOT NULL;
  CREATE INDEX document_car ON document (email, kind, car, type, flag, sort, id) WHERE car IS NOT NULL;
  CREATE TABLE token (
    hash TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX token_owner ON token (owner, id);
`;

const SYSTEM = `
  CREATE TABLE system (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT;
`;

/** Sessions and links are kept as tokens are. */
const SIGN_IN = `
  CREATE TABLE session (
    hash TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX session_owner ON session (owner, id);
  CREATE TABLE link (
    hash TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX link_owner ON link (owner, id);
  ALTER TABLE system ADD COLUMN expires_at REAL;
  CREATE INDEX system_expiry ON system (expires_at) WHERE expires_at IS NOT NULL;
`;

export const STEPS: readonly string[] = [FIRST, SYSTEM, SIGN_IN];

/** Brings the file to the newest version, one transaction per step. Safe when two processes start at once. */
export function upgrade(db: DatabaseSync, steps: readonly string[] = STEPS): void {
  refuseOthers(db, steps.length);
  while (versionOf(db) < steps.length) {
    db.exec('BEGIN IMMEDIATE');
    try {
      const version = versionOf(db);
      const step = steps[version];
      if (step !== undefined) db.exec(`${step}; PRAGMA user_version = ${version + 1}`);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Whether the file is one of ours, whatever its version. */
export function isOurs(db: DatabaseSync): boolean {
  return pragma(db, 'application_id') === APPLICATION_ID;
}

function refuseOthers(db: DatabaseSync, newest: number): void {
  const version = versionOf(db);
  const empty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (!isOurs(db) && !(empty && version === 0)) throw new Error('it is the database of another program');
  if (version > newest) {
    const versions = `file version ${version}, this program knows up to ${newest}`;
    throw new Error(`it was written by a newer version of this program (${versions})`);
  }
}

function versionOf(db: DatabaseSync): number {
  return pragma(db, 'user_version');
}

function pragma(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
