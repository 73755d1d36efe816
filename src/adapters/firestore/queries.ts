/** Queries from shapes: the only place where one is put together. */

import { FieldPath, type Query } from '@google-cloud/firestore';
import { isSegment, MOST_ID_BYTES } from '../../seams/documents.ts';
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

const FIRST_CHARACTER = '\u0001';
const LAST_CHARACTER = '\u{10ffff}';
/** So many characters fit whatever they are. */
const SURELY_FITTING = MOST_ID_BYTES / 4 - 1;

/**
 * A page may go on behind a name no document can have, which Firestore would refuse: this is the nearest it takes, with
 * no possible name between the two. `null`: before all names.
 */
export function nearestName(name: string): string | null {
  const before = name
    .toWellFormed()
    .replace(/[/\0].*$/s, (rest) => (rest.startsWith('/') ? `.${LAST_CHARACTER}` : FIRST_CHARACTER));
  const fitting = Buffer.byteLength(before) > MOST_ID_BYTES ? before.slice(0, SURELY_FITTING).toWellFormed() : before;
  if (fitting === '') return null;
  return isSegment(fitting) ? fitting : fitting + FIRST_CHARACTER;
}
