/** The two cookies there are: the session, and what ties a sign-in under way to its browser. No script reads them. */

import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Env } from '../env.ts';
import { isSecure } from '../origins.ts';

export type CookieName = 'session' | 'signin';

const SECRET = /^[\w-]{43}$/;
const SECOND_MS = 1_000;

/** `null`: none, or nothing that we made. Over TLS only the one that no other host can have set. */
export function readCookie(c: Context<Env>, name: CookieName, publicUrl: string | null): string | null {
  const value = isSecure(c, publicUrl) ? getCookie(c, name, 'host') : getCookie(c, name);
  return value !== undefined && SECRET.test(value) ? value : null;
}

export function writeCookie(
  c: Context<Env>,
  name: CookieName,
  value: string,
  livesMs: number,
  publicUrl: string | null,
): void {
  const maxAge = Math.floor(livesMs / SECOND_MS);
  const common = { path: '/', httpOnly: true, sameSite: 'Lax', maxAge } as const;
  if (isSecure(c, publicUrl)) setCookie(c, name, value, { ...common, secure: true, prefix: 'host' });
  else setCookie(c, name, value, common);
}

export function dropCookie(c: Context<Env>, name: CookieName, publicUrl: string | null): void {
  if (isSecure(c, publicUrl)) deleteCookie(c, name, { path: '/', secure: true, prefix: 'host' });
  else deleteCookie(c, name, { path: '/' });
}
