/** Text of a request's head as its sender meant it. */

import type { Context } from 'hono';
import type { Env } from './env.ts';

const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** A header. Its bytes are read as UTF-8, which is what phones send when a curly quote slips in. */
export function headerText(c: Context<Env>, name: string): string | undefined {
  const value = c.req.header(name);
  return value !== undefined && BEYOND_ASCII.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

/** Every value of a query parameter, however its name is escaped; `null` when one of them holds a broken escape. */
export function queryValues(url: string, name: string): readonly string[] | null {
  const start = url.indexOf('?');
  if (start === -1) return [];
  const values: string[] = [];
  const end = url.indexOf('#', start);
  for (const pair of url.slice(start + 1, end === -1 ? undefined : end).split('&')) {
    const equals = pair.indexOf('=');
    const key = equals === -1 ? pair : pair.slice(0, equals);
    if (key !== name && !(key.includes('%') && decoded(key) === name)) continue;
    const value = decoded(equals === -1 ? '' : pair.slice(equals + 1));
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

/** Every parameter by its name: what is given more than once is a list, which no schema takes for a value. */
export function parametersOf(c: Context<Env>): Readonly<Record<string, string | readonly string[]>> {
  const named = Object.entries(c.req.queries());
  return Object.fromEntries(named.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
