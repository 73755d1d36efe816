/** `AUTH=required`: a device token says who is calling, or an ID token in its place; an address alone says nothing. */

import type { KnownToken, KnownTokens } from '../actions/known-tokens.ts';
import { tokenHash } from '../actions/tokens.ts';
import { Problem } from '../domain/problem.ts';
import { isWholeToken, scopesAt, TOKEN_PREFIX, type DeviceToken } from '../domain/tokens.ts';
import type { Clock } from '../seams/clock.ts';
import { agreeing, logName, type FindCaller } from './callers.ts';
import { claimedUser } from './claims.ts';
import { readCredential } from './credentials.ts';
import type { Caller } from './env.ts';
import { looksLikeIdToken, type FindIdentity } from './identity-callers.ts';

export function tokenCallers(known: KnownTokens, clock: Clock, identity: FindIdentity): FindCaller {
  const callers = new WeakMap<KnownToken, Caller>();
  const callerOf = (found: KnownToken, claim: string | null): Caller => {
    refuseUnusable(found.token, clock.now());
    const caller = callers.get(found) ?? newCaller(found.token, clock.now());
    callers.set(found, caller);
    return agreeing(caller, claim);
  };
  return (c) => {
    const { secret, basicName, isBearer } = readCredential(c);
    const claim = claimedUser(c, basicName);
    if (secret === null) throw new Problem('unauthenticated', claim === null ? NO_TOKEN : ONLY_AN_ADDRESS);
    if (isBearer && looksLikeIdToken(secret)) return identity(c, secret).then((caller) => agreeing(caller, claim));
    const key = tokenHash(secret.toLowerCase());
    const recalled = known.recall(key);
    if (recalled !== null) return callerOf(recalled, claim);
    refuseDamaged(secret.toLowerCase());
    return known.find(key).then((found) => {
      if (found === null) throw new Problem('unauthenticated', UNKNOWN);
      return callerOf(found, claim);
    });
  };
}

function newCaller(token: DeviceToken, now: number): Caller {
  return {
    user: token.owner,
    token,
    actor: { kind: 'token', tokenId: token.id, label: token.label },
    scopes: scopesAt(token, now),
    logName: logName(token.owner),
  };
}

function refuseUnusable(token: DeviceToken, now: number): void {
  if (token.revokedAt !== null) throw new Problem('token_revoked', REVOKED);
  if (token.expiresAt !== null && token.expiresAt <= now) throw new Problem('token_expired', EXPIRED);
}

function refuseDamaged(secret: string): void {
  if (isWholeToken(secret)) return;
  throw new Problem('unauthenticated', secret.startsWith(TOKEN_PREFIX) ? DAMAGED : UNKNOWN);
}

const NO_TOKEN = 'Send a device token in the header Authorization, as "Bearer mlg_…".';
export const ONLY_AN_ADDRESS =
  'An address alone proves nothing here. Make a token on the server with "npm run user -- token EMAIL" and send it in ' +
  'the header Authorization, as "Bearer mlg_…".';
const UNKNOWN = 'This token is not known here. Make a new one on the server with "npm run user -- token EMAIL".';
export const DAMAGED = 'This token looks damaged, copy it again: it begins with mlg_ and has 34 characters.';
const REVOKED = 'The key of this phone was revoked. Make a new token and put it into the phone.';
const EXPIRED = 'The key of this phone has expired. Make a new token and put it into the phone.';
