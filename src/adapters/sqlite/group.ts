/**
 * What one transaction has read and is about to write. Works of a group run one after another, each seeing what those
 * before it wrote; a document several of them write is written once.
 */

import type { Docs, Kind, ListQuery, Row } from '../../seams/store.ts';
import { isHot, type Documents } from './documents.ts';
import type { Snapshot } from './snapshot.ts';

export interface Write {
  readonly email: string;
  readonly kind: Kind;
  readonly id: string;
  /** `null` removes. */
  readonly doc: Docs[Kind] | null;
}

export type Writes = ReadonlyMap<string, Write>;

/** Neither an address nor a kind holds a `/`. */
export function keyOf(email: string, kind: Kind, id: string): string {
  return `${kind}/${email}/${id}`;
}

export class Group {
  readonly documents: Documents;
  readonly snapshot: Snapshot;
  readonly #unsaved = new Map<string, Write>();
  #failure: unknown = null;

  constructor(documents: Documents, snapshot: Snapshot) {
    this.documents = documents;
    this.snapshot = snapshot;
  }

  read<K extends Kind>(email: string, kind: K, id: string): Docs[K] | null {
    const key = keyOf(email, kind, id);
    const unsaved = this.#unsaved.get(key);
    // A key begins with its kind, so what lies under it is of that kind.
    if (unsaved !== undefined) return unsaved.doc as Docs[K] | null;
    return readThrough(this.documents, this.snapshot, email, kind, id);
  }

  list<K extends Kind>(email: string, kind: K, query: ListQuery): readonly Row<K>[] {
    this.save();
    return this.documents.list(email, kind, query);
  }

  add(writes: Writes): void {
    for (const [key, write] of writes) this.#unsaved.set(key, write);
  }

  /**
   * Hands what was written to SQLite and answers through the snapshot from here on, which therefore has to be cleared
   * should the transaction not be committed. A failure spoils the whole group, whichever work happens to meet it.
   */
  save(): void {
    try {
      this.#saveAll();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** Saves the rest; throws what spoilt the group, if anything did. */
  finish(): void {
    if (this.#failure !== null) throw this.#failure;
    this.save();
  }

  #saveAll(): void {
    for (const [key, { email, kind, id, doc }] of this.#unsaved) {
      let bytes = 0;
      if (doc === null) this.documents.remove(email, kind, id);
      else bytes = this.documents.write(email, kind, id, doc);
      if (isHot(kind)) this.snapshot.docs.set(key, doc, bytes);
    }
    this.#unsaved.clear();
  }
}

/** A document as committed, from memory where it is hot. */
export function readThrough<K extends Kind>(
  documents: Documents,
  snapshot: Snapshot,
  email: string,
  kind: K,
  id: string,
): Docs[K] | null {
  if (!isHot(kind)) return documents.read(email, kind, id)?.doc ?? null;
  const key = keyOf(email, kind, id);
  const known = snapshot.docs.get(key);
  if (known !== undefined) return known as Docs[K] | null;
  const found = documents.read(email, kind, id);
  snapshot.docs.set(key, found?.doc ?? null, found?.bytes ?? 0);
  return found?.doc ?? null;
}
