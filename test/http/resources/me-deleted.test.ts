/** What is left of somebody who deleted the account: nothing, in the file's bytes either, and the credential with it. */

import { describe, expect, test } from 'vitest';
import { bookTrips } from '../../../src/actions/book.ts';
import { BY_RULES } from '../../../src/domain/activity.ts';
import { testApp, type TestApp } from '../../support/app.ts';
import { bytesOf, everyRow } from '../../support/dump.ts';
import { openTempStore } from '../../support/store.ts';
import { tripOf } from '../../support/trips.ts';
import { deletedContract } from './me-deleted-suite.ts';

const ANNA = 'anna.canary@example.nl';
const CANARY = 'canary';
const HOUR = 3_600_000;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Some thousand rows of several people, so that pages were split and rows moved between them. */
async function crowd({ deps }: TestApp, users: readonly string[], tripsEach: number): Promise<void> {
  for (let n = 0; n < tripsEach; n += 50) {
    for (const user of users) {
      await deps.store.forUser(user).transact(function* (tx) {
        const trips = Array.from({ length: 50 }, (_, i) =>
          tripOf({ startedAt: Date.parse('2026-01-01T08:00:00Z') + (n + i) * HOUR, notes: `${user} drove here` }),
        );
        yield* bookTrips(
          tx,
          trips.map((after) => ({ before: null, after })),
          BY_RULES,
          deps.ids,
          1,
        );
      });
    }
  }
}

const isLeftIn = (path: string) => bytesOf(path).includes(CANARY);

describe('a deleted account on SQLite', () => {
  deletedContract(() => {
    const temp = openTempStore();
    return { ...temp, everything: async () => everyRow(temp.path), bytes: async () => bytesOf(temp.path) };
  });
});

test('not a byte of the address, nor of what was written, is left in the file', { timeout: 120_000 }, async () => {
  const running = testApp({ auth: 'required' });
  const { app, path, tokenOf, deps } = running;
  const others = Array.from({ length: 6 }, (_, i) => `${'abyz'[i % 4]}${i}@example.nl`);
  const token = await tokenOf(ANNA);
  const second = await tokenOf(ANNA);
  for (const other of others) await tokenOf(other);
  await crowd(running, [...others.slice(0, 3), ANNA, ...others.slice(3)], 300);
  const send = (what: string, secret = token) =>
    app.request(`/webhook/${what}`, {
      method: 'POST',
      headers: bearer(secret),
      body: '{"lat":52,"lng":5,"device":"canary"}',
    });
  await send('start');
  for (let i = 0; i < 20; i += 1) await send('ping');
  expect(isLeftIn(path)).toBe(true);
  expect((await app.request('/me', { method: 'DELETE', headers: bearer(token) })).status).toBe(204);
  expect(isLeftIn(path)).toBe(false);
  for (const secret of [token, second]) {
    expect((await app.request('/me', { headers: bearer(secret) })).status).toBe(401);
    expect((await send('start', secret)).status).toBe(401);
    expect((await send('ping', secret)).status).toBe(401);
  }
  expect(isLeftIn(path)).toBe(false);
  expect(await deps.store.users(20)).toEqual(others.toSorted());
  for (const other of others)
    expect((await deps.store.forUser(other).list('trip', { order: 'asc', limit: 400 })).length).toBe(300);
});

test('events that are on their way bring nothing back where a token is needed', async () => {
  const { app, path, tokenOf, deps } = testApp({ auth: 'required' });
  const token = await tokenOf(ANNA);
  const send = (i: number) =>
    app.request('/webhook/start', { method: 'POST', headers: { ...bearer(token), 'idempotency-key': `canary${i}` } });
  expect((await send(0)).status).toBe(200);
  const deleted = app.request('/me', { method: 'DELETE', headers: bearer(token) });
  const events = await Promise.all(Array.from({ length: 30 }, (_, i) => send(i + 1)));
  expect((await deleted).status).toBe(204);
  for (const { status } of [...events, await send(99)]) expect([200, 401]).toContain(status);
  expect((await send(100)).status).toBe(401);
  expect(await deps.store.users(5)).toEqual([]);
  expect(await deps.store.forUser(ANNA).get('active', 'trip_start')).toBeNull();
  expect(isLeftIn(path)).toBe(false);
});

test('in open mode the same address begins anew', async () => {
  const { app, path } = testApp();
  const ask = (method: string, where: string) => app.request(`${where}?user=${ANNA}`, { method });
  await ask('POST', '/webhook/start');
  expect((await ask('DELETE', '/me')).status).toBe(204);
  expect(isLeftIn(path)).toBe(false);
  expect(await (await ask('GET', '/me')).json()).toMatchObject({ user: ANNA, created_at: null, active: false });
  expect(await (await ask('POST', '/webhook/start')).json()).toMatchObject({ code: 'started' });
});
