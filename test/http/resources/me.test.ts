/** `/me` over HTTP: what it tells, what it streams, and what it takes back from whoever sends what. */

import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { JAN, testApp } from '../../support/app.ts';
import { contentOf, edited, exported } from '../../support/exports.ts';
import { tripOf } from '../../support/trips.ts';
import { openLogbook, type Logbook } from './logbook.ts';

const EVE = 'eve@example.nl';
const DAY = 86_400_000;
const trips = (n: number) =>
  Array.from({ length: n }, (_, i) =>
    tripOf({ startedAt: Date.parse('2025-01-01T08:00:00Z') + i * DAY, notes: `“${i}” é` }),
  );

/** A test looks at whatever came. */
// oxlint-disable-next-line typescript/no-explicit-any -- as everywhere in these tests
type Sent = { readonly status: number; readonly body: any };

const send = async ({ app }: Pick<Logbook, 'app'>, user: string, text: string, query = ''): Promise<Sent> => {
  const headers = { 'content-type': 'application/json', 'x-user-email': user };
  const answer = await app.request(`/me/import${query}`, { method: 'POST', headers, body: text });
  return { status: answer.status, body: await answer.json() };
};

describe('GET /me', () => {
  test('tells since when, how much, and what the credential may do', async () => {
    const { app, tokenOf, clock } = testApp({ auth: 'required' });
    const token = await tokenOf(JAN);
    const headers = { authorization: `Bearer ${token}` };
    await app.request('/webhook/start', { method: 'POST', headers });
    expect(await (await app.request('/me', { headers })).json()).toMatchObject({
      user: JAN,
      created_at: new Date(clock.now()).toISOString(),
      trips: 0,
      cars: 0,
      tokens: 1,
      active: true,
      auth: 'required',
      scopes: ['events', 'read', 'write', 'account'],
      token: { label: 'test', last4: token.slice(-4) },
    });
    clock.advance(31 * DAY);
    expect((await app.request('/me', { headers })).status).toBe(403);
  });

  test('counts trips and kilometres of all months', async () => {
    const logbook = openLogbook();
    await logbook.book(...trips(70));
    expect((await logbook.get('/me')).body).toMatchObject({
      trips: 70,
      distance_km: (70 * 12_345) / 1_000,
      first_month: '2025-01',
      token: null,
      auth: 'open',
    });
  });
});

describe('GET /me/export', () => {
  test('is one document that proves to be whole: counts, and a hash anybody can check', async () => {
    const logbook = openLogbook();
    await logbook.book(...trips(230));
    const { text, headers } = await logbook.get('/me/export');
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="mileage-logbook-2026-03-10\.json"$/);
    const doc = JSON.parse(text);
    expect(doc.trips).toHaveLength(230);
    expect(doc.trips[0]).toMatchObject({ distance_km: 12.345, started_at: '2025-01-01T08:00:00.000Z', trip_type: 'B' });
    const lines = text.split('\n');
    const last = lines.at(-2) ?? '';
    expect(JSON.parse(`{${last}`).end).toEqual({
      counts: expect.objectContaining({ trips: 230, activity: 230 }),
      sha256: hash('sha256', `${lines.slice(0, -2).join('\n')}\n`),
    });
  });

  test('holds neither what opens a car nor what opens the logbook', async () => {
    const { app, tokenOf, deps } = testApp({ auth: 'required' });
    const token = await tokenOf(JAN);
    await deps.store.forUser(JAN).transact(function* (tx) {
      tx.put('secret', 'car_1', { sealed: { keyId: 'k', nonce: 'n', text: 'SEALED' }, updatedAt: 1 });
    });
    const text = await (await app.request('/me/export', { headers: { authorization: `Bearer ${token}` } })).text();
    expect(JSON.parse(text).tokens).toHaveLength(1);
    for (const secret of [token, hash('sha256', token), 'SEALED']) expect(text).not.toContain(secret);
  });

  test('goes no further than its reader takes it', async () => {
    const logbook = openLogbook();
    await logbook.book(...trips(600).map((trip) => ({ ...trip, notes: 'x'.repeat(2_000) })));
    let reads = 0;
    const { forUser } = logbook.deps.store;
    Object.assign(logbook.deps.store, {
      forUser: (email: string) => {
        const user = forUser(email);
        return { ...user, list: (...args: Parameters<typeof user.list>) => ((reads += 1), user.list(...args)) };
      },
    });
    const response = await logbook.app.request('/me/export', { headers: { 'x-user-email': JAN } });
    const reader = response.body?.getReader();
    await reader?.read();
    await new Promise((done) => setTimeout(done, 50));
    const afterOne = reads;
    await reader?.cancel();
    await new Promise((done) => setTimeout(done, 50));
    expect(afterOne).toBeLessThan(8);
    expect(reads).toBe(afterOne);
  });
});

describe('POST /me/import', () => {
  test('takes what was exported before its records had all their fields', async () => {
    const there = openLogbook();
    await there.ask(JAN, 'POST', '/cars', { name: 'Golf' });
    const { text } = await there.get('/me/export');
    const older = edited(text, ({ activity }: Record<string, object[]>) => {
      for (const entry of activity ?? []) for (const field of ['cause', 'parts']) Reflect.deleteProperty(entry, field);
    });
    expect(older).not.toContain('"cause"');
    const here = openLogbook();
    const { body } = await send(here, EVE, older);
    expect(body.sections.activity).toEqual({ added: 1, unchanged: 0, skipped: 0, refused: 0 });
    expect(contentOf(await exported(here.deps.store, EVE))['activity']).toEqual(JSON.parse(text).activity);
  });

  const full = async () => {
    const logbook = openLogbook();
    await logbook.ask(JAN, 'POST', '/cars', { name: 'Golf', device_names: ['golf'] });
    await logbook.ask(JAN, 'POST', '/locations', { name: 'Home', lat: 52, lng: 5 });
    await logbook.book(...trips(120));
    return { logbook, text: (await logbook.get('/me/export')).text };
  };

  test('takes all of it into the caller’s own logbook, and nothing a second time', async () => {
    const { logbook, text } = await full();
    const trial = await send(logbook, EVE, text, '?dry_run=true');
    expect(trial.body).toMatchObject({ dry_run: true, sections: { trips: { added: 120 } }, not_listed: 0 });
    expect((await logbook.get('/me', EVE)).body).toMatchObject({ created_at: null, trips: 0 });
    const taken = await send(logbook, EVE, text);
    expect(taken.body.sections).toEqual(trial.body.sections);
    expect(contentOf((await logbook.get('/me/export', EVE)).text)).toEqual(contentOf(text));
    expect((await logbook.get('/stats', EVE)).body).toEqual((await logbook.get('/stats')).body);
    const again = await send(logbook, EVE, text);
    expect(again.body.sections.trips).toEqual({ added: 0, unchanged: 120, skipped: 0, refused: 0 });
    expect((await logbook.get('/me')).body).toMatchObject({ user: JAN, trips: 120 });
  });

  test('leaves what is there as it is, says so, and loses and doubles nothing', async () => {
    const { logbook, text } = await full();
    const [first] = JSON.parse(text).trips;
    await logbook.ask(JAN, 'PATCH', `/trips/${first.id}`, { purpose: 'changed since' });
    await logbook.book(...trips(3));
    const { body } = await send(logbook, JAN, text);
    expect(body.sections.trips).toEqual({ added: 0, unchanged: 119, skipped: 1, refused: 0 });
    expect(body.not_taken).toContainEqual({
      section: 'trips',
      nth: 1,
      id: first.id,
      outcome: 'skipped',
      why: 'another of this id is there and stays',
    });
    expect((await logbook.get(`/trips/${first.id}`)).body.purpose).toBe('changed since');
    expect((await logbook.get('/me')).body.trips).toBe(123);
    expect((await logbook.get('/stats')).body.trip_count).toBe(123);
  });

  test('refuses what is cut off, changed on its way, of another kind or version, or no JSON at all', async () => {
    const { logbook, text } = await full();
    const wrong = [
      '',
      '[]',
      '{}',
      'null',
      '{"format":"mileage-logbook-export","version":1}',
      `${text}{}`,
      `x${text}`,
      text.slice(0, text.lastIndexOf('"end"')),
      `${text.slice(0, text.lastIndexOf('"end"')).trimEnd().replace(/,$/, '')}}`,
      text.replace('12.345', '12.346'),
      text.replace('"version":1', '"version":2'),
      text.replace('mileage-logbook-export', 'another'),
      text.replace(/"trips": \[\n.*\n/, '"trips": [\n'),
    ];
    for (const one of wrong) {
      const { status, body } = await send(logbook, EVE, one);
      expect([one.slice(0, 40), status, body.code]).toEqual([one.slice(0, 40), 400, 'invalid_request']);
    }
    for (let cut = 1; cut < 60; cut += 1) {
      const { status } = await send(logbook, EVE, text.slice(0, Math.floor((text.length * cut) / 60)));
      expect(status).toBe(400);
    }
    expect((await logbook.get('/me', EVE)).body).toMatchObject({ created_at: null });
  });

  test('takes it however it is laid out, when its sender drops the hash', async () => {
    const { logbook, text } = await full();
    const doc = edited(text, () => undefined);
    expect((await send(logbook, EVE, JSON.stringify(JSON.parse(doc), null, 3))).status).toBe(200);
    expect(contentOf((await logbook.get('/me/export', EVE)).text)).toEqual(contentOf(text));
  });

  test('refuses records one by one that no logbook can hold, and takes the others', async () => {
    const { logbook, text } = await full();
    type Row = Record<string, unknown>;
    const hostile: ((row: Row) => void)[] = [
      (row) => (row['id'] = '../../etc'),
      (row) => (row['id'] = 'idle'),
      (row) => (row['id'] = 7),
      (row) => (row['started_at'] = '9999999-01-01'),
      (row) => (row['started_at'] = -1),
      (row) => (row['ended_at'] = '2001-01-01T00:00:00Z'),
      (row) => (row['distance_km'] = -5),
      (row) => (row['distance_km'] = 1e300),
      (row) => (row['distance_km'] = '12'),
      (row) => (row['business_km'] = 99_999),
      (row) => (row['trip_type'] = 'X'),
      (row) => (row['time_zone'] = 'Mars/Phobos'),
      (row) => (row['notes'] = 'x'.repeat(1_100_000)),
      (row) => (row['stops'] = {}),
      (row) => delete row['purpose'],
      (row) => (row['is_admin'] = true),
      (row) => (row['from'] = { lat: 91, lng: 0, address: null, location_id: null }),
    ];
    const doc = edited(text, (parts) => {
      const rows = parts['trips'] as unknown as Row[];
      for (const [i, spoil] of hostile.entries()) spoil(rows[i] ?? {});
      (parts as Row)['wallets'] = [{ id: 'x' }, 3];
      (parts as Row)['cars'] = [null, [], 'car', ...(parts['cars'] as unknown as Row[])];
    });
    const { status, body } = await send(logbook, EVE, doc);
    expect(status).toBe(200);
    expect(body.sections.trips).toEqual({
      added: 120 - hostile.length,
      unchanged: 0,
      skipped: 0,
      refused: hostile.length,
    });
    expect(body.sections.wallets).toMatchObject({ refused: 2 });
    expect(body.sections.cars).toMatchObject({ added: 1, refused: 3 });
    expect(body.not_taken.filter(({ why }: { why: string }) => why === '')).toEqual([]);
    expect((await logbook.get('/me', EVE)).body.trips).toBe(120 - hostile.length);
    expect((await logbook.get('/trips?limit=200', EVE)).body.trips).toHaveLength(120 - hostile.length);
  });

  test('is the caller’s own, whoever the document names', async () => {
    const { logbook, text } = await full();
    const before = await exported(logbook.deps.store, JAN);
    const doc = edited(text.replaceAll('12.345', '1.234'), () => undefined);
    expect((await send(logbook, EVE, doc)).status).toBe(200);
    expect(await exported(logbook.deps.store, JAN)).toBe(before);
  });

  test('above 32 MB names the command; other types are refused', async () => {
    const { app } = openLogbook();
    const headers = { 'content-type': 'application/json', 'x-user-email': EVE, 'content-length': String(33 << 20) };
    const answer = await app.request('/me/import', { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('npm run user -- import FILE');
    const plain = { 'content-type': 'text/plain', 'x-user-email': EVE };
    expect((await app.request('/me/import', { method: 'POST', headers: plain, body: '{}' })).status).toBe(415);
  });
});
