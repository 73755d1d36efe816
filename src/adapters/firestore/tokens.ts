/**
 * Device tokens, sessions and links, under the hash of their secret and outside the users. Below the owner lies each
 * one's hash under its id, changed in the same transaction, so that nobody has to search them all.
 */

import type { DocumentReference, DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import type { DeviceToken } from '../../domain/tokens.ts';
import { isKeptAddress, isSegment } from '../../seams/documents.ts';
import type { Migrations } from '../../seams/migrations.ts';
import type { TokenStore } from '../../seams/store.ts';
import type { Connection } from './connection.ts';
import { bareFields, documentOf } from './fields.ts';
import { tokenDocument, UserPaths, type Shelf } from './paths.ts';
import { queryOf } from './queries.ts';
import { indexShape } from './shapes.ts';
import type { Transactions, Write } from './transactions.ts';

/** Where those of one shelf lie and what of them is stored. Asks nobody. */
class TokenDocuments {
  readonly shelf: Shelf;
  readonly #firestore: Firestore;
  readonly #migrations: Migrations;

  constructor(firestore: Firestore, migrations: Migrations, shelf: Shelf) {
    this.shelf = shelf;
    this.#firestore = firestore;
    this.#migrations = migrations;
  }

  ref(hash: string): DocumentReference {
    return tokenDocument(this.#firestore, this.shelf, hash);
  }

  index({ owner, id }: Pick<DeviceToken, 'owner' | 'id'>): DocumentReference {
    return new UserPaths(this.#firestore, owner).index(this.shelf).doc(id);
  }

  decoded(snapshot: DocumentSnapshot): DeviceToken | null {
    return documentOf(this.shelf, snapshot.id.slice(0, 8), snapshot, this.#migrations);
  }

  /** A token that changes its owner or id leaves its old place. */
  writes(ref: DocumentReference, before: DeviceToken | null, after: DeviceToken): readonly Write[] {
    const index = this.index(after);
    const old = before === null ? index : this.index(before);
    return [
      { ref, fields: { ...bareFields(this.shelf, after, this.#migrations), owner: after.owner } },
      ...(old.path === index.path ? [] : [{ ref: old, fields: null }]),
      { ref: index, fields: { hash: ref.id } },
    ];
  }
}

export function tokenStore(
  connection: Connection,
  transactions: Transactions,
  migrations: Migrations,
  shelf: Shelf,
): TokenStore {
  const documents = new TokenDocuments(connection.firestore, migrations, shelf);
  /** `null` from `change` leaves the token as it is. */
  const update = (hash: string, change: (before: DeviceToken | null) => DeviceToken | null) => {
    const ref = documents.ref(hash);
    return transactions.run(ref.path, async (reads) => {
      const [snapshot] = await reads.get([ref]);
      const before = snapshot === undefined ? null : documents.decoded(snapshot);
      const after = change(before);
      return { result: after ?? before, writes: after === null ? [] : documents.writes(ref, before, after) };
    });
  };
  const take = (hash: string) => {
    const ref = documents.ref(hash);
    return transactions.run(ref.path, async (reads) => {
      const [snapshot] = await reads.get([ref]);
      const token = snapshot === undefined ? null : documents.decoded(snapshot);
      const gone = token === null ? [] : [ref, documents.index(token)];
      return { result: token, writes: gone.map((one) => ({ ref: one, fields: null })) };
    });
  };
  return {
    get: (hash) =>
      connection.use(async () =>
        isSegment(hash) ? documents.decoded(await connection.ask(() => documents.ref(hash).get())) : null,
      ),
    put: (hash, token) =>
      connection.use(async () => {
        if (!isSegment(hash) || !isSegment(token.id)) throw new Error('no token can lie under this hash and id');
        await update(hash, () => token);
      }),
    update: (hash, change) =>
      connection.use(async () =>
        isSegment(hash) ? update(hash, (token) => (token === null ? null : change(token))) : null,
      ),
    take: (hash) => connection.use(async () => (isSegment(hash) ? take(hash) : null)),
    listOf: (owner) => connection.use(() => tokensOf(connection, documents, owner)),
    hashOf: (owner, id) =>
      connection.use(async () => {
        if (!isKeptAddress(owner) || !isSegment(id)) return null;
        const entry = await connection.ask(() => documents.index({ owner, id }).get());
        return hashIn(entry);
      }),
  };
}

async function tokensOf(
  connection: Connection,
  documents: TokenDocuments,
  owner: string,
): Promise<readonly DeviceToken[]> {
  if (!isKeptAddress(owner)) return [];
  const entries = new UserPaths(connection.firestore, owner).index(documents.shelf);
  const index = await connection.ask(() => queryOf(entries, indexShape(documents.shelf)).get());
  const hashes = index.docs.flatMap((entry) => hashIn(entry) ?? []);
  if (hashes.length === 0) return [];
  const found = await connection.ask(() => connection.firestore.getAll(...hashes.map((hash) => documents.ref(hash))));
  return found.flatMap((snapshot) => documents.decoded(snapshot) ?? []);
}

function hashIn(entry: DocumentSnapshot): string | null {
  const hash: unknown = entry.get('hash');
  return typeof hash === 'string' && isSegment(hash) ? hash : null;
}
