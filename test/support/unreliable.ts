/** A store that dies in the middle of a transaction, or just after it, when told to. What it committed stays committed. */

import type { Kind, Store, Tx, UserStore, Work } from '../../src/seams/store.ts';

export class Died extends Error {
  override readonly name = 'Died';
}

/** When the next transaction dies: before its nth write, after its commit, or not at all. */
export type Death = { readonly beforeWrite: number } | 'after_commit' | null;

export function unreliable(store: Store, nextDeath: () => Death): Store {
  return {
    ...store,
    tokens: store.tokens,
    forUser: (email) => unreliableUser(store.forUser(email), nextDeath),
  };
}

function unreliableUser(user: UserStore, nextDeath: () => Death): UserStore {
  return {
    email: user.email,
    get: (kind, id) => user.get(kind, id),
    list: (kind, query) => user.list(kind, query),
    async transact<T>(work: (tx: Tx) => Work<T>): Promise<T> {
      const death = nextDeath();
      const dies = death !== null && death !== 'after_commit' ? death.beforeWrite : Infinity;
      const result = await user.transact((tx) => work(mortal(tx, dies)));
      if (death === 'after_commit') throw new Died('after the commit');
      return result;
    },
  };
}

function mortal(tx: Tx, beforeWrite: number): Tx {
  let writes = 0;
  const count = () => {
    writes += 1;
    if (writes >= beforeWrite) throw new Died(`before write ${writes}`);
  };
  return {
    get: (kind, id) => tx.get(kind, id),
    getMany: (keys) => tx.getMany(keys),
    list: (kind, query) => tx.list(kind, query),
    put: (kind, id, doc) => {
      count();
      tx.put(kind, id, doc);
    },
    remove: (kind: Kind, id: string) => {
      count();
      tx.remove(kind, id);
    },
  };
}
