/** Lists on the wire: how many, from where, and the opaque text that says where the next page begins. */

import { crc32 } from 'node:zlib';
import { z } from '@hono/zod-openapi';
import { Problem } from '../../domain/problem.ts';
import type { Page, PageQuery } from '../../actions/pages.ts';
import type { Cursor } from '../../seams/store.ts';
import { idIn } from './values.ts';

const MOST = 200;
const DEFAULT = 50;

/** Belong to every route; who is calling was settled before. */
export const CALLER_PARAMETERS = {
  user: z.unknown().optional().openapi({ type: 'string', description: 'Whose logbook; a token knows by itself' }),
  token: z.unknown().optional().openapi({ type: 'string', description: 'The credential, where no header can be sent' }),
};

/** A query of exactly these parameters. */
export function queryOf<S extends z.core.$ZodLooseShape>(parameters: S) {
  return z.strictObject({ ...parameters, ...CALLER_PARAMETERS });
}

export const PAGE_PARAMETERS = {
  limit: wholeParameter(1, MOST).optional().openapi({ type: 'integer', minimum: 1, maximum: MOST, default: DEFAULT }),
  cursor: z
    .string({ error: 'the next_cursor of the page before, once' })
    .optional()
    .openapi({ description: '`next_cursor` of the page before' }),
};

export function pageQuery(query: { limit?: number | undefined; cursor?: string | undefined }): PageQuery {
  return { limit: query.limit ?? DEFAULT, after: query.cursor === undefined ? null : readCursor(query.cursor) };
}

export function wholeParameter(least: number, most: number) {
  const error = `a whole number, ${least} … ${most}`;
  return z
    .string({ error })
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .pipe(z.number().min(least, { error }).max(most, { error }))
    .openapi({ type: 'integer', minimum: least, maximum: most });
}

export function flagParameter() {
  return z
    .enum(['true', 'false'], { error: 'true or false' })
    .transform((text) => text === 'true')
    .openapi({ type: 'boolean' });
}

export const idParameter = idIn;

/** `{<key>: […], next_cursor}` */
export function listWire<K extends string, T extends z.ZodType>(key: K, item: T) {
  const shape = { [key]: z.array(item) } as { [P in K]: z.ZodArray<T> };
  return z.object(shape).extend({ next_cursor: z.string().nullable() });
}

export function listToWire<K extends string, T, W>(key: K, page: Page<T>, toWire: (item: T) => W) {
  const items = { [key]: page.items.map((item) => toWire(item)) } as { [P in K]: W[] };
  return { ...items, next_cursor: page.next === null ? null : writeCursor(page.next) };
}

/** Carries a checksum: one that lost a character must not quietly begin somewhere else. */
export function writeCursor({ sort, id }: Cursor): string {
  const place = JSON.stringify([sort, id]);
  return Buffer.from(checksum(place) + place).toString('base64url');
}

export function readCursor(cursor: string): Cursor {
  const text = Buffer.from(cursor, 'base64url').toString();
  const place = text.slice(CHECKSUM_LENGTH);
  if (checksum(place) !== text.slice(0, CHECKSUM_LENGTH)) refuseDamaged();
  return placeIn(place) ?? refuseDamaged();
}

/** A checksum is no seal: whoever can count makes one for any text. */
function placeIn(text: string): Cursor | null {
  try {
    const place: unknown = JSON.parse(text);
    if (!Array.isArray(place) || place.length !== 2) return null;
    const [sort, id]: readonly unknown[] = place;
    const isSort = typeof sort === 'string' || (typeof sort === 'number' && Number.isFinite(sort));
    return isSort && typeof id === 'string' ? { sort, id } : null;
  } catch {
    return null;
  }
}

const CHECKSUM_LENGTH = 8;

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CHECKSUM_LENGTH, '0');
}

function refuseDamaged(): never {
  const message = 'the next_cursor of the page before, unchanged';
  throw new Problem('invalid_request', `cursor: ${message}`, [{ field: 'cursor', message }]);
}
