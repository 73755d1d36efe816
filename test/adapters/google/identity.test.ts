/** Google's ID tokens: which are believed, and that no message of ours quotes one. */

import { constants, sign } from 'node:crypto';
import { generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { googleIdentities } from '../../../src/adapters/google/identity.ts';
import { VirtualClock } from '../../support/clock.ts';
import { CLIENT_ID, CLIENT_SECRET, ISSUER, localGoogle, type Claims, type LocalGoogle } from '../../support/google.ts';

const JAN = { sub: '1001', email: 'jan@example.nl' };
const NOW = new Date('2026-03-02T07:00:00Z').getTime();
const SECONDS = NOW / 1_000;

async function stage() {
  const clock = new VirtualClock(NOW);
  const google = await localGoogle(clock);
  const identities = googleIdentities({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    clock,
    endpoints: google.endpoints,
  });
  return { clock, google, identities };
}

describe('an ID token', () => {
  it.each<[string, Claims]>([
    ['as Google makes it', {}],
    ['by the other spelling of the issuer', { iss: 'accounts.google.com' }],
    ['that ended less than a minute ago', { exp: SECONDS - 50 }],
  ])('%s is believed', async (_name, claims) => {
    const { google, identities } = await stage();
    const verdict = await identities.verify(await google.idToken({ ...JAN, ...claims }), CLIENT_ID);
    expect(verdict).toMatchObject({ ok: true, identity: { subject: '1001', email: 'jan@example.nl', nonce: null } });
  });

  it.each<[string, Claims]>([
    ['for somebody else', { aud: 'other.apps.googleusercontent.com' }],
    ['for others as well', { aud: [CLIENT_ID, 'other'] }],
    ['for nobody', { aud: undefined }],
    ['of another issuer', { iss: 'https://accounts.example.com' }],
    ['of no issuer', { iss: undefined }],
    ['of a look-alike issuer', { iss: `${ISSUER}.example.com` }],
    ['that expired', { exp: SECONDS - 61 }],
    ['that never expires', { exp: undefined }],
    ['that lives for weeks', { exp: SECONDS + 20 * 86_400 }],
    ['made at no time', { iat: undefined }],
    ['that is not valid yet', { nbf: SECONDS + 120 }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['without an address', { email: undefined }],
    ['of an address nobody verified', { email_verified: false }],
    ['that says nothing of it', { email_verified: undefined }],
    ['that says it as a text', { email_verified: 'true' }],
  ])('%s is not', async (_name, claims) => {
    const { google, identities } = await stage();
    const token = await google.idToken({ ...JAN, ...claims });
    const verdict = await identities.verify(token, CLIENT_ID);
    expect(verdict).toMatchObject({ ok: false, why: 'refused' });
    expectSilent(verdict, token);
  });

  it.each<[string, (google: LocalGoogle) => Promise<string>]>([
    ['signed by somebody else', async (google) => google.idToken(JAN, {}, (await generateKeyPair('RS256')).privateKey)],
    ['of an unknown key', async (google) => google.idToken(JAN, { kid: 'key-2' })],
    ['signed with a shared secret', (google) => google.idToken(JAN, { alg: 'HS256' }, new Uint8Array(32).fill(1))],
    ['signed with the right key in another way', otherwiseSigned],
    ['without a signature', async (google) => unsigned(await google.idToken(JAN))],
    ['of no algorithm', async (google) => unsigned(await google.idToken(JAN), { alg: 'none' })],
    ['that was changed', async (google) => changed(await google.idToken(JAN))],
    [
      'whose signature Google removed',
      async (google) => `${unsigned(await google.idToken(JAN))}SIGNATURE_REMOVED_BY_GOOGLE`,
    ],
    ['that is none', async () => 'eyJhbGciOiJSUzI1NiJ9.e30'],
    ['that is nothing', async () => ''],
    ['that is far too long', async (google) => google.idToken({ ...JAN, name: 'x'.repeat(9_000) })],
  ])('%s is not', async (_name, made) => {
    const { google, identities } = await stage();
    const token = await made(google);
    const verdict = await identities.verify(token, CLIENT_ID);
    expect(verdict).toMatchObject({ ok: false, why: 'refused' });
    if (token !== '') expectSilent(verdict, token);
  });

  it('is for one audience always: without one, none is believed and nobody is asked', async () => {
    const { google, identities } = await stage();
    const verdict = await identities.verify(await google.idToken({ ...JAN, aud: '' }), '');
    expect(verdict).toMatchObject({ ok: false, why: 'refused' });
    expect(google.asked.keys).toBe(0);
  });

  it.each(['keys', 'hangs'] as const)('nobody can check (%s) is not believed, and said to be so', async (fault) => {
    const { google, identities } = await stage();
    const token = await google.idToken(JAN);
    google.fault = fault;
    const verdict = await identities.verify(token, CLIENT_ID);
    expect(verdict).toMatchObject({ ok: false, why: 'unreachable' });
    expectSilent(verdict, token);
    google.fault = 'none';
    expect(await identities.verify(token, CLIENT_ID)).toMatchObject({ ok: true });
  });

  it('is checked with keys that are fetched once', async () => {
    const { google, identities } = await stage();
    for (let i = 0; i < 5; i += 1) await identities.verify(await google.idToken({ ...JAN, jti: i }), CLIENT_ID);
    google.fault = 'keys';
    expect(await identities.verify(await google.idToken(JAN), CLIENT_ID)).toMatchObject({ ok: true });
    expect(google.asked.keys).toBe(1);
  });
});

/** Neither the token nor a part of it long enough to be of use. */
function expectSilent(verdict: object, token: string): void {
  const said = JSON.stringify(verdict);
  for (const part of token.split('.').filter((one) => one.length > 10)) expect(said).not.toContain(part);
}

/** By hand: the key of the server signs in its own way only. */
async function otherwiseSigned(google: LocalGoogle): Promise<string> {
  const [, claims = ''] = (await google.idToken(JAN)).split('.');
  const signed = `${encoded({ alg: 'PS256', kid: 'key-1' })}.${claims}`;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const signature = sign('sha256', Buffer.from(signed), { key: google.privateKey, padding, saltLength: 32 });
  return `${signed}.${signature.toString('base64url')}`;
}

function unsigned(token: string, header?: object): string {
  const [head, claims] = token.split('.');
  return `${header ? encoded(header) : head}.${claims}.`;
}

function changed(token: string): string {
  const [head, claims = '', signature] = token.split('.');
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString());
  return `${head}.${encoded({ ...read, email: 'piet@example.nl' })}.${signature}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
