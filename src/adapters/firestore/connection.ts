/** The one connection to a database: how it is set up, who may still use it, and how it ends. */

import { setTimeout as pause } from 'node:timers/promises';
import { Firestore, type Settings } from '@google-cloud/firestore';
import { StoreUnavailable } from '../../seams/store-errors.ts';
import { Calls } from './calls.ts';
import { patiently } from './patience.ts';

export interface FirestoreOptions {
  /** Without one: that of the machine it runs on. */
  readonly projectId?: string;
  /** `(default)` where none is named. */
  readonly databaseId?: string;
  /** `host:port` of an emulator. Without it the client goes by `FIRESTORE_EMULATOR_HOST`, then to Google. */
  readonly emulator?: string;
}

/**
 * Nothing is repeated below us that we could not bound: a commit above all, for whether the first one stands is ours to
 * find out. (Reads are still repeated by the client itself, five times within some eight seconds.)
 */
const once = (timeoutMs: number) => ({ timeout_millis: timeoutMs, retry_codes_name: 'none' });
const CLIENT_CONFIG = {
  interfaces: {
    'google.firestore.v1.Firestore': {
      retry_codes: { none: [] },
      methods: {
        BatchGetDocuments: once(10_000),
        RunQuery: once(60_000),
        Commit: once(10_000),
        Rollback: once(10_000),
      },
    },
  },
};

/** What a call may take beyond the patience there is: the last one gets its chance. */
const GRACE_MS = 2_000;
/** How long closing waits for calls nobody waits for any more. */
const PARTING_MS = 2_000;

export class Connection {
  readonly firestore: Firestore;
  readonly calls = new Calls();
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

  /** Outside of a transaction. The call may be repeated: it reads, or what it does twice is done once. */
  ask<T>(call: () => Promise<T>): Promise<T> {
    return patiently((leftMs) => this.calls.ask(call, leftMs + GRACE_MS));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  /** The client must not be ended under a call it still repeats: it would fail where nobody can catch it. */
  async #end(): Promise<void> {
    await this.#idle();
    const ended = this.calls.over().then(() => this.firestore.terminate());
    await Promise.race([ended, pause(PARTING_MS, undefined, { ref: false })]);
  }

  #idle(): Promise<void> {
    if (this.#users === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }
}

function settingsOf({ projectId, databaseId, emulator }: FirestoreOptions): Settings {
  return {
    ...(projectId !== undefined && { projectId }),
    clientConfig: CLIENT_CONFIG,
    // Else a stream is repeated whatever `CLIENT_CONFIG` says.
    gaxServerStreamingRetries: true,
    ...(databaseId !== undefined && { databaseId }),
    ...(emulator !== undefined && { host: emulator, ssl: false }),
  };
}
