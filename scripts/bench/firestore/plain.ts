/** The measure: Google's client alone, reading and writing the very documents a course reads and writes, knowing them beforehand. */

import type { DocumentReference, Firestore } from '@google-cloud/firestore';
import { fieldsOf, type Fields } from '../../../src/adapters/firestore/fields.ts';
import { UserPaths } from '../../../src/adapters/firestore/paths.ts';
import { MIGRATIONS } from '../../../src/seams/migrations.ts';
import type { DocKey, Store } from '../../../src/seams/store.ts';
import { recording, type Put, type Recorded } from '../recording.ts';
import type { Turns } from '../side-by-side.ts';
import { driverOn, type Course } from './courses.ts';

interface Written extends DocKey {
  /** `null` removes. */
  readonly fields: Fields | null;
}

interface Transacted {
  readonly reads: readonly DocKey[];
  readonly writes: readonly Written[];
}

export interface Rehearsed {
  readonly begin: readonly Transacted[];
  readonly calls: readonly Transacted[];
}

/** Lets somebody drive the course once, and keeps what that reads and writes. */
export async function rehearse(course: Course, unrecorded: Store): Promise<Rehearsed> {
  const { store, take } = recording(unrecorded);
  const driver = driverOn(store, `${course.name}@example.com`);
  await course.begin(driver);
  const begin = take().map(transacted);
  const calls: Transacted[] = [];
  for (let i = 0; i < course.calls; i += 1) {
    await course.call(driver, i);
    calls.push(...take().map(transacted));
  }
  if (calls.length !== course.calls) throw new Error(`a ${course.name} takes more than a transaction a call`);
  return { begin, calls };
}

function transacted({ reads, listed, writes }: Recorded): Transacted {
  if (listed > 0) throw new Error('a list is not read again as it was');
  return { reads, writes: writes.map(written) };
}

function written({ kind, id, doc }: Put): Written {
  return { kind, id, fields: doc && fieldsOf(kind, id, doc, MIGRATIONS) };
}

export async function* repeating({ begin, calls }: Rehearsed, firestore: Firestore, name: string): Turns {
  for (let lap = 0; ; lap += 1) {
    const paths = new UserPaths(firestore, `${name}-${lap}@example.com`);
    for (const one of begin) await transact(firestore, paths, one);
    for (const one of calls) yield () => transact(firestore, paths, one);
  }
}

function transact(firestore: Firestore, paths: UserPaths, { reads, writes }: Transacted): Promise<void> {
  const refOf = ({ kind, id }: DocKey): DocumentReference => paths.document(kind, id);
  return firestore.runTransaction(async (transaction) => {
    if (reads.length > 0) await transaction.getAll(...reads.map(refOf));
    for (const one of writes) {
      if (one.fields === null) transaction.delete(refOf(one));
      else transaction.set(refOf(one), one.fields);
    }
  });
}
