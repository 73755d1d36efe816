/** Whether a request was made by a page of ours, which is what an unsafe one with a cookie must be. */

import type { Context } from 'hono';
import type { Env } from './env.ts';

/** A browser says it in `Sec-Fetch-Site`, and in `Origin` whenever something may change. Nothing said is no. */
export function isFromOurPage(c: Context<Env>, publicUrl: string | null): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = c.req.header('origin');
  if (origin === undefined) return site === 'same-origin';
  if (!URL.canParse(origin)) return false;
  const ours = publicUrl === null ? null : new URL(publicUrl);
  const theirs = new URL(origin);
  if (ours !== null && theirs.host === ours.host) return theirs.origin === ours.origin;
  return theirs.host === (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();
}

/** A program that is no browser says nothing of where it comes from. */
export function isNoBrowser(c: Context<Env>): boolean {
  return c.req.header('origin') === undefined && c.req.header('sec-fetch-site') === undefined;
}

/** Whether the browser speaks to us over TLS, possibly ended by a proxy. */
export function isSecure(c: Context<Env>, publicUrl: string | null): boolean {
  if (publicUrl !== null) return publicUrl.startsWith('https:');
  return new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https';
}
