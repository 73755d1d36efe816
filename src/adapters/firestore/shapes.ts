/**
 * Every query this adapter makes, as far as indexes care. A query is built from one of these or not at all, and
 * `firestore.indexes.json` is held against the list by a test: the emulator answers without any index.
 *
 * Values that only rise: `sort` is a time for trips, events, activity and readings, so new entries go to the end of
 * its indexes. Those are of collection scope, hence apart for each user, who makes a few documents in a drive; the
 * limit is hundreds a second. `due_at` has one index over everybody, but moves a few times in a drive, never with a
 * ping, and lies ahead by a span that differs from rule to rule.
 */

import { TRAITS } from '../../seams/documents.ts';
import type { Filter, Kind } from '../../seams/store.ts';
import { collectionOf, SHELVES, type Shelf } from './paths.ts';

export interface Shape {
  readonly collection: string;
  readonly scope: 'COLLECTION' | 'COLLECTION_GROUP';
  /** Fields that must equal something. */
  readonly equal: readonly string[];
  /** The field it goes by, then the document's name in the same direction; `null`: the name alone, ascending. */
  readonly order: { readonly field: string; readonly direction: 'asc' | 'desc' } | null;
}

export const FILTER_FIELDS: { readonly [F in keyof Required<Filter>]: string } = {
  carId: 'car_id',
  tripType: 'trip_type',
  needsReview: 'needs_review',
  waiting: 'waiting',
  suspicious: 'suspicious',
};

const KINDS = Object.keys(TRAITS) as Kind[];
const LISTED = KINDS.filter((kind) => TRAITS[kind].sort !== undefined);

export const DUE: Shape = {
  collection: 'cache',
  scope: 'COLLECTION_GROUP',
  equal: [],
  order: { field: 'due_at', direction: 'asc' },
};
export const USERS: Shape = { collection: 'users', scope: 'COLLECTION', equal: [], order: null };
export const EXPIRED: Shape = {
  collection: 'system',
  scope: 'COLLECTION',
  equal: [],
  order: { field: 'expires_at', direction: 'asc' },
};

/** The index below an owner. */
export function indexShape(shelf: Shelf): Shape {
  return { collection: SHELVES[shelf].index, scope: 'COLLECTION', equal: [], order: null };
}

/** Only when a user is removed. */
export function ownerShape(shelf: Shelf): Shape {
  return { collection: SHELVES[shelf].collection, scope: 'COLLECTION', equal: ['owner'], order: null };
}

const SHELF_SHAPES = (['token', 'session', 'link'] as const).flatMap((shelf) => [indexShape(shelf), ownerShape(shelf)]);

const LISTS: readonly Shape[] = LISTED.flatMap((kind) =>
  subsets(Object.keys(TRAITS[kind].filters ?? {}) as (keyof Filter)[]).flatMap((filters) => [
    listed(kind, filters, 'asc'),
    listed(kind, filters, 'desc'),
  ]),
);

export const SHAPES: readonly Shape[] = [DUE, USERS, EXPIRED, ...SHELF_SHAPES, ...LISTS];

/** The shape of a list. Throws when it does not stand in `SHAPES`, and so has no index. */
export function listShape(kind: Kind, filters: readonly (keyof Filter)[], direction: 'asc' | 'desc'): Shape {
  const wanted = nameOf(listed(kind, filters, direction));
  const shape = LISTS.find((known) => nameOf(known) === wanted);
  if (shape === undefined) throw new Error(`no index answers a list of ${kind} by ${filters.join(' and ')}`);
  return shape;
}

function listed(kind: Kind, filters: readonly (keyof Filter)[], direction: 'asc' | 'desc'): Shape {
  const equal = filters.map((filter) => FILTER_FIELDS[filter]);
  return { collection: collectionOf(kind), scope: 'COLLECTION', equal, order: { field: 'sort', direction } };
}

function nameOf({ collection, equal, order }: Shape): string {
  return [collection, ...equal.toSorted(), order?.direction].join(' ');
}

function subsets<T>(all: readonly T[]): T[][] {
  return all.reduce<T[][]>((found, one) => [...found, ...found.map((some) => [...some, one])], [[]]);
}
