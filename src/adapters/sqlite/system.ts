/** What belongs to the installation and to no user. Rarely read, never kept in memory. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { encodeDocument } from '../../seams/documents.ts';
import { decodeDocument, versionOf, type Migrations } from '../../seams/migrations.ts';
import type { SystemDocs, SystemKind, SystemStore } from '../../seams/store.ts';
import { number, text } from './columns.ts';
import { patiently } from './patience.ts';
import type { Writer } from './writer.ts';

/** The table of system documents. Knows nothing of transactions. */
class SystemTable {
  readonly #migrations: Migrations;
  readonly #read: StatementSync;
  readonly #write: StatementSync;

  constructor(db: DatabaseSync, migrations: Migrations) {
    this.#migrations = migrations;
    this.#read = db.prepare('SELECT version, body FROM system WHERE kind = ? AND id = ?');
    this.#write = db.prepare('INSERT OR REPLACE INTO system (kind, id, version, body) VALUES (?, ?, ?, ?)');
  }

  read<K extends SystemKind>(kind: K, id: string): SystemDocs[K] | null {
    const row = this.#read.get(kind, id);
    if (row === undefined) return null;
    const stored = { version: number(row, 'version'), text: text(row, 'body') };
    return decodeDocument(kind, id, stored, this.#migrations);
  }

  write<K extends SystemKind>(kind: K, id: string, doc: SystemDocs[K]): void {
    this.#write.run(kind, id, versionOf(kind, this.#migrations), encodeDocument(kind, doc));
  }
}

export function systemStore(db: DatabaseSync, migrations: Migrations, writer: Writer): SystemStore {
  const table = new SystemTable(db, migrations);
  return {
    get: (kind, id) => patiently(() => table.read(kind, id)),
    update: (kind, id, change) =>
      writer.write(() => {
        const known = table.read(kind, id);
        const changed = change(known);
        if (changed !== null) table.write(kind, id, changed);
        return changed ?? known;
      }),
  };
}
