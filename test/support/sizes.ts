/** A store that notes how large the documents are that are put into it. */

import type { Docs, Kind, Store, Tx, UserStore, Work } from '../../src/seams/store.ts';

export interface Measuring {
  readonly store: Store;
  /** Characters of JSON of each document put since this was asked before. */
  take(): number[];
}

export function measuring(store: Store): Measuring {
  let sizes: number[] = [];
  const noted = (tx: Tx): Tx => ({
    get: (kind, id) => tx.get(kind, id),
    getMany: (keys) => tx.getMany(keys),
    list: (kind, query) => tx.list(kind, query),
    remove: (kind, id) => tx.remove(kind, id),
    put<K extends Kind>(kind: K, id: string, doc: Docs[K]) {
      sizes.push(JSON.stringify(doc).length);
      tx.put(kind, id, doc);
    },
  });
  const forUser = (email: string): UserStore => {
    const user = store.forUser(email);
    const transact = <T>(work: (tx: Tx) => Work<T>) => user.transact((tx) => work(noted(tx)));
    return { ...user, transact };
  };
  const take = () => {
    const taken = sizes;
    sizes = [];
    return taken;
  };
  return { store: { ...store, forUser }, take };
}
