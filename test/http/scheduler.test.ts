/** The scheduler's call: what it does, that a tick counts once, and who may make it. */

import { describe, expect, it } from 'vitest';
import { jsonOf } from '../support/answers.ts';
import { createApp } from '../../src/app.ts';
import { JAN, OPTIONS, PIET, testApp, type TestApp } from '../support/app.ts';

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

describe('cars', () => {
  const HOME = { lat: 52.0907, lng: 5.1214 };
  const OFFICE = { lat: 52.1561, lng: 5.3878 };

  async function send({ app }: TestApp, method: string, path: string, body: object) {
    const headers = { 'content-type': 'application/json', 'x-user-email': JAN };
    const response = await app.request(path, { method, headers, body: JSON.stringify(body) });
    expect(response.status).toBeLessThan(300);
    return (await response.json()) as Record<string, string>;
  }

  const read = async ({ app }: TestApp, path: string) =>
    (await app.request(`${path}?user=${JAN}`)).json() as Promise<Record<string, never>>;

  it('are asked during a drive and after its end, and the trip has their odometer; else by the daily call', async () => {
    const service = testApp({}, '2026-03-02T07:00:00Z');
    const { id } = await send(service, 'POST', '/cars', { name: 'Golf' });
    const drive = { starts_at: '2026-03-02T07:10:00Z', duration_min: 30, distance_km: 22.4, to: OFFICE };
    const simulator = { provider: 'simulator', odometer_km: 48_000, resolution_km: 0.1, parked_at: HOME };
    await send(service, 'PUT', `/cars/${id}/connection`, { ...simulator, drives: [drive] });
    expect(await poll(service)).toMatchObject({ polled: 0 });
    expect(await poll(service, '?daily=1')).toMatchObject({ due: 1, polled: 1, failed: 0 });
    expect(await poll(service)).toMatchObject({ polled: 0 });

    service.clock.set('2026-03-02T07:10:00Z');
    await send(service, 'POST', '/webhook/start', HOME);
    for (let minute = 11; minute < 40; minute += 1) {
      service.clock.set(`2026-03-02T07:${minute}:05Z`);
      expect(await poll(service)).toMatchObject({ due: 1, polled: 1, failed: 0, remaining: 0 });
    }
    service.clock.set('2026-03-02T07:40:30Z');
    expect(await send(service, 'POST', '/webhook/end', OFFICE)).toMatchObject({ code: 'ending' });
    service.clock.set('2026-03-02T07:41:05Z');
    expect(await poll(service)).toMatchObject({ due: 1, polled: 1, finished: 1 });
    expect(await poll(service)).toMatchObject({ due: 0, polled: 0 });

    const { trips } = await read(service, '/trips');
    expect(trips).toMatchObject([
      {
        car_id: id,
        start_odometer_km: 48_000,
        end_odometer_km: 48_022.4,
        distance_km: 22.4,
        distance_source: 'odometer',
        odometer_pending: false,
        needs_review: true,
      },
    ]);
    expect(await read(service, `/cars/${id}`)).toMatchObject({
      connection: { provider: 'simulator', state: 'ok', last_read_at: '2026-03-02T07:41:05.000Z', error: null },
    });
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

  it('counts once for all instances on one store', async () => {
    const service = testApp();
    const other = createApp(service.deps, { ...OPTIONS });
    const ask = (app: TestApp['app']) => poll({ ...service, app }, '', tick('2026-03-02T20:00:00Z'));
    const rounds = await Promise.all([ask(service.app), ask(other), ask(service.app), ask(other)]);
    expect(rounds.filter(({ duplicate }) => duplicate === undefined)).toHaveLength(1);
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
