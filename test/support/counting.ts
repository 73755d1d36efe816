/** A store that counts what is read and written through it, as Firestore would bill it. */

import type { DocKey, Docs, Kind, ListQuery, Store, Tx, UserStore, Work } from '../../src/seams/store.ts';

export interface Count {
  /** Documents asked for, each once per transaction; a list costs what it answers, at least one. */
  reads: number;
  /** Documents put or removed, each once per transaction. */
  writes: number;
}

export interface Counting {
  readonly store: Store;
  /** What happened since this was asked before. */
  take(): Count;
}

export function counting(store: Store): Counting {
  let count: Count = { reads: 0, writes: 0 };
  const add = (reads: number, writes: number) => {
    count = { reads: count.reads + reads, writes: count.writes + writes };
  };
  return {
    store: { ...store, tokens: store.tokens, forUser: (email) => countingUser(store.forUser(email), add) },
    take() {
      const taken = count;
      count = { reads: 0, writes: 0 };
      return taken;
    },
  };
}

type Add = (reads: number, writes: number) => void;

function countingUser(user: UserStore, add: Add): UserStore {
  return {
    email: user.email,
    async transact<T>(work: (tx: Tx) => Work<T>): Promise<T> {
      let counted: CountingTx | null = null;
      const result = await user.transact((tx) => work((counted = new CountingTx(tx))));
      const { read, listed, written } = counted ?? { read: new Set(), listed: 0, written: new Set() };
      add(read.size + listed, written.size);
      return result;
    },
    get(kind, id) {
      add(1, 0);
      return user.get(kind, id);
    },
    async list(kind, query) {
      const rows = await user.list(kind, query);
      add(Math.max(1, rows.length), 0);
      return rows;
    },
  };
}

class CountingTx implements Tx {
  listed = 0;
  readonly read = new Set<string>();
  readonly written = new Set<string>();
  readonly #tx: Tx;

  constructor(tx: Tx) {
    this.#tx = tx;
  }

  get<K extends Kind>(kind: K, id: string): Work<Docs[K] | null> {
    this.read.add(`${kind}/${id}`);
    return this.#tx.get(kind, id);
  }

  getMany<K extends Kind>(keys: readonly DocKey<K>[]): Work<readonly (Docs[K] | null)[]> {
    for (const { kind, id } of keys) this.read.add(`${kind}/${id}`);
    return this.#tx.getMany(keys);
  }

  *list<K extends Kind>(kind: K, query: ListQuery) {
    const rows = yield* this.#tx.list(kind, query);
    this.listed += Math.max(1, rows.length);
    return rows;
  }

  put<K extends Kind>(kind: K, id: string, doc: Docs[K]): void {
    this.written.add(`${kind}/${id}`);
    this.#tx.put(kind, id, doc);
  }

  remove(kind: Kind, id: string): void {
    this.written.add(`${kind}/${id}`);
    this.#tx.remove(kind, id);
  }
}
