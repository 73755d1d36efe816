/** Removing a user with everything that lies below, and the tokens that lie elsewhere. Safe to repeat. */

import type { CollectionReference, DocumentReference } from '@google-cloud/firestore';
import { StoreUnavailable } from '../../seams/store-errors.ts';
import { isKeptAddress, SINGLE_KINDS, TRAITS } from '../../seams/documents.ts';
import type { Connection } from './connection.ts';
import { patiently } from './patience.ts';
import { SHELVES, UserPaths, type Shelf } from './paths.ts';
import { queryOf } from './queries.ts';
import { ownerShape } from './shapes.ts';
import type { Transactions } from './transactions.ts';

/** A logbook of many years is some hundred thousand documents, and the client begins with 500 a second. */
const DELETE_LIMIT_MS = 15 * 60_000;
/** Events that come in meanwhile make more to remove; they do not go on for ever. */
const MOST_ROUNDS = 10;

/**
 * What lies below a user goes first, so that a call that was cut off leaves one who can be removed again. Then goes what
 * finds the user: a work that checks it afterwards writes nothing, and what one wrote before is there to be found at the
 * end.
 */
export async function eraseUser(
  connection: Connection,
  transactions: Transactions,
  lane: string,
  email: string,
): Promise<void> {
  if (!isKeptAddress(email)) return;
  const paths = new UserPaths(connection.firestore, email);
  const erase = (part: DocumentReference | CollectionReference) =>
    patiently(() => connection.calls.ask(() => connection.firestore.recursiveDelete(part), DELETE_LIMIT_MS));
  for (const part of await connection.ask(() => paths.user.listCollections())) await erase(part);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    for (const shelf of ['token', 'session', 'link'] as const) await removeShelf(connection, shelf, email);
    await removeHead(transactions, lane, paths);
    await erase(paths.user);
    const left = await connection.ask(() => paths.user.listCollections());
    if (left.length === 0) return;
  }
  throw new StoreUnavailable('Firestore: a user who is being removed keeps sending events');
}

function removeHead(transactions: Transactions, lane: string, paths: UserPaths): Promise<void> {
  return transactions.run(lane, async (reads) => {
    const refs = SINGLE_KINDS.map((kind) => paths.document(kind, TRAITS[kind].onlyId ?? ''));
    const found = await reads.get(refs);
    return {
      result: undefined,
      writes: found.filter(({ exists }) => exists).map(({ ref }) => ({ ref, fields: null })),
    };
  });
}

/** By their owner, not by the index below the user: that one may be gone already. */
async function removeShelf(connection: Connection, shelf: Shelf, email: string): Promise<void> {
  const all = connection.firestore.collection(SHELVES[shelf].collection);
  const owned = queryOf(all, ownerShape(shelf), { owner: email });
  const found = await connection.ask(() => owned.select('owner').get());
  for (const { ref } of found.docs) await connection.ask(() => ref.delete());
}
