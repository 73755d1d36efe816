/** Runs one unit of work of one user inside a group. What it writes joins the group only when it has run to its end. */

import { isDocumentId } from '../../seams/documents.ts';
import type { DocKey, Docs, Kind, ListQuery, Read, Row, Tx, Work } from '../../seams/store.ts';
import { keyOf, type Group, type Write } from './group.ts';

export function runWork<T>(group: Group, email: string, work: (tx: Tx) => Work<T>): T {
  const tx = new WorkTx(group, email);
  try {
    const result = drive(work(tx), (read) => tx.answer(read));
    group.add(tx.writes);
    return result;
  } finally {
    tx.end();
  }
}

/** The `Tx` below reads as soon as it is asked; a work may also yield a read itself. */
function drive<T>(work: Work<T>, answer: (read: Read) => unknown): T {
  let step = work.next();
  while (!step.done) {
    let value: unknown;
    try {
      value = answer(step.value);
    } catch (error) {
      step = work.throw(error);
      continue;
    }
    step = work.next(value);
  }
  return step.value;
}

class WorkTx implements Tx {
  readonly writes = new Map<string, Write>();
  readonly #group: Group;
  readonly #email: string;
  #over = false;

  constructor(group: Group, email: string) {
    this.#group = group;
    this.#email = email;
  }

  get<K extends Kind>(kind: K, id: string): Work<Docs[K] | null> {
    return atOnce(() => this.#read(kind, id));
  }

  getMany<K extends Kind>(keys: readonly DocKey<K>[]): Work<readonly (Docs[K] | null)[]> {
    return atOnce(() => keys.map(({ kind, id }) => this.#read(kind, id)));
  }

  list<K extends Kind>(kind: K, query: ListQuery): Work<readonly Row<K>[]> {
    return atOnce(() => this.#list(kind, query));
  }

  put<K extends Kind>(kind: K, id: string, doc: Docs[K]): void {
    if (!isDocumentId(kind, id)) throw new Error(`no ${kind} can lie under the id ${JSON.stringify(id.slice(0, 100))}`);
    this.#write(kind, id, doc);
  }

  remove(kind: Kind, id: string): void {
    if (isDocumentId(kind, id)) this.#write(kind, id, null);
  }

  answer(read: Read): unknown {
    if (read.read === 'list') return this.#list(read.kind, read.query);
    return read.keys.map(({ kind, id }) => this.#read(kind, id));
  }

  end(): void {
    this.#over = true;
  }

  #read<K extends Kind>(kind: K, id: string): Docs[K] | null {
    this.#refuseWhenOver();
    if (!isDocumentId(kind, id)) return null;
    const own = this.writes.get(keyOf(this.#email, kind, id));
    if (own !== undefined) return own.doc as Docs[K] | null;
    return this.#group.read(this.#email, kind, id);
  }

  #list<K extends Kind>(kind: K, query: ListQuery): readonly Row<K>[] {
    this.#refuseWhenOver();
    return this.#group.list(this.#email, kind, query);
  }

  #write(kind: Kind, id: string, doc: Docs[Kind] | null): void {
    this.#refuseWhenOver();
    this.writes.set(keyOf(this.#email, kind, id), { email: this.#email, kind, id, doc });
  }

  #refuseWhenOver(): void {
    if (this.#over) throw new Error('this transaction is over');
  }
}

/** A read this store answers without waiting; it happens when the work comes to it. */
// oxlint-disable-next-line require-yield -- nothing to wait for
function* atOnce<T>(read: () => T): Work<T> {
  return read();
}
