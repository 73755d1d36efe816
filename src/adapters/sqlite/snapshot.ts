/**
 * What is known in memory of the file, valid as long as no other connection commits.
 *
 * Ask `renew` before trusting it: inside a transaction once at its beginning, outside once in a turn of the event loop.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DeviceToken } from '../../domain/tokens.ts';
import type { Docs, Kind } from '../../seams/store.ts';
import { Cache } from './cache.ts';
import { number } from './columns.ts';

export class Snapshot {
  /** Documents of the hot kinds; `null`: there is none. */
  readonly docs: Cache<Docs[Kind] | null>;
  readonly tokens: Cache<DeviceToken | null>;
  readonly #dataVersion: StatementSync;
  #version = -1;
  #renewedThisTurn = false;

  constructor(db: DatabaseSync, mostBytes: number) {
    this.docs = new Cache(mostBytes);
    this.tokens = new Cache(mostBytes / 8);
    this.#dataVersion = db.prepare('PRAGMA data_version');
  }

  /** Forgets everything when another connection has committed since. */
  renew(): void {
    const version = number(this.#dataVersion.get() ?? {}, 'data_version');
    if (version !== this.#version) this.clear();
    this.#version = version;
  }

  /** Outside a transaction `renew` costs as much as a read, and one answer serves everything that came in together. */
  renewOnceATurn(): void {
    if (this.#renewedThisTurn) return;
    this.renew();
    this.#renewedThisTurn = true;
    setImmediate(() => (this.#renewedThisTurn = false));
  }

  clear(): void {
    this.docs.clear();
    this.tokens.clear();
  }
}
