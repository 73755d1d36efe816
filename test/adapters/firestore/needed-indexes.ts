/** What `firestore.indexes.json` must hold so that Firestore answers the queries of a list of shapes, and nothing more. */

import type { Shape } from '../../../src/adapters/firestore/shapes.ts';

interface IndexField {
  readonly fieldPath: string;
  readonly order: 'ASCENDING' | 'DESCENDING';
}

export interface CompositeIndex {
  readonly collectionGroup: string;
  readonly queryScope: string;
  readonly fields: readonly IndexField[];
}

export interface FieldOverride {
  readonly collectionGroup: string;
  readonly fieldPath: string;
  readonly indexes: readonly { readonly order: IndexField['order']; readonly queryScope: string }[];
}

const ORDERS = { asc: 'ASCENDING', desc: 'DESCENDING' } as const;

/**
 * One for each shape that asks for equality and order at once, or for two equalities. One field alone has its index by
 * itself within a collection, and every index ends with the document's name in the direction of its last field.
 */
export function compositesFor(shapes: readonly Shape[]): CompositeIndex[] {
  return shapes
    .filter(({ equal, order }) => equal.length + (order === null ? 0 : 1) > 1)
    .map(({ collection, scope, equal, order }) => ({
      collectionGroup: collection,
      queryScope: scope,
      fields: [
        ...equal.map((fieldPath) => ({ fieldPath, order: ORDERS.asc })),
        ...(order === null ? [] : [{ fieldPath: order.field, order: ORDERS[order.direction] }]),
      ],
    }));
}

/** Fields of which the group index is asked for: it exists only where it is declared, and then alone. */
export function groupOverridesFor(shapes: readonly Shape[]): FieldOverride[] {
  return shapes.flatMap(({ collection, scope, equal, order }) => {
    if (scope === 'COLLECTION' || equal.length > 0 || order === null) return [];
    const indexes = [{ order: ORDERS[order.direction], queryScope: scope }];
    return [{ collectionGroup: collection, fieldPath: order.field, indexes }];
  });
}

/** What no query names is not indexed at all. */
export function exemptionsFor(
  shapes: readonly Shape[],
  stored: ReadonlyMap<string, ReadonlySet<string>>,
): FieldOverride[] {
  return [...stored].flatMap(([collection, fields]) => {
    const asked = shapes
      .filter((shape) => shape.collection === collection)
      .flatMap(({ equal, order }) => [...equal, ...(order === null ? [] : [order.field])]);
    const unasked = [...fields].filter((field) => !asked.includes(field));
    return unasked.map((fieldPath) => ({ collectionGroup: collection, fieldPath, indexes: [] }));
  });
}

/** In one order, whatever order things were found in. */
export function sorted<T>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b), 'en'));
}
