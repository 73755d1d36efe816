/** Lists as SQL: every one a walk along an index from its first row, so that its cost is its own length. */

import type { SQLInputValue } from 'node:sqlite';
import { refuseNonsense, TRAITS } from '../../seams/documents.ts';
import type { Cursor, Filter, Kind, ListQuery } from '../../seams/store.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** One end of the walk. Without `id` the value itself is included. */
interface Bound {
  readonly sort: number | string;
  readonly id?: string;
}

const TRIP_TYPES = ['B', 'P', 'M'];
/** The character after the `/` of a chunk's id. */
const AFTER_SLASH = '0';

export function listStatement(email: string, kind: Kind, query: ListQuery): Statement {
  refuseNonsense(kind, query);
  const { sql, values } = TRAITS[kind].sort === 'id' ? byId(email, kind, query) : bySort(email, kind, query);
  return { sql: `${sql} LIMIT ?`, values: [...values, query.limit] };
}

function byId(email: string, kind: Kind, query: ListQuery): Statement {
  const { trip, order } = query;
  const { lower, upper } = boundsOf(query, compareText);
  const terms = ['email = ?', 'kind = ?'];
  const values: SQLInputValue[] = [email, kind];
  const add = (term: string, value: SQLInputValue) => {
    terms.push(term);
    values.push(value);
  };
  if (lower) add(lower.id === undefined ? 'id >= ?' : 'id > ?', lower.sort);
  if (upper) add(upper.id === undefined ? 'id <= ?' : 'id < ?', upper.sort);
  if (trip !== undefined) {
    add('id > ?', `${trip}/`);
    add('id < ?', `${trip}${AFTER_SLASH}`);
  }
  const sql = `SELECT id, id AS sort, version, body FROM document INDEXED BY document_id
    WHERE ${terms.join(' AND ')} ORDER BY id ${order}`;
  return { sql, values };
}

function bySort(email: string, kind: Kind, query: ListQuery): Statement {
  const range = rangeOf(query);
  const { index, arms } = armsOf(kind, query.where ?? {});
  const select = (arm: Statement) => `SELECT id, sort, version, body FROM document INDEXED BY ${index}
    WHERE email = ? AND kind = ? AND ${[arm.sql, ...range.terms].join(' AND ')}`;
  return {
    sql: `${arms.map(select).join(' UNION ALL ')} ORDER BY sort ${query.order}, id ${query.order}`,
    values: arms.flatMap((arm) => [email, kind, ...arm.values, ...range.values]),
  };
}

function rangeOf(query: ListQuery): { terms: string[]; values: SQLInputValue[] } {
  const terms: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (bound: Bound | null, sign: '>' | '<') => {
    if (bound === null) return;
    terms.push(bound.id === undefined ? `sort ${sign}= ?` : `(sort, id) ${sign} (?, ?)`);
    values.push(bound.sort, ...(bound.id === undefined ? [] : [bound.id]));
  };
  const { lower, upper } = boundsOf(query, (a, b) => Number(a) - Number(b));
  add(lower, '>');
  add(upper, '<');
  return { terms, values };
}

/**
 * Which index to walk, and how often: an index holds its filters in a fixed order, so one that is not asked for is
 * walked once for each of its few values, and SQLite merges those walks.
 */
function armsOf(kind: Kind, where: Filter): { index: string; arms: Statement[] } {
  const { carId, tripType } = where;
  const flag = where.needsReview ?? where.waiting ?? where.suspicious;
  if (carId === undefined && tripType === undefined && flag === undefined) {
    return { index: 'document_sort', arms: [{ sql: 'sort IS NOT NULL', values: [] }] };
  }
  const everyType = TRAITS[kind].filters?.tripType === undefined ? [''] : TRIP_TYPES;
  const types = tripType === undefined ? everyType : [tripType];
  const flags = flag === undefined ? [0, 1] : [Number(flag)];
  const both = types.flatMap((type) => flags.map((one) => [type, one]));
  const sql = 'type = ? AND flag = ?';
  if (carId === undefined) return { index: 'document_flag', arms: both.map((values) => ({ sql, values })) };
  return {
    index: 'document_car',
    arms: both.map((values) => ({ sql: `car = ? AND ${sql}`, values: [carId, ...values] })),
  };
}

/** A cursor and a bound on the same side become the tighter of the two: SQLite would start at either. */
function boundsOf(
  { order, from, to, after }: ListQuery,
  compare: (a: number | string, b: number | string) => number,
): { lower: Bound | null; upper: Bound | null } {
  const lower = from === undefined ? null : { sort: from };
  const upper = to === undefined ? null : { sort: to };
  if (after === undefined) return { lower, upper };
  const sign = order === 'asc' ? 1 : -1;
  const tighter = (bound: Bound | null): Cursor | Bound =>
    bound !== null && sign * compare(bound.sort, after.sort) > 0 ? bound : after;
  return order === 'asc' ? { lower: tighter(lower), upper } : { lower, upper: tighter(upper) };
}

/** SQLite compares text by its UTF-8 bytes, as Firestore does; JavaScript's `<` does not. */
function compareText(a: number | string, b: number | string): number {
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}
