/** A program that brings an ID token of Google's: whoever it speaks of calls. */

import type { Context } from 'hono';
import type { Deps } from '../actions/deps.ts';
import type { KnownIdentities } from '../actions/known-identities.ts';
import { Problem } from '../domain/problem.ts';
import { SCOPES } from '../domain/tokens.ts';
import { logName } from './callers.ts';
import type { Caller, Env } from './env.ts';
import type { Browsers } from './front.ts';
import { wasOneTooMany } from './sign-in/failures.ts';

/** Three parts of base64url; the header of a JSON object begins so. */
const ID_TOKEN = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

export function looksLikeIdToken(secret: string): boolean {
  return ID_TOKEN.test(secret);
}

export type FindIdentity = (c: Context<Env>, token: string) => Promise<Caller>;

export function identityCallers(
  known: KnownIdentities,
  browsers: Pick<Browsers, 'failures' | 'clientOf'>,
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
): FindIdentity {
  return async (c, token) => {
    const found = await known.find(token);
    if (found.ok) return callerOf(found.identity.email);
    log.write('INFO', 'An identity token was refused', { reason: found.reason });
    if (found.why === 'unreachable') throw new Problem('busy_try_again', UNREACHABLE);
    if (await wasOneTooMany(c, clock, browsers, null)) throw new Problem('rate_limited', TOO_MANY);
    throw new Problem('unauthenticated', REFUSED);
  };
}

function callerOf(email: string): Caller {
  return {
    user: email,
    token: null,
    actor: { kind: 'identity' },
    scopes: SCOPES,
    logName: logName(email),
  };
}

const REFUSED =
  'This identity token is not accepted here: it is for another service, too old, or its address has no logbook here.';
const UNREACHABLE =
  'The keys of Google cannot be fetched just now, so nobody can be recognised by its tokens. Try again.';
const TOO_MANY = 'Too many failed sign-ins from here. Wait a minute.';
