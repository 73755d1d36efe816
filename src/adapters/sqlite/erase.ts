/** Removing a user so that neither the file nor its log holds a byte of them. */

import type { DatabaseSync } from 'node:sqlite';
import { SINGLE_KINDS, TRAITS } from '../../seams/documents.ts';
import { number } from './columns.ts';
import type { Documents } from './documents.ts';
import { Busy } from './errors.ts';
import { keyOf, type Group, type Writes } from './group.ts';
import { patiently } from './patience.ts';
import type { TokenTable } from './tokens.ts';
import type { Writer } from './writer.ts';

/**
 * In portions, so that a large logbook holds nobody up. What finds the user goes last and with the last of the rest, so
 * that a call that was cut off leaves a user who can be removed again, and an event in between leaves nothing behind.
 */
export async function eraseUser(
  db: DatabaseSync,
  documents: Documents,
  shelves: readonly TokenTable[],
  writer: Writer,
  email: string,
): Promise<void> {
  const erasePortion = (group: Group): boolean => {
    group.save();
    if (documents.eraseSome(email)) return true;
    group.add(removals(email));
    group.save();
    group.snapshot.tokens.clear();
    for (const shelf of shelves) shelf.eraseOf(email);
    return false;
  };
  while (await writer.write(erasePortion));
  await rebuild(db);
  await emptyLog(db);
}

function removals(email: string): Writes {
  const writes = SINGLE_KINDS.map((kind) => ({ email, kind, id: TRAITS[kind].onlyId ?? '', doc: null }));
  return new Map(writes.map((write) => [keyOf(email, write.kind, write.id), write]));
}

/**
 * What is deleted is overwritten, but not what was copied before: rows that once moved to another page leave a copy in
 * the unused part of theirs. Only a file that is written anew holds none. Readers go on meanwhile, writers wait.
 */
async function rebuild(db: DatabaseSync): Promise<void> {
  // Else the whole file would be built in memory first.
  db.exec('PRAGMA temp_store = FILE');
  try {
    await patiently(() => db.exec('VACUUM'));
  } finally {
    db.exec('PRAGMA temp_store = MEMORY');
  }
}

/** Deleted bytes are overwritten in the file only when the log is folded into it, and leave the log when it is cut. */
async function emptyLog(db: DatabaseSync): Promise<void> {
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  await patiently(() => {
    if (number(checkpoint.get() ?? {}, 'busy') !== 0) throw new Busy('the log is in use');
  });
}
