/**
 * Transactions, repeated until they stand or patience is over. Those of one lane run one after another in this process.
 *
 * A commit whose answer was lost may stand or not. So each leaves its mark on what it writes, and the attempt after
 * such a loss first looks for it, within its own transaction: found, the work is done and is not run again. Whoever
 * writes a document keeps the marks of those before him, so that the look is not spoilt by another instance. Only a
 * work that leaves nothing behind to carry a mark (it removes, and puts nothing) is run again all the same.
 */

import { randomBytes } from 'node:crypto';
import type { DocumentReference, DocumentSnapshot, Query, QuerySnapshot, Transaction } from '@google-cloud/firestore';
import { outOfPatience, PATIENCE_MS } from '../../seams/contention.ts';
import type { Calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { DEADLINE_EXCEEDED, Failure, failureOf } from './failures.ts';
import type { Fields } from './fields.ts';
import { Lanes } from './lanes.ts';
import { patiently } from './patience.ts';

export interface Write {
  readonly ref: DocumentReference;
  /** `null` removes. */
  readonly fields: Fields | null;
}

export interface Done<T> {
  readonly result: T;
  readonly writes: readonly Write[];
}

/** Runs again from its beginning with every attempt. */
export type Body<T> = (reads: Reads) => Promise<Done<T>>;

/** An attempt whose commit was sent. */
interface Sent<T> {
  readonly mark: string;
  readonly marked: readonly DocumentReference[];
  readonly result: T;
}

const READ_LIMIT_MS = 10_000;
/** What an attempt may take beyond the patience there is. To give up on a commit is to leave open whether it stands. */
const ATTEMPT_GRACE_MS = 4_000;
const MOST_MARKS = 8;
/** All of a transaction's documents are marked or none: a few are enough to look at. */
const MOST_LOOKED_AT = 10;

export class Transactions {
  readonly #connection: Connection;
  readonly #lanes = new Lanes();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  run<T>(lane: string, body: Body<T>): Promise<T> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    return this.#lanes.run(lane, async () => {
      if (performance.now() > giveUpAt) throw outOfPatience();
      const unsure: Sent<T>[] = [];
      return patiently((leftMs) => this.#attempt(body, unsure, leftMs + ATTEMPT_GRACE_MS), giveUpAt);
    });
  }

  async #attempt<T>(body: Body<T>, unsure: Sent<T>[], limitMs: number): Promise<T> {
    let sent: Sent<T> | null = null;
    let givenUp = false;
    const { firestore, calls } = this.#connection;
    const attempt = async (transaction: Transaction): Promise<T> => {
      const reads = new Reads(transaction, calls);
      const stands = await firstToStand(reads, unsure);
      if (stands !== null) return stands.result;
      const { result, writes } = await body(reads);
      if (givenUp) throw new Failure(DEADLINE_EXCEEDED, '');
      sent = { ...writeAll(transaction, reads, writes), result };
      return result;
    };
    try {
      return await calls.within(firestore.runTransaction(attempt, { maxAttempts: 1 }), limitMs);
    } catch (error) {
      givenUp = true;
      if (sent === null) throw error;
      const failure = failureOf(error);
      if (failure.isAmbiguous) unsure.push(sent);
      throw failure;
    }
  }
}

async function firstToStand<T>(reads: Reads, unsure: readonly Sent<T>[]): Promise<Sent<T> | null> {
  for (const sent of unsure) {
    const snapshots = await reads.get(sent.marked.slice(0, MOST_LOOKED_AT));
    if (snapshots.some((snapshot) => marksIn(snapshot).includes(sent.mark))) return sent;
  }
  return null;
}

function writeAll(transaction: Transaction, reads: Reads, writes: readonly Write[]): Omit<Sent<never>, 'result'> {
  const mark = randomBytes(6).toString('base64url');
  const marked: DocumentReference[] = [];
  for (const { ref, fields } of writes) {
    if (fields === null) {
      transaction.delete(ref);
      continue;
    }
    const marks = [...marksIn(reads.known(ref)), mark].slice(-MOST_MARKS);
    transaction.set(ref, { ...fields, marks });
    marked.push(ref);
  }
  return { mark, marked };
}

function marksIn(snapshot: DocumentSnapshot | undefined): readonly string[] {
  const marks: unknown = snapshot?.get('marks');
  return Array.isArray(marks) ? marks.filter((mark) => typeof mark === 'string') : [];
}

/** What one attempt reads: each document once. */
export class Reads {
  readonly #transaction: Transaction;
  readonly #calls: Calls;
  readonly #known = new Map<string, DocumentSnapshot>();

  constructor(transaction: Transaction, calls: Calls) {
    this.#transaction = transaction;
    this.#calls = calls;
  }

  /** In the order asked, all that is not yet known in one round trip. */
  async get(refs: readonly DocumentReference[]): Promise<readonly DocumentSnapshot[]> {
    const missing = new Map(refs.filter((ref) => !this.#known.has(ref.path)).map((ref) => [ref.path, ref]));
    if (missing.size > 0) {
      const found = await this.#calls.ask(() => this.#transaction.getAll(...missing.values()), READ_LIMIT_MS);
      for (const snapshot of found) this.#known.set(snapshot.ref.path, snapshot);
    }
    return refs.flatMap((ref) => this.#known.get(ref.path) ?? []);
  }

  query(query: Query): Promise<QuerySnapshot> {
    return this.#calls.ask(() => this.#transaction.get(query), READ_LIMIT_MS);
  }

  known(ref: DocumentReference): DocumentSnapshot | undefined {
    return this.#known.get(ref.path);
  }
}
