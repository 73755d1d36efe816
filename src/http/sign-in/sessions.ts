/** A browser gets its session, and loses it. */

import type { Context } from 'hono';
import type { Deps } from '../../actions/deps.ts';
import { closeSessions, openSession } from '../../actions/sign-in.ts';
import { tokenHash } from '../../actions/tokens.ts';
import { SESSION_MS } from '../../domain/sign-in.ts';
import type { Env } from '../env.ts';
import type { Browsers } from '../front.ts';
import type { HttpOptions } from '../options.ts';
import { dropCookie, readCookie, writeCookie } from './cookies.ts';

/** A new secret each time; the session the browser had before ends. */
export async function letIn(
  c: Context<Env>,
  deps: Deps,
  options: HttpOptions,
  browsers: Browsers,
  user: string,
  returnTo: string,
): Promise<Response> {
  await endSession(c, deps, options, browsers);
  writeCookie(c, 'session', await openSession(deps, user), SESSION_MS, options.publicUrl);
  c.header('cache-control', 'no-store');
  return c.redirect(returnTo, 303);
}

/** Ends the session of this browser. Answers how many ended. */
export async function endSession(
  c: Context<Env>,
  { store }: Deps,
  { publicUrl }: HttpOptions,
  { sessions }: Browsers,
): Promise<number> {
  const secret = readCookie(c, 'session', publicUrl);
  if (secret === null) return 0;
  dropCookie(c, 'session', publicUrl);
  const session = await store.sessions.take(tokenHash(secret));
  if (session === null) return 0;
  sessions.forget(session.owner);
  return 1;
}

export async function endAllSessions(deps: Deps, { sessions }: Browsers, user: string): Promise<number> {
  const ended = await closeSessions(deps, user);
  sessions.forget(user);
  return ended;
}
