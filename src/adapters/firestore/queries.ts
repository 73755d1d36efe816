/** Queries from shapes: the only place where one is put together. */

import { FieldPath, type Query } from '@google-cloud/firestore';
import type { Shape } from './shapes.ts';

/** `values` hold what each field of `equal` must be. */
export function queryOf(
  base: Query,
  { equal, order }: Shape,
  values: Readonly<Record<string, string | boolean>> = {},
): Query {
  const name = FieldPath.documentId();
  const matching = equal.reduce<Query>((query, field) => query.where(field, '==', values[field]), base);
  if (order === null) return matching.orderBy(name);
  return matching.orderBy(order.field, order.direction).orderBy(name, order.direction);
}
