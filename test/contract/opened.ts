/** How the contract gets at a store, and the short ways its tests write and read with. */

import { afterEach } from 'vitest';
import type { Migrations } from '../../src/seams/migrations.ts';
import type { Docs, Kind, ListQuery, Row, Store, UserStore } from '../../src/seams/store.ts';

/** An empty store. `reopen` closes it and opens what it holds again, as another program version where told so. */
export interface Opened {
  readonly store: Store;
  readonly reopen: (migrations?: Migrations) => Promise<Store>;
}

export type OpenStore = (migrations?: Migrations) => Promise<Opened>;

/** Opens stores for the tests of a block and closes them behind each. */
export function opener(open: OpenStore): OpenStore {
  const stores: Store[] = [];
  const kept = (store: Store): Store => {
    stores.push(store);
    return store;
  };
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  return async (migrations) => {
    const opened = await open(migrations);
    kept(opened.store);
    return { store: opened.store, reopen: async (newer) => kept(await opened.reopen(newer)) };
  };
}

export function put<K extends Kind>(store: UserStore, kind: K, id: string, doc: Docs[K]): Promise<void> {
  // oxlint-disable-next-line require-yield -- reads nothing
  return store.transact(function* (tx) {
    tx.put(kind, id, doc);
  });
}

export function putAll<K extends Kind>(
  store: UserStore,
  kind: K,
  docs: Readonly<Record<string, Docs[K]>>,
): Promise<void> {
  // oxlint-disable-next-line require-yield -- reads nothing
  return store.transact(function* (tx) {
    for (const [id, doc] of Object.entries(docs)) tx.put(kind, id, doc);
  });
}

export function remove(store: UserStore, kind: Kind, id: string): Promise<void> {
  // oxlint-disable-next-line require-yield -- reads nothing
  return store.transact(function* (tx) {
    tx.remove(kind, id);
  });
}

export async function idsOf<K extends Kind>(store: UserStore, kind: K, query: ListQuery): Promise<string[]> {
  return (await store.list(kind, query)).map((row) => row.id);
}

/** Every page of a list, each beginning behind the last row of the one before. */
export async function* pages<K extends Kind>(
  store: UserStore,
  kind: K,
  query: ListQuery,
): AsyncGenerator<readonly Row<K>[]> {
  let after = query.after;
  for (;;) {
    const rows = await store.list(kind, after === undefined ? query : { ...query, after });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = { sort: last.sort, id: last.id };
  }
}

export async function pagedIds<K extends Kind>(store: UserStore, kind: K, query: ListQuery): Promise<string[]> {
  const ids: string[] = [];
  for await (const rows of pages(store, kind, query)) ids.push(...rows.map((row) => row.id));
  return ids;
}
