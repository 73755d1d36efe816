/** Who is calling cannot be said past the door: however the name of a parameter is escaped, it is the one it decodes to. */

import { describe, expect, it } from 'vitest';
import { MOST_GUESSES_PER_MINUTE } from '../../src/http/guesses.ts';
import { jsonOf } from '../support/answers.ts';
import { JAN, PIET, testApp, type TestApp } from '../support/app.ts';
import { bearer } from './walk/asking.ts';

const NAMES = {
  user: ['user', '%75ser', 'use%72', '%75%73%65%72', 'u%73er'],
  token: ['token', '%74oken', 'toke%6e', 'toke%6E'],
};
const PATHS = ['/trips', '/webhook/status', '/me', '/tokens'];

async function ask({ app }: TestApp, path: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await app.request(path, { headers });
  const { code } = await jsonOf<{ code?: string }>(response);
  return code === undefined ? response.status : [response.status, code];
}

describe('an address', () => {
  it.each(NAMES.user)('under the name %s is a claim like any other', async (name) => {
    const service = testApp({ auth: 'required' });
    const headers = bearer(await service.tokenOf(JAN));
    for (const path of PATHS) {
      expect(await ask(service, `${path}?${name}=${PIET}`, headers)).toEqual([403, 'user_mismatch']);
      expect(await ask(service, `${path}?${name}=${JAN}`, headers)).toBe(200);
      expect(await ask(service, `${path}?user=${JAN}&${name}=${PIET}`, headers)).toEqual([400, 'conflicting_user']);
    }
  });

  it.each(NAMES.user)('under the name %s says in open mode whose logbook it is', async (name) => {
    const service = testApp();
    expect(await ask(service, `/trips?${name}=${JAN}`)).toBe(200);
    expect(await ask(service, `/trips?${name}=x`)).toEqual([400, 'invalid_user']);
    expect(await ask(service, `/trips?user=${PIET}&${name}=${JAN}`)).toEqual([400, 'conflicting_user']);
    await service.app.request(`/webhook/start?${name}=${JAN}`, { method: 'POST' });
    expect(await service.deps.store.users(5)).toEqual([JAN]);
  });

  it.each(['user%20', '%00user', 'User', 'user%5B%5D', '%2575ser', 'us%zzer', 'user%', '+user'])(
    'under the name %s is none',
    async (name) => {
      const service = testApp({ auth: 'required' });
      const headers = bearer(await service.tokenOf(JAN));
      expect(await ask(service, `/trips?${name}=${PIET}`, headers)).toEqual([400, 'invalid_request']);
      expect(await ask(service, `/webhook/status?${name}=${PIET}`, headers)).toBe(200);
    },
  );
});

describe('a token', () => {
  it.each(NAMES.token)('under the name %s is a credential like any other', async (name) => {
    const service = testApp({ auth: 'required' });
    const [own, other] = [await service.tokenOf(JAN), await service.tokenOf(PIET)];
    for (const path of PATHS) {
      expect(await ask(service, `${path}?${name}=${own}`)).toBe(200);
      expect(await ask(service, `${path}?${name}=${own}`, bearer(other))).toEqual([401, 'unauthenticated']);
      expect(await ask(service, `${path}?token=${own}&${name}=${other}`)).toEqual([401, 'unauthenticated']);
    }
  });

  it.each(NAMES.token)('under the name %s is counted when it was guessed', async (name) => {
    const { app } = testApp({ auth: 'required' });
    const from = { incoming: { socket: { remoteAddress: '203.0.113.7', remotePort: 1, remoteFamily: 'IPv4' } } };
    const guess = async () => (await app.request(`/trips?${name}=x`, {}, from)).status;
    for (let i = 0; i < MOST_GUESSES_PER_MINUTE; i += 1) expect(await guess()).toBe(401);
    expect(await guess()).toBe(429);
  });
});

describe('a parameter that is given twice', () => {
  it.each(['shard=0&shard=1&shards=2', 'shard=0&shards=2&shards=2', 'daily=0&daily=1', 'daily=1&d%61ily=1'])(
    'stops a round of the clock: %s',
    async (query) => {
      const response = await testApp().app.request(`/scheduler/poll-all?${query}`, { method: 'POST' });
      expect(await response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
    },
  );

  it.each(['limit=1&limit=2', 'year=2025&year=2026', 'cursor=&cursor='])('stops a list: %s', async (query) => {
    expect(await ask(testApp({ defaultUser: JAN }), `/trips?${query}`)).toEqual([400, 'invalid_request']);
  });

  it('stops a signing out that could be meant either way', async () => {
    const service = testApp({ auth: 'required' });
    const init = { method: 'POST', headers: bearer(await service.tokenOf(JAN)) };
    const response = await service.app.request('/signout?everywhere=false&everywhere=true', init);
    expect(await response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});
