/** What belongs to the installation and to no user. Rarely read, never kept in memory. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { encodeDocument, expiryOf } from '../../seams/documents.ts';
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
  readonly #remove: StatementSync;
  readonly #sweep: StatementSync;

  constructor(db: DatabaseSync, migrations: Migrations) {
    this.#migrations = migrations;
    this.#read = db.prepare('SELECT version, body FROM system WHERE kind = ? AND id = ?');
    this.#write = db.prepare(
      'INSERT OR REPLACE INTO system (kind, id, version, expires_at, body) VALUES (?, ?, ?, ?, ?)',
    );
    this.#remove = db.prepare('DELETE FROM system WHERE kind = ? AND id = ?');
    this.#sweep = db.prepare(
      'DELETE FROM system WHERE rowid IN (SELECT rowid FROM system WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)',
    );
  }

  read<K extends SystemKind>(kind: K, id: string): SystemDocs[K] | null {
    const row = this.#read.get(kind, id);
    if (row === undefined) return null;
    const stored = { version: number(row, 'version'), text: text(row, 'body') };
    return decodeDocument(kind, id, stored, this.#migrations);
  }

  write<K extends SystemKind>(kind: K, id: string, doc: SystemDocs[K]): void {
    const version = versionOf(kind, this.#migrations);
    this.#write.run(kind, id, version, expiryOf(doc), encodeDocument(kind, doc));
  }

  remove(kind: SystemKind, id: string): void {
    this.#remove.run(kind, id);
  }

  sweep(now: number, limit: number): number {
    return Number(this.#sweep.run(now, limit).changes);
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
    take: (kind, id) =>
      writer.write(() => {
        const known = table.read(kind, id);
        if (known !== null) table.remove(kind, id);
        return known;
      }),
    sweep: (now, limit) => writer.write(() => table.sweep(now, limit)),
  };
}
