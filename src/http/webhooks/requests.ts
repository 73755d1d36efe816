/** The parts of an HTTP request that a webhook reads. */

import type { Context } from 'hono';
import type { Env } from '../env.ts';
import { headerText } from '../query.ts';

/** The parts of a request that are read. `query` comes without its `?`, `eventId` from a header. */
export interface SaidRequest {
  readonly contentType: string;
  readonly query: string;
  readonly body: string;
  readonly eventId: string | null;
  /** The car the credential is bound to. */
  readonly tokenCarId: string | null;
}

const LONGEST_EVENT_ID = 200;
/** A key may come quoted, as structured headers have it. */
const QUOTES = /^["\u201c\u201d]|["\u201c\u201d]$/g;

export async function requestOf(c: Context<Env>): Promise<SaidRequest> {
  const body = await c.req.text();
  return {
    contentType: c.req.header('content-type') ?? '',
    query: queryOf(c.req.url),
    body,
    eventId: idempotencyKey(c),
    tokenCarId: c.get('caller').token?.carId ?? null,
  };
}

function queryOf(url: string): string {
  const start = url.indexOf('?');
  if (start === -1) return '';
  const end = url.indexOf('#', start);
  return url.slice(start + 1, end === -1 ? undefined : end);
}

function idempotencyKey(c: Context<Env>): string | null {
  const key = headerText(c, 'idempotency-key')?.trim().replace(QUOTES, '').slice(0, LONGEST_EVENT_ID);
  return key === undefined || key === '' ? null : key;
}
