/** All a store holds of a user, straight from the file: for proving what is there, and that nothing else changed. */

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
