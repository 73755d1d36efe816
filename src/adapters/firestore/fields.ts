/**
 * A stored document: the same JSON text as in every other store, its version, and beside them what Firestore finds it
 * by. `marks` name the latest transactions that wrote it (see `transactions.ts`).
 */

import type { DocumentSnapshot } from '@google-cloud/firestore';
import { encodeDocument, sortOf, TRAITS } from '../../seams/documents.ts';
import {
  decodeDocument,
  versionOf,
  type Migrations,
  type StoredDocs,
  type StoredKind,
} from '../../seams/migrations.ts';
import type { Docs, Filter, Kind } from '../../seams/store.ts';
import { FILTER_FIELDS } from './shapes.ts';

export type Fields = Readonly<Record<string, string | number | boolean>>;

/** A user's document as fields. Throws `too_large`, and when it has nothing to be listed by. */
export function fieldsOf<K extends Kind>(kind: K, id: string, doc: Docs[K], migrations: Migrations): Fields {
  const dueAt = TRAITS[kind].dueAt?.(doc) ?? null;
  return {
    ...bareFields(kind, doc, migrations),
    ...(TRAITS[kind].sort !== undefined && { sort: storedSort(kind, sortOf(kind, id, doc)) }),
    ...filterFields(kind, doc),
    ...(dueAt !== null && { due_at: dueAt }),
  };
}

/** A document that is found by its name alone. */
export function bareFields(kind: StoredKind, doc: object, migrations: Migrations): Fields {
  return { version: versionOf(kind, migrations), body: encodeDocument(kind, doc) };
}

/** A chunk lies in its trip's own collection and goes by its window: an id with its trip's may be too long to index. */
function storedSort(kind: Kind, sort: number | string): number | string {
  return kind === 'chunk' ? String(sort).slice(String(sort).indexOf('/') + 1) : sort;
}

function filterFields<K extends Kind>(kind: K, doc: Docs[K]): Fields {
  const filters = Object.entries(TRAITS[kind].filters ?? {}) as [
    keyof Filter,
    (doc: Docs[K]) => string | boolean | null,
  ][];
  const found = filters.map(([filter, valueOf]) => [FILTER_FIELDS[filter], valueOf(doc)] as const);
  return Object.fromEntries(found.flatMap(([field, value]) => (value === null ? [] : [[field, value]])));
}

/** What a snapshot holds, `null` when there is no such document. Throws `UnreadableDocument`. */
export function documentOf<K extends StoredKind>(
  kind: K,
  id: string,
  snapshot: DocumentSnapshot,
  migrations: Migrations,
): StoredDocs[K] | null {
  if (!snapshot.exists) return null;
  const version: unknown = snapshot.get('version');
  const body: unknown = snapshot.get('body');
  const whole = typeof version === 'number' && version >= 1 && typeof body === 'string';
  return decodeDocument(kind, id, whole ? { version, text: body } : DAMAGED, migrations);
}

/** Not one of ours: read as what cannot be read. */
const DAMAGED = { version: 1, text: '' };
