/** Runs one unit of work of one user. What the store fails at ends the attempt; of the rest the work is told. */

import { isDocumentId } from '../../seams/documents.ts';
import type { Migrations } from '../../seams/migrations.ts';
import type { DocKey, Docs, Kind, ListQuery, Read, Row, Tx, Work } from '../../seams/store.ts';
import { Failure } from './failures.ts';
import { documentOf, fieldsOf } from './fields.ts';
import { listQuery, rowsOf } from './list.ts';
import type { UserPaths } from './paths.ts';
import type { Reads } from './reads.ts';
import type { Done, Write } from './transactions.ts';

export async function runWork<T>(
  reads: Reads,
  paths: UserPaths,
  migrations: Migrations,
  work: (tx: Tx) => Work<T>,
): Promise<Done<T>> {
  const tx = new WorkTx(reads, paths, migrations);
  try {
    const result = await drive(work(tx), (read) => tx.answer(read));
    return { result, writes: tx.writes() };
  } finally {
    tx.end();
  }
}

async function drive<T>(work: Work<T>, answer: (read: Read) => Promise<unknown>): Promise<T> {
  let step = work.next();
  while (!step.done) {
    let value: unknown;
    try {
      value = await answer(step.value);
    } catch (error) {
      if (error instanceof Failure) throw error;
      step = work.throw(error);
      continue;
    }
    step = work.next(value);
  }
  return step.value;
}

/** Read by many works and written by few: locked, so that they need not be looked at twice. */
const STEADY: ReadonlySet<Kind> = new Set<Kind>(['user', 'car', 'secret', 'location']);

interface Change {
  readonly kind: Kind;
  readonly id: string;
  /** `null` removes. */
  readonly doc: Docs[Kind] | null;
}

class WorkTx implements Tx {
  readonly #reads: Reads;
  readonly #paths: UserPaths;
  readonly #migrations: Migrations;
  readonly #changes = new Map<string, Change>();
  #over = false;

  constructor(reads: Reads, paths: UserPaths, migrations: Migrations) {
    this.#reads = reads;
    this.#paths = paths;
    this.#migrations = migrations;
  }

  *get<K extends Kind>(kind: K, id: string): Work<Docs[K] | null> {
    const [doc = null] = yield* this.getMany([{ kind, id }]);
    return doc;
  }

  *getMany<K extends Kind>(keys: readonly DocKey<K>[]): Work<readonly (Docs[K] | null)[]> {
    this.#refuseWhenOver();
    // `answer` gives for each key a document of its kind.
    return (yield { read: 'get', keys }) as readonly (Docs[K] | null)[];
  }

  *list<K extends Kind>(kind: K, query: ListQuery): Work<readonly Row<K>[]> {
    this.#refuseWhenOver();
    return (yield { read: 'list', kind, query }) as readonly Row<K>[];
  }

  put<K extends Kind>(kind: K, id: string, doc: Docs[K]): void {
    if (!isDocumentId(kind, id)) throw new Error(`no ${kind} can lie under the id ${JSON.stringify(id.slice(0, 100))}`);
    this.#change({ kind, id, doc });
  }

  remove(kind: Kind, id: string): void {
    if (isDocumentId(kind, id)) this.#change({ kind, id, doc: null });
  }

  async answer(read: Read): Promise<unknown> {
    this.#refuseWhenOver();
    return read.read === 'list' ? this.#list(read.kind, read.query) : this.#getMany(read.keys);
  }

  writes(): readonly Write[] {
    return [...this.#changes.values()].map(({ kind, id, doc }) => ({
      ref: this.#paths.document(kind, id),
      fields: doc === null ? null : fieldsOf(kind, id, doc, this.#migrations),
    }));
  }

  end(): void {
    this.#over = true;
  }

  async #getMany(keys: readonly DocKey[]): Promise<readonly (Docs[Kind] | null)[]> {
    const stored = keys.filter(({ kind, id }) => isDocumentId(kind, id) && !this.#changes.has(keyOf(kind, id)));
    const refs = (steady: boolean) =>
      stored.filter(({ kind }) => STEADY.has(kind) === steady).map(({ kind, id }) => this.#paths.document(kind, id));
    await Promise.all([this.#reads.lock(refs(true)), this.#reads.get(refs(false))]);
    return keys.map(({ kind, id }) => {
      const changed = this.#changes.get(keyOf(kind, id));
      if (changed !== undefined) return changed.doc;
      const snapshot = isDocumentId(kind, id) ? this.#reads.known(this.#paths.document(kind, id)) : undefined;
      return snapshot === undefined ? null : documentOf(kind, id, snapshot, this.#migrations);
    });
  }

  async #list(kind: Kind, query: ListQuery): Promise<readonly Row<Kind>[]> {
    const found = listQuery(this.#paths, kind, query);
    return found === null ? [] : rowsOf(kind, query, await this.#reads.query(found), this.#migrations);
  }

  #change(change: Change): void {
    this.#refuseWhenOver();
    this.#changes.set(keyOf(change.kind, change.id), change);
  }

  #refuseWhenOver(): void {
    if (this.#over) throw new Error('this transaction is over');
  }
}

/** No kind holds a `/`. */
function keyOf(kind: Kind, id: string): string {
  return `${kind}/${id}`;
}
