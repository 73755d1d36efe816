/** A browser that is signed in: its cookie says who calls, as long as the session lives. Not on routes of phones. */

import type { Context } from 'hono';
import type { KnownToken, KnownTokens } from '../actions/known-tokens.ts';
import { tokenHash } from '../actions/tokens.ts';
import { Problem } from '../domain/problem.ts';
import { isSessionAlive } from '../domain/sign-in.ts';
import { SCOPES } from '../domain/tokens.ts';
import type { Clock } from '../seams/clock.ts';
import { agreeing, logName, type FindCaller } from './callers.ts';
import { claimedUser } from './claims.ts';
import { readCredential } from './credentials.ts';
import type { Caller, Env } from './env.ts';
import { isFromOurPage } from './origins.ts';
import { readCookie } from './sign-in/cookies.ts';

/** `null`: no cookie, or one that does not count any more. */
export type FindSession = (c: Context<Env>) => Promise<Caller | null>;

export function sessionCallers(sessions: KnownTokens, clock: Clock, publicUrl: string | null): FindSession {
  return async (c) => {
    const secret = readCookie(c, 'session', publicUrl);
    if (secret === null) return null;
    const key = tokenHash(secret);
    const found = sessions.recall(key) ?? (await sessions.find(key));
    return found !== null && isSessionAlive(found.token, clock.now()) ? callerOf(found) : null;
  };
}

function callerOf({ token: { owner, id } }: KnownToken): Caller {
  return {
    user: owner,
    token: null,
    actor: { kind: 'session', sessionId: id },
    scopes: SCOPES,
    logName: logName(owner),
  };
}

/** A credential that is sent counts before the cookie, which browsers add by themselves; the two must be one person's. */
export function withSessions(sent: FindCaller, session: FindSession, publicUrl: string | null): FindCaller {
  return (c) => (c.req.header('cookie') === undefined ? sent(c) : either(c, sent, session, publicUrl));
}

async function either(
  c: Context<Env>,
  sent: FindCaller,
  session: FindSession,
  publicUrl: string | null,
): Promise<Caller> {
  const browser = await session(c);
  const { secret } = readCredential(c);
  if (browser === null && secret === null && readCookie(c, 'session', publicUrl) !== null) {
    throw new Problem('unauthenticated', ENDED);
  }
  if (browser === null || secret !== null) {
    const caller = await sent(c);
    if (browser === null || browser.user === caller.user) return caller;
    throw new Problem('unauthenticated', 'The request carries two different credentials. Send one, or sign out.');
  }
  if (!SAFE.has(c.req.method) && !isFromOurPage(c, publicUrl)) throw new Problem('unauthenticated', FOREIGN);
  return agreeing(browser, claimedUser(c, null));
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const ENDED = 'This browser is not signed in any more. Sign in again at /signin.';
const FOREIGN = 'A session changes things only from pages of this service. A program sends a token instead.';
