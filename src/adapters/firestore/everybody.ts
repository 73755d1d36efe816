/** The only queries that see more than one user: who is there, and of whom something is due. */

import { FieldPath, type QueryDocumentSnapshot } from '@google-cloud/firestore';
import type { DueUser } from '../../seams/store.ts';
import type { Connection } from './connection.ts';
import { nearestName, queryOf } from './queries.ts';
import { DUE, USERS } from './shapes.ts';

/** Who has documents but none of his own is not among them. */
export async function usersAfter(connection: Connection, limit: number, after: string): Promise<string[]> {
  const ordered = queryOf(connection.firestore.collection(USERS.collection), USERS);
  const last = nearestName(after);
  const behind = last === null ? ordered : ordered.startAfter(last);
  const found = await connection.ask(() => behind.select(FieldPath.documentId()).limit(limit).get());
  return found.docs.map(({ id }) => id);
}

/** Pages on until enough different users are found: one may be due for several documents, and the earliest counts. */
export async function dueUsers(connection: Connection, now: number, limit: number): Promise<DueUser[]> {
  const due = new Map<string, DueUser>();
  const all = queryOf(connection.firestore.collectionGroup(DUE.collection), DUE)
    .where('due_at', '<=', now)
    .select('due_at');
  let last: QueryDocumentSnapshot | undefined;
  while (due.size < limit) {
    const page = last === undefined ? all : all.startAfter(last);
    const found = await connection.ask(() => page.limit(limit).get());
    for (const snapshot of found.docs) {
      const email = snapshot.ref.parent.parent?.id;
      if (email === undefined || due.has(email) || due.size >= limit) continue;
      due.set(email, { email, dueAt: Number(snapshot.get('due_at')) });
    }
    last = found.docs.at(-1);
    if (found.size < limit) break;
  }
  return [...due.values()];
}
