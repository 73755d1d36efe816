/** One page of a noun, also where it is chosen by what a store cannot filter. Pages go by the place in the order, never by a count. */

import { setImmediate } from 'node:timers/promises';
import type { Cursor, Docs, Kind, ListQuery, Row, Tx, UserStore, Work } from '../seams/store.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; `null`: this was the last. */
  readonly next: Cursor | null;
}

export interface PageQuery {
  readonly limit: number;
  readonly after: Cursor | null;
}

const READ_AT_ONCE = 200;

/** At most `limit` documents of those `keep` accepts. */
export async function pageOf<K extends Kind>(
  user: UserStore,
  kind: K,
  query: Omit<ListQuery, 'limit' | 'after'>,
  { limit, after }: PageQuery,
  keep: ((doc: Docs[K]) => boolean) | null = null,
): Promise<Page<Docs[K]>> {
  const rows: Row<K>[] = [];
  const readAtOnce = keep === null ? limit + 1 : READ_AT_ONCE;
  for await (const row of rowsOf(user, kind, query, after, readAtOnce)) {
    if (keep !== null && !keep(row.doc)) continue;
    rows.push(row);
    if (rows.length > limit) break;
  }
  return cut(rows, limit);
}

function cut<K extends Kind>(rows: readonly Row<K>[], limit: number): Page<Docs[K]> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last ? { sort: last.sort, id: last.id } : null;
  return { items: shown.map(({ doc }) => doc), next };
}

/** All rows of a query, read some at a time; others get their turn in between. */
export async function* rowsOf<K extends Kind>(
  user: UserStore,
  kind: K,
  query: Omit<ListQuery, 'limit' | 'after'>,
  start: Cursor | null = null,
  readAtOnce = READ_AT_ONCE,
): AsyncGenerator<Row<K>> {
  let after = start;
  for (;;) {
    const rows: readonly Row<K>[] = await user.list(kind, { ...query, limit: readAtOnce, ...(after && { after }) });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < readAtOnce) return;
    after = { sort: last.sort, id: last.id };
    await setImmediate();
  }
}

/** All rows of a query as one unit of work sees them. */
export function* rowsWithin<K extends Kind>(tx: Tx, kind: K, query: Omit<ListQuery, 'limit'>): Work<readonly Row<K>[]> {
  const found: Row<K>[] = [];
  let { after } = query;
  for (;;) {
    const rows = yield* tx.list(kind, { ...query, limit: READ_AT_ONCE, ...(after && { after }) });
    found.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < READ_AT_ONCE) return found;
    after = { sort: last.sort, id: last.id };
  }
}
