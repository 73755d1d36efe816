/** The one connection to a database: how it is set up, who may still use it, and how it ends. */

import { Firestore, type Settings } from '@google-cloud/firestore';
import { StoreUnavailable } from '../../seams/store-errors.ts';

export interface FirestoreOptions {
  readonly projectId: string;
  /** `(default)` where none is named. */
  readonly databaseId?: string;
  /** `host:port` of an emulator. Without it the client goes by `FIRESTORE_EMULATOR_HOST`, then to Google. */
  readonly emulator?: string;
}

/**
 * A commit is never repeated below us: whether the first one stands is ours to find out. Nor may one hang for a minute
 * with its user's next events waiting behind it.
 */
const COMMIT_LIMIT_MS = 10_000;
const CLIENT_CONFIG = {
  interfaces: {
    'google.firestore.v1.Firestore': {
      retry_codes: { none: [] },
      methods: { Commit: { timeout_millis: COMMIT_LIMIT_MS, retry_codes_name: 'none' } },
    },
  },
};

export class Connection {
  readonly firestore: Firestore;
  #users = 0;
  #closing: Promise<void> | null = null;
  #whenIdle: (() => void)[] = [];

  constructor(options: FirestoreOptions) {
    this.firestore = new Firestore(settingsOf(options));
  }

  /** Runs what uses the connection and keeps it open until then. Refuses once `close` was called. */
  async use<T>(run: () => Promise<T>): Promise<T> {
    if (this.#closing !== null) throw new StoreUnavailable('the store is closed');
    this.#users += 1;
    try {
      return await run();
    } finally {
      this.#users -= 1;
      if (this.#users === 0) for (const idle of this.#whenIdle.splice(0)) idle();
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#idle().then(() => this.firestore.terminate()));
  }

  #idle(): Promise<void> {
    if (this.#users === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }
}

function settingsOf({ projectId, databaseId, emulator }: FirestoreOptions): Settings {
  return {
    projectId,
    clientConfig: CLIENT_CONFIG,
    ...(databaseId !== undefined && { databaseId }),
    ...(emulator !== undefined && { host: emulator, ssl: false }),
  };
}
