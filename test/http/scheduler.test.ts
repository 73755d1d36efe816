/** The scheduler's call: what it does, that a tick counts once, and who may make it. */

import { describe, expect, it } from 'vitest';
import { jsonOf } from '../support/answers.ts';
import { JAN, PIET, testApp, type TestApp } from '../support/app.ts';

const HOUR_MS = 3_600_000;

interface Round {
  readonly ok: boolean;
  readonly due: number;
  readonly finished: number;
  readonly duplicate?: boolean;
}

/** A drive of which nothing is heard any more. */
async function silentDrive({ app }: TestApp, user: string): Promise<void> {
  const at = (lat: number) => new URLSearchParams({ lat: String(lat), lng: '5.1' });
  await app.request(`/webhook/start?user=${user}`, { method: 'POST', body: at(52.1) });
  await app.request(`/webhook/ping?user=${user}`, { method: 'POST', body: at(52.12) });
}

async function poll({ app }: TestApp, query = '', headers: Record<string, string> = {}): Promise<Round> {
  const response = await app.request(`/scheduler/poll-all${query}`, { method: 'POST', headers });
  expect(response.status).toBe(200);
  return jsonOf(response);
}

function tick(time: string, job = 'minute'): Record<string, string> {
  return { 'x-cloudscheduler-jobname': job, 'x-cloudscheduler-scheduletime': time };
}

describe('a round', () => {
  it('closes what went silent, and tells how much it did', async () => {
    const service = testApp();
    for (const user of [JAN, PIET]) await silentDrive(service, user);
    expect(await poll(service)).toEqual({
      ok: true,
      due: 0,
      polled: 0,
      finished: 0,
      failed: 0,
      remaining: 0,
      duration_ms: expect.any(Number),
    });
    service.clock.advance(13 * HOUR_MS);
    expect(await poll(service)).toMatchObject({ ok: true, due: 2, finished: 2, failed: 0, remaining: 0 });
    expect(await (await service.app.request(`/webhook/status?user=${JAN}`)).json()).toEqual({ active: false });
    expect(await poll(service)).toMatchObject({ due: 0, finished: 0 });
  });

  it('serves everybody once when it is shared among shards', async () => {
    const service = testApp();
    const users = Array.from({ length: 12 }, (_, i) => `driver${i}@example.nl`);
    for (const user of users) await silentDrive(service, user);
    service.clock.advance(13 * HOUR_MS);
    const rounds = [];
    for (const shard of [0, 1, 2]) rounds.push(await poll(service, `?shard=${shard}&shards=3`));
    expect(rounds.map(({ due }) => due).reduce((sum, due) => sum + due, 0)).toBe(users.length);
    expect(rounds.filter(({ due }) => due === users.length)).toEqual([]);
    expect(await poll(service)).toMatchObject({ due: 0 });
  });

  it.each(['shard=1', 'shards=2', 'shard=2&shards=2', 'shard=0&shards=0', 'shard=x&shards=2', 'daily=yes', 'other=1'])(
    'is refused with %s',
    async (query) => {
      const response = await testApp().app.request(`/scheduler/poll-all?${query}`, { method: 'POST' });
      expect(await response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
    },
  );

  it('takes whatever body a scheduler sends, and the daily call', async () => {
    const { app } = testApp();
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await app.request('/scheduler/poll-all?daily=1', { method: 'POST', headers, body: 'not json' });
    expect(await response.json()).toMatchObject({ ok: true });
  });
});

describe('a tick', () => {
  it('that is delivered twice is done once', async () => {
    const service = testApp();
    await silentDrive(service, JAN);
    await poll(service, '', tick('2026-03-02T20:00:00Z'));
    service.clock.advance(13 * HOUR_MS);
    expect(await poll(service, '', tick('2026-03-02T20:00:00Z'))).toMatchObject({ due: 0, duplicate: true });
    expect(await poll(service, '', tick('2026-03-02T20:01:00Z'))).toMatchObject({ due: 1, finished: 1 });
  });

  it.each([
    [tick('2026-03-02T20:00:00Z'), tick('2026-03-02T20:00:00Z', 'daily')],
    [tick('2026-03-02T20:00:00Z'), { 'x-cloudscheduler-scheduletime': '2026-03-02T20:00:00Z' }],
    [{ 'x-cloudscheduler-jobname': 'minute' }, { 'x-cloudscheduler-jobname': 'minute' }],
    [{}, {}],
  ])('is another one unless job and time are both given and equal: %o, %o', async (first, second) => {
    const service = testApp();
    await poll(service, '', first);
    expect(await poll(service, '', second)).not.toHaveProperty('duplicate');
  });

  it('that failed may be delivered again', async () => {
    const service = testApp();
    await silentDrive(service, JAN);
    service.clock.advance(13 * HOUR_MS);
    const { store } = service.deps;
    const { due } = store;
    Object.assign(store, { due: () => Promise.reject(new Error('out of order')) });
    const headers = tick('2026-03-02T20:00:00Z');
    expect((await service.app.request('/scheduler/poll-all', { method: 'POST', headers })).status).toBe(500);
    Object.assign(store, { due });
    expect(await poll(service, '', headers)).toMatchObject({ due: 1 });
  });
});

describe('in required mode', () => {
  it('nobody may call it while no scheduler is set up, with whatever credential', async () => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN);
    for (const authorization of ['', `Bearer ${token}`, 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln']) {
      const headers: Record<string, string> = authorization === '' ? {} : { authorization };
      const response = await service.app.request('/scheduler/poll-all', { method: 'POST', headers });
      expect(await response.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
  });
});
