/** What belongs to the installation and to no user. */

import { expiryOf } from '../../seams/documents.ts';
import type { Migrations } from '../../seams/migrations.ts';
import type { SystemDocs, SystemKind, SystemStore } from '../../seams/store.ts';
import type { Connection } from './connection.ts';
import { bareFields, documentOf, type Fields } from './fields.ts';
import { systemDocument } from './paths.ts';
import { queryOf } from './queries.ts';
import { EXPIRED } from './shapes.ts';
import type { Transactions } from './transactions.ts';

export function systemStore(connection: Connection, transactions: Transactions, migrations: Migrations): SystemStore {
  const { firestore } = connection;
  return {
    get: (kind, id) =>
      connection.use(async () => {
        const snapshot = await connection.ask(() => systemDocument(firestore, kind, id).get());
        return documentOf(kind, id, snapshot, migrations);
      }),
    update: (kind, id, change) =>
      connection.use(() => {
        const ref = systemDocument(firestore, kind, id);
        return transactions.run(ref.path, async (reads) => {
          const [snapshot] = await reads.get([ref]);
          const before = snapshot === undefined ? null : documentOf(kind, id, snapshot, migrations);
          const after = change(before);
          const writes = after === null ? [] : [{ ref, fields: fieldsOf(kind, after, migrations) }];
          return { result: after ?? before, writes };
        });
      }),
    take: (kind, id) =>
      connection.use(() => {
        const ref = systemDocument(firestore, kind, id);
        return transactions.run(ref.path, async (reads) => {
          const [snapshot] = await reads.get([ref]);
          const doc = snapshot === undefined ? null : documentOf(kind, id, snapshot, migrations);
          return { result: doc, writes: doc === null ? [] : [{ ref, fields: null }] };
        });
      }),
    sweep: (now, limit) => connection.use(() => sweep(connection, now, limit)),
  };
}

function fieldsOf<K extends SystemKind>(kind: K, doc: SystemDocs[K], migrations: Migrations): Fields {
  const expiresAt = expiryOf(doc);
  return { ...bareFields(kind, doc, migrations), ...(expiresAt !== null && { expires_at: expiresAt }) };
}

/** Not in a transaction: should one be renewed in between, a count of failures begins anew. */
async function sweep(connection: Connection, now: number, limit: number): Promise<number> {
  const all = connection.firestore.collection('system');
  const expired = queryOf(all, EXPIRED).endAt(now).limit(limit).select('expires_at');
  const { docs } = await connection.ask(() => expired.get());
  for (const { ref } of docs) await connection.ask(() => ref.delete());
  return docs.length;
}
