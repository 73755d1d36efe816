/** Lists as queries: every one a walk along an index from its first row. */

import type { Query, QueryDocumentSnapshot, QuerySnapshot } from '@google-cloud/firestore';
import { refuseNonsense, TRAITS } from '../../seams/documents.ts';
import type { Migrations } from '../../seams/migrations.ts';
import type { Filter, Kind, ListQuery, Row } from '../../seams/store.ts';
import { documentOf } from './fields.ts';
import type { UserPaths } from './paths.ts';
import { nearestName, queryOf } from './queries.ts';
import { FILTER_FIELDS, listShape } from './shapes.ts';

/** `null`: no document can be in this list. Throws for a list that is none. */
export function listQuery(paths: UserPaths, kind: Kind, query: ListQuery): Query | null {
  refuseNonsense(kind, query);
  const bounds = boundsOf(query);
  if (bounds === null) return null;
  const filters = Object.entries(query.where ?? {}) as [keyof Filter, string | boolean][];
  const names = filters.map(([filter]) => filter);
  const values = Object.fromEntries(filters.map(([filter, value]) => [FILTER_FIELDS[filter], value]));
  let found = queryOf(paths.list(kind, query.trip), listShape(kind, names, query.order), values);
  if (bounds.from !== undefined) found = found.where('sort', '>=', bounds.from);
  if (bounds.to !== undefined) found = found.where('sort', '<=', bounds.to);
  if (bounds.after !== undefined) found = behind(found, bounds.after, query.order);
  return found.limit(query.limit);
}

interface Place {
  readonly sort: number | string;
  readonly name: string;
}

/** An empty name comes before all that have the same sort value. */
function behind(query: Query, { sort, name }: Place, order: ListQuery['order']): Query {
  const nearest = nearestName(name);
  if (nearest !== null) return query.startAfter(sort, nearest);
  return order === 'asc' ? query.startAt(sort) : query.startAfter(sort);
}

interface Bounds {
  readonly from?: number | string;
  readonly to?: number | string;
  readonly after?: Place;
}

function boundsOf({ from, to, after, order, trip }: ListQuery): Bounds | null {
  if (trip !== undefined) return boundsWithin(`${trip}/`, { from, to, after, order });
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(after !== undefined && { after: { sort: after.sort, name: after.id } }),
  };
}

/** Bounds among ids that all begin alike, as bounds of what follows. */
function boundsWithin(
  prefix: string,
  { from, to, after, order }: { readonly [P in 'from' | 'to' | 'after' | 'order']: ListQuery[P] | undefined },
): Bounds | null {
  const lower = from === undefined ? BELOW : placeOf(prefix, String(from));
  const upper = to === undefined ? ABOVE : placeOf(prefix, String(to));
  const behind = after === undefined ? (order === 'asc' ? BELOW : ABOVE) : placeOf(prefix, after.id);
  if (lower === ABOVE || upper === BELOW || behind === (order === 'asc' ? ABOVE : BELOW)) return null;
  return {
    ...(typeof lower === 'string' && { from: lower }),
    ...(typeof upper === 'string' && { to: upper }),
    ...(typeof behind === 'string' && { after: { sort: behind, name: behind } }),
  };
}

const BELOW = Symbol('before all of them');
const ABOVE = Symbol('behind all of them');

function placeOf(prefix: string, id: string): string | typeof BELOW | typeof ABOVE {
  if (id.startsWith(prefix)) return id.slice(prefix.length);
  return Buffer.compare(Buffer.from(id), Buffer.from(prefix)) < 0 ? BELOW : ABOVE;
}

export function rowsOf<K extends Kind>(
  kind: K,
  query: ListQuery,
  found: QuerySnapshot,
  migrations: Migrations,
): readonly Row<K>[] {
  return found.docs.flatMap((snapshot): Row<K>[] => {
    const id = query.trip === undefined ? snapshot.id : `${query.trip}/${snapshot.id}`;
    const doc = documentOf(kind, id, snapshot, migrations);
    return doc === null ? [] : [{ id, sort: TRAITS[kind].sort === 'id' ? id : sortIn(snapshot), doc }];
  });
}

function sortIn(snapshot: QueryDocumentSnapshot): number {
  return Number(snapshot.get('sort'));
}
