/** Google's ID tokens: verified here, whoever passed them on, and for one audience always. */

import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { dateOf } from '../../domain/units.ts';
import type { Clock } from '../../seams/clock.ts';
import type { Identities, Refused, Verdict } from '../../seams/identity.ts';
import { GOOGLE, type Endpoints } from './endpoints.ts';
import { signInServer } from './sign-in.ts';

export interface GoogleOptions {
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly clock: Clock;
  readonly endpoints?: Endpoints;
}

/** What Cloud Run leaves of a token it verified itself: claims without proof. */
const STRIPPED = 'SIGNATURE_REMOVED_BY_GOOGLE';
const LONGEST_TOKEN = 8_192;
const TOLERANCE_SECONDS = 60;
/** Google's live an hour; one that lives longer is none of Google's. */
const LONGEST_LIFE_MS = 24 * 3_600_000;
/** What jose says of keys it has, but not the one asked for. */
const NO_SUCH_KEY = ['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS', 'ERR_JOSE_NOT_SUPPORTED'];

class KeysUnreachable extends Error {}

export function googleIdentities({ clientId, clientSecret, clock, endpoints = GOOGLE }: GoogleOptions): Identities {
  let keys: Promise<JWTVerifyGetKey> | null = null;
  return {
    clientId,
    signIn: clientId === null || clientSecret === null ? null : signInServer(clientId, clientSecret, endpoints),
    async verify(token, audience) {
      if (audience === '') return refused('no audience is set up');
      if (token.endsWith(STRIPPED)) return refused('its signature was removed on the way');
      if (token.length > LONGEST_TOKEN) return refused('it is too long');
      try {
        keys ??= keysAt(endpoints);
        return await verified(token, audience, await keys, clock.now(), endpoints.issuers);
      } catch (error) {
        if (error instanceof KeysUnreachable) return { ok: false, why: 'unreachable', reason: error.message };
        return refused(codeOf(error) ?? 'it is no token');
      }
    },
  };
}

/** Loaded with the first token: most requests bring none. */
async function keysAt({ keys, limitMs }: Endpoints): Promise<JWTVerifyGetKey> {
  const { createRemoteJWKSet } = await import('jose');
  const remote = createRemoteJWKSet(new URL(keys), { timeoutDuration: limitMs });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      const code = codeOf(error);
      if (code !== null && NO_SUCH_KEY.includes(code)) throw error;
      throw new KeysUnreachable(`its keys cannot be fetched (${code ?? 'no connection'})`);
    }
  };
}

async function verified(
  token: string,
  audience: string,
  keys: JWTVerifyGetKey,
  now: number,
  issuers: readonly string[],
): Promise<Verdict> {
  const { jwtVerify } = await import('jose');
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['RS256'],
    audience,
    issuer: [...issuers],
    requiredClaims: ['sub', 'exp', 'iat'],
    clockTolerance: TOLERANCE_SECONDS,
    currentDate: dateOf(now),
  });
  return identityIn(payload, audience, now);
}

function identityIn(
  { sub, aud, exp = 0, email, email_verified, nonce }: JWTPayload,
  audience: string,
  now: number,
): Verdict {
  const expiresAt = exp * 1_000;
  if (aud !== audience) return refused('it is made for others as well');
  if (expiresAt > now + LONGEST_LIFE_MS) return refused('it lives too long');
  if (typeof sub !== 'string' || sub === '') return refused('it names no subject');
  if (typeof email !== 'string' || email === '') return refused('it names no address');
  if (email_verified !== true) return refused('its address is not verified');
  return {
    ok: true,
    identity: { subject: sub, email, nonce: typeof nonce === 'string' ? nonce : null, expiresAt },
  };
}

function refused(reason: string): Refused {
  return { ok: false, why: 'refused', reason };
}

/** Messages may quote what was sent; codes do not. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
