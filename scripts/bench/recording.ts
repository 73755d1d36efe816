/** A store that notes what is read and written through it: a document that a transaction asks for again is read once. */

import type { DocKey, Docs, Kind, ListQuery, Store, Tx, UserStore, Work } from '../../src/seams/store.ts';

export interface Put {
  readonly kind: Kind;
  readonly id: string;
  /** `null` removes. */
  readonly doc: Docs[Kind] | null;
}

/** One transaction, or one read outside of any. */
export interface Recorded {
  readonly reads: readonly DocKey[];
  /** Documents that lists answered, at least one for each list. */
  readonly listed: number;
  readonly writes: readonly Put[];
}

export interface Recording {
  readonly store: Store;
  /** What happened since this was asked before. */
  take(): readonly Recorded[];
}

export function recording(store: Store): Recording {
  const recorded: Recorded[] = [];
  const note = (one: Recorded) => void recorded.push(one);
  return {
    store: { ...store, forUser: (email) => recordingUser(store.forUser(email), note) },
    take: () => recorded.splice(0),
  };
}

function recordingUser(user: UserStore, note: (one: Recorded) => void): UserStore {
  return {
    email: user.email,
    async transact<T>(work: (tx: Tx) => Work<T>): Promise<T> {
      const attempts: RecordingTx[] = [];
      const result = await user.transact((tx) => {
        const attempt = new RecordingTx(tx);
        attempts.push(attempt);
        return work(attempt);
      });
      const stands = attempts.at(-1);
      if (stands) note(stands.recorded());
      return result;
    },
    get(kind, id) {
      note({ reads: [{ kind, id }], listed: 0, writes: [] });
      return user.get(kind, id);
    },
    async list(kind, query) {
      const rows = await user.list(kind, query);
      note({ reads: [], listed: Math.max(1, rows.length), writes: [] });
      return rows;
    },
  };
}

class RecordingTx implements Tx {
  readonly #tx: Tx;
  readonly #reads = new Map<string, DocKey>();
  readonly #writes = new Map<string, Put>();
  #listed = 0;

  constructor(tx: Tx) {
    this.#tx = tx;
  }

  get<K extends Kind>(kind: K, id: string): Work<Docs[K] | null> {
    this.#noteRead({ kind, id });
    return this.#tx.get(kind, id);
  }

  getMany<K extends Kind>(keys: readonly DocKey<K>[]): Work<readonly (Docs[K] | null)[]> {
    for (const key of keys) this.#noteRead(key);
    return this.#tx.getMany(keys);
  }

  *list<K extends Kind>(kind: K, query: ListQuery) {
    const rows = yield* this.#tx.list(kind, query);
    this.#listed += Math.max(1, rows.length);
    return rows;
  }

  put<K extends Kind>(kind: K, id: string, doc: Docs[K]): void {
    this.#writes.set(`${kind}/${id}`, { kind, id, doc });
    this.#tx.put(kind, id, doc);
  }

  remove(kind: Kind, id: string): void {
    this.#writes.set(`${kind}/${id}`, { kind, id, doc: null });
    this.#tx.remove(kind, id);
  }

  recorded(): Recorded {
    return { reads: [...this.#reads.values()], listed: this.#listed, writes: [...this.#writes.values()] };
  }

  /** What was written before comes from the transaction itself. */
  #noteRead({ kind, id }: DocKey): void {
    const name = `${kind}/${id}`;
    if (!this.#writes.has(name)) this.#reads.set(name, { kind, id });
  }
}
