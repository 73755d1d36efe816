/** Text of a request's head as its sender meant it. */

import type { Context } from 'hono';
import type { Env } from './env.ts';

const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** A header. Its bytes are read as UTF-8, which is what phones send when a curly quote slips in. */
export function headerText(c: Context<Env>, name: string): string | undefined {
  const value = c.req.header(name);
  return value !== undefined && BEYOND_ASCII.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

/** Every value of a query parameter; `null` when one of them holds a broken escape. */
export function queryValues(url: string, name: string): readonly string[] | null {
  const start = url.indexOf('?');
  if (start === -1) return [];
  const values: string[] = [];
  const end = url.indexOf('#', start);
  for (const pair of url.slice(start + 1, end === -1 ? undefined : end).split('&')) {
    const equals = pair.indexOf('=');
    const key = equals === -1 ? pair : pair.slice(0, equals);
    if (key !== name) continue;
    const value = decoded(equals === -1 ? '' : pair.slice(equals + 1));
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
