/** What belongs to the installation and to no user. */

import type { Migrations } from '../../seams/migrations.ts';
import type { SystemStore } from '../../seams/store.ts';
import type { Connection } from './connection.ts';
import { bareFields, documentOf } from './fields.ts';
import { systemDocument } from './paths.ts';
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
          const writes = after === null ? [] : [{ ref, fields: bareFields(kind, after, migrations) }];
          return { result: after ?? before, writes };
        });
      }),
  };
}
