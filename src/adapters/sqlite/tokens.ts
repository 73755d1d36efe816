/** Device tokens, under the hash of their secret. */

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

/** The table of tokens. Knows nothing of transactions. */
export class TokenTable {
  readonly #migrations: Migrations;
  readonly #read: StatementSync;
  readonly #write: StatementSync;
  readonly #ofOwner: StatementSync;
  readonly #hash: StatementSync;
  readonly #erase: StatementSync;

  constructor(db: DatabaseSync, migrations: Migrations) {
    this.#migrations = migrations;
    this.#read = db.prepare('SELECT hash, version, body FROM token WHERE hash = ?');
    this.#write = db.prepare('INSERT OR REPLACE INTO token (hash, owner, id, version, body) VALUES (?, ?, ?, ?, ?)');
    this.#ofOwner = db.prepare('SELECT hash, version, body FROM token WHERE owner = ? ORDER BY id');
    this.#hash = db.prepare('SELECT hash FROM token WHERE owner = ? AND id = ?');
    this.#erase = db.prepare('DELETE FROM token WHERE owner = ?');
  }

  read(hash: string): DeviceToken | null {
    const row = this.#read.get(hash);
    return row === undefined ? null : this.#decoded(row);
  }

  write(hash: string, token: DeviceToken): void {
    const version = versionOf('token', this.#migrations);
    this.#write.run(hash, token.owner, token.id, version, encodeDocument('token', token));
  }

  ofOwner(owner: string): DeviceToken[] {
    return this.#ofOwner.all(owner).map((row) => this.#decoded(row));
  }

  hashOf(owner: string, id: string): string | null {
    const row = this.#hash.get(owner, id);
    return row === undefined ? null : text(row, 'hash');
  }

  eraseOf(owner: string): void {
    this.#erase.run(owner);
  }

  #decoded(row: Columns): DeviceToken {
    const stored = { version: number(row, 'version'), text: text(row, 'body') };
    return decodeDocument('token', text(row, 'hash').slice(0, 8), stored, this.#migrations);
  }
}

const TOKEN_BYTES = 400;

export function tokenStore(table: TokenTable, snapshot: Snapshot, writer: Writer): TokenStore {
  const known = (hash: string): DeviceToken | null => {
    const cached = snapshot.tokens.get(hash);
    if (cached !== undefined) return cached;
    const token = table.read(hash);
    snapshot.tokens.set(hash, token, TOKEN_BYTES);
    return token;
  };
  const put = (group: Group, hash: string, token: DeviceToken) => {
    table.write(hash, token);
    // Also within the transaction: should it fail, everything in memory is forgotten anyway.
    group.snapshot.tokens.set(hash, token, TOKEN_BYTES);
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
    listOf: (owner) => patiently(() => table.ofOwner(owner)),
    hashOf: (owner, id) => patiently(() => table.hashOf(owner, id)),
  };
}
