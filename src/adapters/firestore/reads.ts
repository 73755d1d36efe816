/** What one attempt at a transaction reads: each document once, and in the end whether all of it stood together. */

import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
  QuerySnapshot,
  Transaction,
} from '@google-cloud/firestore';
import type { Calls } from './calls.ts';
import { changedMeanwhile } from './failures.ts';

const READ_LIMIT_MS = 10_000;

interface Listed {
  readonly query: Query;
  readonly found: QuerySnapshot;
}

export class Reads {
  readonly #firestore: Firestore;
  readonly #transaction: Transaction;
  readonly #calls: Calls;
  readonly #known = new Map<string, DocumentSnapshot>();
  readonly #locked = new Set<string>();
  readonly #listed: Listed[] = [];
  /** One round trip is a picture of one moment; of several something may have changed in between. */
  #rounds = 0;

  constructor(firestore: Firestore, transaction: Transaction, calls: Calls) {
    this.#firestore = firestore;
    this.#transaction = transaction;
    this.#calls = calls;
  }

  /** In the order asked, all that is not yet known in one round trip. */
  async get(refs: readonly DocumentReference[]): Promise<readonly DocumentSnapshot[]> {
    await this.#learn(refs, this.#firestore);
    return refs.flatMap((ref) => this.#known.get(ref.path) ?? []);
  }

  /** The same, to be `known` afterwards; nobody else writes them before this transaction is over. */
  async lock(refs: readonly DocumentReference[]): Promise<void> {
    for (const { ref } of await this.#learn(refs, this.#transaction)) this.#locked.add(ref.path);
  }

  async query(query: Query): Promise<QuerySnapshot> {
    this.#rounds += 1;
    const found = await this.#calls.ask(() => query.get(), READ_LIMIT_MS);
    this.#listed.push({ query, found });
    return found;
  }

  known(ref: DocumentReference): DocumentSnapshot | undefined {
    return this.#known.get(ref.path);
  }

  /**
   * Throws a contention when something it read is no longer so. `written`: paths of documents the commit itself writes,
   * and only as long as they are as they were read. From here on the rest stays as it is until the commit.
   */
  async confirm(written: readonly string[]): Promise<void> {
    if (written.length === 0 && this.#rounds <= 1) return;
    const open = [...this.#known.values()].filter(
      ({ ref: { path } }) => !this.#locked.has(path) && !written.includes(path),
    );
    if (open.length > 0) {
      const refs = open.map(({ ref }) => ref);
      const now = await this.#calls.ask(() => this.#transaction.getAll(...refs), READ_LIMIT_MS);
      if (!open.every((before, i) => isSame(before, now[i]))) throw changedMeanwhile();
    }
    for (const { query, found } of this.#listed) {
      const { docs } = await this.#calls.ask(() => this.#transaction.get(query), READ_LIMIT_MS);
      if (docs.length !== found.size || !found.docs.every((before, i) => isSame(before, docs[i])))
        throw changedMeanwhile();
    }
  }

  /** Answers what was not known before. */
  async #learn(
    refs: readonly DocumentReference[],
    from: Pick<Firestore | Transaction, 'getAll'>,
  ): Promise<readonly DocumentSnapshot[]> {
    const missing = new Map(refs.filter(({ path }) => !this.#known.has(path)).map((ref) => [ref.path, ref]));
    if (missing.size === 0) return [];
    this.#rounds += 1;
    const found = await this.#calls.ask(() => from.getAll(...missing.values()), READ_LIMIT_MS);
    for (const snapshot of found) this.#known.set(snapshot.ref.path, snapshot);
    return found;
  }
}

function isSame(before: DocumentSnapshot, now: DocumentSnapshot | undefined): boolean {
  if (now === undefined || now.ref.path !== before.ref.path || now.exists !== before.exists) return false;
  return !before.exists || (before.updateTime !== undefined && now.updateTime?.isEqual(before.updateTime) === true);
}

/** The latest transactions that wrote a document. */
export function marksIn(snapshot: DocumentSnapshot | undefined): readonly string[] {
  const marks: unknown = snapshot?.get('marks');
  return Array.isArray(marks) ? marks.filter((mark) => typeof mark === 'string') : [];
}
