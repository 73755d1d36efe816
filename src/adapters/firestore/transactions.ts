/**
 * Transactions, repeated until they stand or patience is over. Those of one lane run one after another in this process.
 *
 * What a work reads it does not lock, but for what hardly anybody writes: two instances that hold locks on one document
 * would wait for one another until the server loses patience. Instead a document is written only as long as it is what
 * it was when it was read, and what was read and is not written is looked at again within the transaction.
 *
 * A commit whose answer was lost may stand or not. So each leaves its mark on what it writes, and the attempt after
 * such a loss first looks for it, within its own transaction: found, the work is done and is not run again. Whoever
 * writes a document keeps the marks of those before him, so that the look is not spoilt by another instance. Only a
 * work that leaves nothing behind to carry a mark (it removes, and puts nothing) is run again all the same.
 */

import { randomBytes } from 'node:crypto';
import {
  FieldValue,
  type DocumentReference,
  type DocumentSnapshot,
  type Precondition,
  type Transaction,
} from '@google-cloud/firestore';
import { outOfPatience, PATIENCE_MS } from '../../seams/contention.ts';
import type { Connection } from './connection.ts';
import { changedMeanwhile, DEADLINE_EXCEEDED, Failure, failureOf, isUnmet } from './failures.ts';
import type { Fields } from './fields.ts';
import { Lanes } from './lanes.ts';
import { patiently } from './patience.ts';
import { marksIn, Reads } from './reads.ts';

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
      const reads = new Reads(firestore, transaction, calls);
      const stands = await firstToStand(reads, unsure);
      if (stands !== null) return stands.result;
      const { result, writes } = await believed(reads, body);
      await reads.confirm(pathsOf(reads, writes));
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
      if (isUnmet(failure)) throw changedMeanwhile();
      if (failure.isAmbiguous) unsure.push(sent);
      throw failure;
    }
  }
}

/** What the commit itself holds against what was read: a document that is not there is not removed. */
function pathsOf(reads: Reads, writes: readonly Write[]): readonly string[] {
  return writes
    .filter(({ ref, fields }) => fields !== null || reads.known(ref)?.exists !== false)
    .map(({ ref }) => ref.path);
}

/** What a work concluded, its refusal too, from what stood together. */
async function believed<T>(reads: Reads, body: Body<T>): Promise<Done<T>> {
  try {
    return await body(reads);
  } catch (error) {
    if (!(error instanceof Failure)) await reads.confirm([]);
    throw error;
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
    const known = reads.known(ref);
    if (fields === null) {
      if (known === undefined) transaction.delete(ref);
      else if (known.exists) transaction.delete(ref, unchanged(known));
      continue;
    }
    const stamped = { ...fields, marks: [...marksIn(known), mark].slice(-MOST_MARKS) };
    if (known === undefined) transaction.set(ref, stamped);
    else if (known.exists) transaction.update(ref, { ...vanished(known, fields), ...stamped }, unchanged(known));
    else transaction.create(ref, stamped);
    marked.push(ref);
  }
  return { mark, marked };
}

/** Holds as long as nobody has written the document since. */
function unchanged({ updateTime }: DocumentSnapshot): Precondition {
  return updateTime === undefined ? {} : { lastUpdateTime: updateTime };
}

/** Fields it had and has no longer. */
function vanished(known: DocumentSnapshot, fields: Fields): Record<string, FieldValue> {
  const gone = Object.keys(known.data() ?? {}).filter((field) => !(field in fields));
  return Object.fromEntries(gone.map((field) => [field, FieldValue.delete()]));
}
