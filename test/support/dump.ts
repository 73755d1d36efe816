/** All a store holds, straight from the file: for proving what is there, and that nothing else changed. */

import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Every document of a user by `kind/id`. Only what is committed. */
export function dump(path: string, email: string): Record<string, unknown> {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const hot = db.prepare('SELECT kind, body FROM hot WHERE email = ? ORDER BY kind').all(email);
    const rest = db.prepare('SELECT kind, id, body FROM document WHERE email = ? ORDER BY kind, id').all(email);
    return Object.fromEntries(
      [...hot, ...rest].map((row) => [`${row['kind']}/${row['id'] ?? ''}`, JSON.parse(String(row['body']))]),
    );
  } finally {
    db.close();
  }
}

/** Every row of every table, as text. Only what is committed. */
export function everyRow(path: string): string[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return tables.flatMap(({ name }) =>
      db
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .map((row) => `${name} ${JSON.stringify(row)}`),
    );
  } finally {
    db.close();
  }
}

/** The file and what lies beside it, byte by byte. */
export function bytesOf(path: string): string {
  const files = ['', '-wal', '-shm'].map((suffix) => path + suffix).filter((file) => existsSync(file));
  return files.map((file) => readFileSync(file, 'latin1')).join('');
}
