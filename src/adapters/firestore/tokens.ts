/**
 * Device tokens, under the hash of their secret and outside the users. Below the owner lies each token's hash under its
 * id, changed in the same transaction, so that nobody has to search all tokens.
 */

import type { DocumentReference, DocumentSnapshot } from '@google-cloud/firestore';
import type { DeviceToken } from '../../domain/tokens.ts';
import { isKeptAddress, isSegment } from '../../seams/documents.ts';
import type { Migrations } from '../../seams/migrations.ts';
import type { TokenStore } from '../../seams/store.ts';
import type { Connection } from './connection.ts';
import { bareFields, documentOf } from './fields.ts';
import { inOrder } from './list.ts';
import { tokenDocument, UserPaths } from './paths.ts';
import { TOKENS_INDEX } from './shapes.ts';
import type { Transactions, Write } from './transactions.ts';

export function tokenStore(connection: Connection, transactions: Transactions, migrations: Migrations): TokenStore {
  const { firestore } = connection;
  const decoded = (snapshot: DocumentSnapshot | undefined): DeviceToken | null =>
    snapshot === undefined ? null : documentOf('token', snapshot.id.slice(0, 8), snapshot, migrations);
  const indexOf = ({ owner, id }: Pick<DeviceToken, 'owner' | 'id'>): DocumentReference =>
    new UserPaths(firestore, owner).tokens.doc(id);
  const writesOf = (ref: DocumentReference, before: DeviceToken | null, after: DeviceToken): Write[] => {
    const index = indexOf(after);
    const old = before === null ? index : indexOf(before);
    return [
      { ref, fields: { ...bareFields('token', after, migrations), owner: after.owner } },
      ...(old.path === index.path ? [] : [{ ref: old, fields: null }]),
      { ref: index, fields: { hash: ref.id } },
    ];
  };
  /** `null` from `change` leaves the token as it is. */
  const change = (hash: string, changed: (before: DeviceToken | null) => DeviceToken | null) => {
    const ref = tokenDocument(firestore, hash);
    return transactions.run(ref.path, async (reads) => {
      const before = decoded((await reads.get([ref]))[0]);
      const after = changed(before);
      return { result: after ?? before, writes: after === null ? [] : writesOf(ref, before, after) };
    });
  };
  return {
    get: (hash) =>
      connection.use(async () =>
        isSegment(hash) ? decoded(await connection.read(() => tokenDocument(firestore, hash).get())) : null,
      ),
    put: (hash, token) =>
      connection.use(async () => {
        if (!isSegment(hash) || !isSegment(token.id)) throw new Error('no token can lie under this hash and id');
        await change(hash, () => token);
      }),
    update: (hash, noted) =>
      connection.use(async () =>
        isSegment(hash) ? change(hash, (token) => (token === null ? null : noted(token))) : null,
      ),
    listOf: (owner) =>
      connection.use(async () => {
        if (!isKeptAddress(owner)) return [];
        const { tokens } = new UserPaths(firestore, owner);
        const index = await connection.read(() => inOrder(tokens, TOKENS_INDEX).get());
        const refs = index.docs.map((entry) => tokenDocument(firestore, String(entry.get('hash'))));
        const found = refs.length === 0 ? [] : await connection.read(() => firestore.getAll(...refs));
        return found.flatMap((snapshot) => decoded(snapshot) ?? []);
      }),
    hashOf: (owner, id) =>
      connection.use(async () => {
        if (!isKeptAddress(owner) || !isSegment(id)) return null;
        const hash: unknown = (await connection.read(() => indexOf({ owner, id }).get())).get('hash');
        return typeof hash === 'string' ? hash : null;
      }),
  };
}
