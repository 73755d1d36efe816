/** Reads the token out of a request, however the client wrote it. Whether it is any good is decided elsewhere. */

import type { Context } from 'hono';
import { Problem } from '../domain/problem.ts';
import type { Env } from './env.ts';
import { headerText, queryValues } from './query.ts';

export interface Credential {
  /** The token as it was meant; `null`: none came. */
  readonly secret: string | null;
  /** The name of a Basic credential, if it looks like an address. */
  readonly basicName: string | null;
  /** Whether it came as `Authorization: Bearer`, the one way an ID token may come. */
  readonly isBearer: boolean;
}

export const TWO_TOKENS = 'The request carries two different tokens. Send one.';

const NONE: Credential = { secret: null, basicName: null, isBearer: false };
/** What autocorrect and copying put around a token. */
const WRAPPING = /^[\s"'`\u2018-\u201f\u00ab\u00bb<>]+|[\s"'`\u2018-\u201f\u00ab\u00bb<>]+$/g;
/** What nearly all requests carry. */
const PLAIN = /^Bearer [\w]+$/;
const PLAIN_SCHEME_LENGTH = 'Bearer '.length;
const SCHEME = /^(bearer|token|basic)(?:[\s:]+|$)/i;

export function readCredential(c: Context<Env>): Credential {
  const authorization = readAuthorization(headerText(c, 'authorization'));
  let found = authorization.secret;
  found = agree(found, headerText(c, 'x-api-key'));
  found = agree(found, headerText(c, 'x-webhook-token'));
  const tokens = queryValues(c.req.url, 'token');
  if (tokens === null) throw new Problem('unauthenticated', 'The token in the address is not readable.');
  for (const token of tokens) found = agree(found, token);
  return { ...authorization, secret: found };
}

function agree(found: string | null, text: string | undefined): string | null {
  if (text === undefined) return found;
  const secret = unwrapped(text);
  if (secret === '') return found;
  if (found !== null && found !== secret) {
    throw new Problem('unauthenticated', TWO_TOKENS);
  }
  return secret;
}

function readAuthorization(header: string | undefined): Credential {
  if (header === undefined) return NONE;
  if (PLAIN.test(header)) return { ...NONE, secret: header.slice(PLAIN_SCHEME_LENGTH), isBearer: true };
  const text = unwrapped(header);
  const scheme = SCHEME.exec(text);
  if (scheme === null) return { ...NONE, secret: text === '' ? null : text };
  const rest = unwrapped(text.slice(scheme[0].length));
  if (scheme[1]?.toLowerCase() === 'basic') return readBasic(rest);
  return { ...NONE, secret: rest === '' ? null : rest, isBearer: scheme[1]?.toLowerCase() === 'bearer' };
}

function readBasic(encoded: string): Credential {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) throw new Problem('unauthenticated', 'The Basic credential is not readable.');
  const name = text.slice(0, colon);
  const secret = unwrapped(text.slice(colon + 1));
  return { ...NONE, secret: secret === '' ? null : secret, basicName: name.includes('@') ? name : null };
}

function unwrapped(text: string): string {
  return text.replace(WRAPPING, '');
}
