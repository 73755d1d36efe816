/** Device tokens, sessions and links, each in a table of its own, under the hash of their secret. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DeviceToken } from '../../domain/tokens.ts';
import { encodeDocument } from '../../seams/documents.ts';
import { decodeDocument, versionOf, type Migrations } from '../../seams/migrations.ts';
import type { TokenStore } from '../../seams/store.ts';
import { number, text, type Columns } from './columns.ts';
import type { Group } from './group.ts';
import { patiently } from './patience.ts';
import type { Snapshot } from './snapshot.ts';
import type { Writer } from './writer.ts';

export type Shelf = 'token' | 'session' | 'link';

/** One table. Knows nothing of transactions. */
export class TokenTable {
  /** Tells the tables apart in memory. */
  readonly shelf: Shelf;
  readonly #migrations: Migrations;
  readonly #read: StatementSync;
  readonly #write: StatementSync;
  readonly #ofOwner: StatementSync;
  readonly #hash: StatementSync;
  readonly #remove: StatementSync;
  readonly #erase: StatementSync;

  constructor(db: DatabaseSync, migrations: Migrations, shelf: Shelf) {
    this.shelf = shelf;
    this.#migrations = migrations;
    this.#read = db.prepare(`SELECT hash, version, body FROM ${shelf} WHERE hash = ?`);
    this.#write = db.prepare(`INSERT OR REPLACE INTO ${shelf} (hash, owner, id, version, body) VALUES (?, ?, ?, ?, ?)`);
    this.#ofOwner = db.prepare(`SELECT hash, version, body FROM ${shelf} WHERE owner = ? ORDER BY id`);
    this.#hash = db.prepare(`SELECT hash FROM ${shelf} WHERE owner = ? AND id = ?`);
    this.#remove = db.prepare(`DELETE FROM ${shelf} WHERE hash = ?`);
    this.#erase = db.prepare(`DELETE FROM ${shelf} WHERE owner = ?`);
  }

  read(hash: string): DeviceToken | null {
    const row = this.#read.get(hash);
    return row === undefined ? null : this.#decoded(row);
  }

  write(hash: string, token: DeviceToken): void {
    const version = versionOf(this.shelf, this.#migrations);
    this.#write.run(hash, token.owner, token.id, version, encodeDocument(this.shelf, token));
  }

  ofOwner(owner: string): DeviceToken[] {
    return this.#ofOwner.all(owner).map((row) => this.#decoded(row));
  }

  hashOf(owner: string, id: string): string | null {
    const row = this.#hash.get(owner, id);
    return row === undefined ? null : text(row, 'hash');
  }

  remove(hash: string): void {
    this.#remove.run(hash);
  }

  eraseOf(owner: string): void {
    this.#erase.run(owner);
  }

  #decoded(row: Columns): DeviceToken {
    const stored = { version: number(row, 'version'), text: text(row, 'body') };
    return decodeDocument(this.shelf, text(row, 'hash').slice(0, 8), stored, this.#migrations);
  }
}

const TOKEN_BYTES = 400;

export function tokenStore(table: TokenTable, snapshot: Snapshot, writer: Writer): TokenStore {
  const prefix = table.shelf === 'token' ? '' : `${table.shelf} `;
  const known = (hash: string): DeviceToken | null => {
    const cached = snapshot.tokens.get(prefix + hash);
    if (cached !== undefined) return cached;
    const token = table.read(hash);
    snapshot.tokens.set(prefix + hash, token, TOKEN_BYTES);
    return token;
  };
  // Also within the transaction: should it fail, everything in memory is forgotten anyway.
  const remember = (group: Group, hash: string, token: DeviceToken | null) =>
    group.snapshot.tokens.set(prefix + hash, token, TOKEN_BYTES);
  const put = (group: Group, hash: string, token: DeviceToken) => {
    table.write(hash, token);
    remember(group, hash, token);
  };
  return {
    get: (hash) =>
      patiently(() => {
        snapshot.renewOnceATurn();
        return known(hash);
      }),
    put: (hash, token) => writer.write((group) => put(group, hash, token)),
    update: (hash, change) =>
      writer.write((group) => {
        const token = known(hash);
        const changed = token === null ? null : change(token);
        if (changed !== null) put(group, hash, changed);
        return changed ?? token;
      }),
    take: (hash) =>
      writer.write((group) => {
        const token = known(hash);
        if (token === null) return null;
        table.remove(hash);
        remember(group, hash, null);
        return token;
      }),
    listOf: (owner) => patiently(() => table.ofOwner(owner)),
    hashOf: (owner, id) => patiently(() => table.hashOf(owner, id)),
  };
}
