/** `AUTH=required`: what a device token may be carried in, what it may do, and when it no longer counts. */

import { describe, expect, it } from 'vitest';
import { revokeToken } from '../../src/actions/tokens.ts';
import { KnownTokens } from '../../src/actions/known-tokens.ts';
import { SCOPES } from '../../src/domain/tokens.ts';
import { jsonOf } from '../support/answers.ts';
import { JAN, PIET, testApp, type TestApp } from '../support/app.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly detail?: string;
  readonly message?: string;
  readonly active?: boolean;
}

async function status(service: TestApp, headers: Record<string, string>, query = ''): Promise<Answer> {
  return answer(await service.app.request(`/webhook/status${query}`, { headers }));
}

async function answer(response: Response): Promise<Answer> {
  const body = await jsonOf<object>(response);
  return { ...body, status: response.status };
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

function basic(text: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}

function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

describe('a token', () => {
  it.each<[string, (token: string) => Record<string, string>]>([
    ['Bearer', bearer],
    ['bearer', (token) => ({ authorization: `bearer ${token}` })],
    ['two spaces and one behind', (token) => ({ authorization: `Bearer  ${token} ` })],
    ['straight quotes', (token) => ({ authorization: `Bearer "${token}"` })],
    ['curly quotes', (token) => ({ authorization: bytes(`Bearer “${token}”`) })],
    ['quotes around everything', (token) => ({ authorization: `"Bearer ${token}"` })],
    ['a colon', (token) => ({ authorization: `Bearer: ${token}` })],
    ['Token', (token) => ({ authorization: `Token ${token}` })],
    ['nothing', (token) => ({ authorization: token })],
    ['a capital', (token) => ({ authorization: `Bearer M${token.slice(1)}` })],
    ['X-Api-Key', (token) => ({ 'x-api-key': token })],
    ['X-Webhook-Token', (token) => ({ 'x-webhook-token': ` ${token}` })],
    ['a Basic password', (token) => basic(`anything:${token}`)],
    ['a Basic password of its owner', (token) => basic(`${JAN}:${token}`)],
    ['several places at once', (token) => ({ ...bearer(token), 'x-api-key': token })],
  ])('is read with %s', async (_way, headers) => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN);
    expect(await status(service, headers(token))).toEqual({ status: 200, active: false });
  });

  it('is read out of the address', async () => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN);
    expect((await status(service, {}, `?token=${token}`)).status).toBe(200);
    expect((await status(service, {}, `?%74oken=${token}`)).status).toBe(200);
    expect((await status(service, {}, `?token=%E2%80%9C${token}%E2%80%9D&user=${JAN}`)).status).toBe(200);
  });

  it('must be one', async () => {
    const service = testApp({ auth: 'required' });
    const [one, two] = [await service.tokenOf(JAN), await service.tokenOf(JAN)];
    for (const headers of [
      { ...bearer(one), 'x-api-key': two },
      { 'x-api-key': one, 'x-webhook-token': two },
    ]) {
      expect(await status(service, headers)).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
    const both = await status(service, bearer(one), `?token=${two}`);
    expect([both.status, both.message]).toEqual([401, expect.stringContaining('Two different keys')]);
  });

  it('says whose logbook it is; another address is refused, known or not', async () => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN);
    await service.tokenOf(PIET);
    expect((await status(service, bearer(token), `?user=${JAN}`)).status).toBe(200);
    const known = await status(service, { ...bearer(token), 'x-request-id': 'r' }, `?user=${PIET}`);
    const unknown = await status(service, { ...bearer(token), 'x-request-id': 'r' }, '?user=nobody@example.nl');
    expect(known).toMatchObject({ status: 403, code: 'user_mismatch' });
    expect(unknown).toEqual(known);
    expect((await status(service, bearer(token), `?%75ser=${PIET}`)).code).toBe('user_mismatch');
    expect((await status(service, basic(`${PIET}:${token}`))).code).toBe('user_mismatch');
  });

  it('is asked for', async () => {
    const { app } = testApp({ auth: 'required' });
    const response = await app.request('/trips');
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await answer(response)).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('is what an old Shortcut with nothing but an address is told to get', async () => {
    const service = testApp({ auth: 'required' });
    await service.tokenOf(JAN);
    const refused = await status(service, {}, `?user=${JAN}`);
    expect(refused).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(refused.detail).toContain('npm run user -- token');
    expect(refused.message).toContain('An address alone is not enough');
    expect(refused.message?.length).toBeLessThanOrEqual(110);
    expect(await status(service, {}, '?user=nobody@example.nl')).toMatchObject({ detail: refused.detail });
  });

  it.each([
    [
      'one wrong character',
      (token: string) => `${token.slice(0, 10)}${token[10] === 'a' ? 'b' : 'a'}${token.slice(11)}`,
    ],
    ['its end missing', (token: string) => token.slice(0, -3)],
    ['an ellipsis in it', (token: string) => bytes(`${token.slice(0, 12)}…`)],
  ])('with %s looks damaged', async (_way, damage) => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN);
    const refused = await status(service, bearer(damage(token)));
    expect(refused).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(refused.detail).toContain('damaged');
    expect(refused.message).toContain('Copy the whole token again');
    const dutch = await status(service, { ...bearer(damage(token)), 'accept-language': 'nl' });
    expect(dutch.message).toContain('beschadigd');
    for (const { message } of [refused, dutch]) expect(message?.length).toBeLessThanOrEqual(110);
  });

  it.each(['eyJhbGciOiJSUzI1NiJ9.e30.c2ln', 'x', 'SIGNATURE_REMOVED_BY_GOOGLE'])('is not %s', async (text) => {
    const service = testApp({ auth: 'required' });
    expect(await status(service, bearer(text))).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('never stands in an answer or the log', async () => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN, { scopes: ['read'] });
    const response = await service.app.request(`/webhook/start?token=${token}`, { method: 'POST' });
    expect(await response.text()).not.toContain(token.slice(4));
    expect(JSON.stringify(service.log.lines)).not.toContain(token.slice(4));
  });
});

describe('a scope', () => {
  const REQUESTS = {
    events: [
      ['GET', '/webhook/status'],
      ['POST', '/webhook/start'],
      ['POST', '/cars/car_1/readings'],
    ],
    read: [
      ['GET', '/trips'],
      ['GET', '/stats'],
      ['HEAD', '/locations'],
    ],
    write: [
      ['POST', '/locations'],
      ['PATCH', '/settings'],
      ['DELETE', '/trips/trip_1'],
    ],
  } as const;

  it.each(Object.entries(REQUESTS))('%s opens its requests and no other', async (scope, own) => {
    const service = testApp({ auth: 'required' });
    const only = bearer(await service.tokenOf(JAN, { scopes: [scope as keyof typeof REQUESTS] }));
    const rest = bearer(await service.tokenOf(JAN, { scopes: SCOPES.filter((other) => other !== scope) }));
    for (const [method, path] of own) {
      const allowed = await service.app.request(path, { method, headers: only });
      const refused = await service.app.request(path, { method, headers: rest });
      expect([path, allowed.status === 401 || allowed.status === 403]).toEqual([path, false]);
      expect([path, refused.status]).toEqual([path, 403]);
      if (method !== 'HEAD') expect(await answer(refused)).toMatchObject({ code: 'insufficient_scope' });
    }
  });

  it('to manage the account lapses 30 days after the token was made, the others stay', async () => {
    const service = testApp({ auth: 'required' });
    const token = bearer(await service.tokenOf(JAN, { scopes: ['account', 'events'] }));
    const scopesTold = async () => (await answer(await service.app.request('/trips', { headers: token }))).detail;
    expect(await scopesTold()).toContain('account');
    service.clock.advance(30 * DAY_MS);
    expect(await scopesTold()).not.toContain('account');
    expect((await status(service, token)).status).toBe(200);
  });
});

describe('a token that no longer counts', () => {
  it('is refused once it has expired', async () => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN, { expiresAt: service.clock.now() + MINUTE_MS });
    expect((await status(service, bearer(token))).status).toBe(200);
    service.clock.advance(MINUTE_MS);
    expect(await status(service, bearer(token))).toMatchObject({ status: 401, code: 'token_expired' });
  });

  it('is refused within a minute of being revoked by somebody else', async () => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN);
    expect((await status(service, bearer(token))).status).toBe(200);
    const [{ id } = { id: '' }] = await service.deps.store.tokens.listOf(JAN);
    expect(await revokeToken(service.deps, new KnownTokens(service.deps), JAN, id)).toBe(true);
    service.clock.advance(MINUTE_MS);
    const refused = await status(service, bearer(token));
    expect(refused).toMatchObject({ status: 401, code: 'token_revoked', ok: false });
    expect(refused.message).toContain('revoked');
  });

  it('writes nothing when its owner is gone, not even in the first minute', async () => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN);
    expect((await status(service, bearer(token))).status).toBe(200);
    await service.deps.store.removeUser(JAN);
    for (const action of ['start', 'ping', 'end']) {
      const body = JSON.stringify({ lat: 52.1, lng: 5.1 });
      const refused = await service.app.request(`/webhook/${action}`, { method: 'POST', headers: bearer(token), body });
      expect([action, refused.status]).toEqual([action, 401]);
    }
    expect(await service.deps.store.users(10)).toEqual([]);
    service.clock.advance(MINUTE_MS);
    expect(await status(service, bearer(token))).toMatchObject({ status: 401, code: 'unauthenticated' });
  });
});

describe('the last use of a token', () => {
  it('is noted at most once an hour', async () => {
    const service = testApp({ auth: 'required' });
    const token = bearer(await service.tokenOf(JAN));
    const lastUsedAt = async () => {
      await new Promise((done) => setTimeout(done, 50));
      return (await service.deps.store.tokens.listOf(JAN))[0]?.lastUsedAt ?? null;
    };
    expect(await lastUsedAt()).toBeNull();
    const first = service.clock.now();
    await status(service, token);
    expect(await lastUsedAt()).toBe(first);
    service.clock.advance(HOUR_MS - 1);
    await status(service, token);
    expect(await lastUsedAt()).toBe(first);
    service.clock.advance(MINUTE_MS);
    await status(service, token);
    expect(await lastUsedAt()).toBe(service.clock.now());
  });
});
