/** Opens the configured store. A store loads its own library only when it is the one: the other’s costs memory and time. */

import type { StoreConfig } from './config.ts';
import type { Store } from './seams/store.ts';

/** Throws `StoreUnavailable`, in one line, when it cannot be used. */
export async function openStore(config: StoreConfig): Promise<Store> {
  if (config.kind === 'sqlite') {
    const { openSqliteStore } = await import('./adapters/sqlite/store.ts');
    return openSqliteStore({ path: config.path });
  }
  const { openFirestoreStore } = await import('./adapters/firestore/store.ts');
  const { project, database } = config;
  return openFirestoreStore({ databaseId: database, ...(project !== null && { projectId: project }) });
}

/** Where it is, for people. */
export function nameOf(config: StoreConfig): string {
  if (config.kind === 'sqlite') return config.path;
  return `Firestore ${config.database}${config.project === null ? '' : ` of ${config.project}`}`;
}
