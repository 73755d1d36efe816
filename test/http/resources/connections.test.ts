/** A car is connected with secrets that nobody sees again. */

import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/actions/connection-docs.ts';
import { openVault } from '../../../src/adapters/system/vault.ts';
import { UnreadableSecret } from '../../../src/seams/vault.ts';
import { JAN, PIET, testApp } from '../../support/app.ts';
import { HIDDEN, HIDEOUT, simulator } from '../../support/connections.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, MINUTE, openLogbook } from './logbook.ts';

async function withGolf(vault?: ReturnType<typeof openVault>) {
  const logbook = openLogbook(vault && { vault });
  const { deps, ask } = logbook;
  const car = (await ask(JAN, 'POST', '/cars', { name: 'Golf' })).body;
  const store = deps.store.forUser(JAN);
  const path = `/cars/${car.id}/connection`;
  return {
    ...logbook,
    car,
    store,
    path,
    connect: (body: unknown, user = JAN) => ask(user, 'PUT', path, body),
    secrets: () => store.list('secret', { order: 'asc', limit: 10 }),
    polls: () => store.get('polls', 'polls'),
    facts: async () => (await store.get('user', ''))?.cars[0],
    stored: async () => (await store.get('car', car.id))?.connection ?? null,
  };
}

const DRIVE = { starts_at: '2026-03-10T13:00:00Z', duration_min: 30, distance_km: 20, to: HIDEOUT };

/** As if it had been asked in vain. */
const FAILING = {
  nextAt: 5,
  backOffUntil: Number.MAX_SAFE_INTEGER,
  mark: 'x',
  lease: null,
  lastReadAt: 3,
  failures: 7,
  error: 'auth_expired',
} as const;

describe('PUT /cars/{id}/connection', () => {
  it('connects a simulated car: sealed for it alone, in the copy for events, and in the feed', async () => {
    const { car, connect, deps, facts, get, secrets, store, stored } = await withGolf();
    const answer = await connect(simulator({ drives: [DRIVE], lag_s: 90, sleeps_after_min: 30, fault: 'protocol' }));
    const shown = { provider: 'simulator', vehicle_id: null, state: 'ok', last_read_at: null, error: null };
    expect([answer.status, answer.body]).toEqual([200, shown]);
    expect((await get(`/cars/${car.id}`)).body.connection).toEqual(shown);
    expect(await facts()).toMatchObject({ id: car.id, pollIntervalMs: 60_000 });
    expect((await secrets()).map(({ id }) => id)).toEqual([car.id]);
    const connection = await stored();
    expect(connection).toEqual({
      provider: 'simulator',
      vehicleId: null,
      secretId: car.id,
      connectedAt: deps.clock.now(),
    });
    expect(connection && (await settingsOf(deps.vault, store, connection))).toEqual({
      provider: 'simulator',
      odometerMetres: 12_345_000,
      parkedAt: HIDEOUT,
      drives: [{ startsAt: Date.parse(DRIVE.starts_at), durationMs: 1_800_000, distanceMetres: 20_000, to: HIDEOUT }],
      resolutionMetres: 1_000,
      lagMs: 90_000,
      sleepsAfterMs: 1_800_000,
      fault: 'protocol',
      faultShare: 1,
      observes: true,
      answersAfterMs: 0,
    });
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({ kind: 'changed', noun: 'car', noun_id: car.id, before: { connection: null } });
    expect(entry.after.connection).toEqual(shown);
  });

  it('keeps what is left out at its default', async () => {
    const { connect, deps, store, stored } = await withGolf();
    await connect(simulator());
    const connection = await stored();
    expect(connection && (await settingsOf(deps.vault, store, connection))).toMatchObject({
      drives: [],
      resolutionMetres: 1_000,
      lagMs: 0,
      sleepsAfterMs: null,
      fault: 'none',
      observes: true,
      answersAfterMs: 0,
    });
  });

  it('of a car that tells by itself keeps no secret, needs no key, and it is never asked', async () => {
    const { connect, facts, polls, secrets, stored } = await withGolf(openVault([]));
    const answer = await connect({ provider: 'push' });
    expect([answer.status, answer.body.provider]).toEqual([200, 'push']);
    expect(await stored()).toMatchObject({ provider: 'push', secretId: null });
    expect(await facts()).toMatchObject({ pollIntervalMs: null });
    expect([await secrets(), await polls()]).toEqual([[], null]);
  });

  it('without a key says that this server is not set up for it, and changes nothing', async () => {
    const { car, connect, get, secrets, stored } = await withGolf(openVault([]));
    const answer = await connect(simulator());
    expect([answer.status, answer.body.code]).toEqual([503, 'not_configured']);
    expect(answer.body.detail).toContain('CREDENTIALS_KEY');
    expect([await stored(), await secrets()]).toEqual([null, []]);
    expect((await get(`/cars/${car.id}`)).body).toEqual(car);
  });

  it('takes the place of the connection there was, with a clean sheet', async () => {
    const { car, connect, deps, get, polls, secrets, store, stored } = await withGolf();
    await connect(simulator());
    const [first] = await secrets();
    await store.transact(function* (tx) {
      tx.put('polls', 'polls', { cars: { [car.id]: FAILING, car_2: FAILING }, dueAt: null });
    });
    expect((await get(`/cars/${car.id}`)).body.connection).toMatchObject({ state: 'relink_required' });
    expect((await connect(simulator({ odometer_km: 99 }))).body).toMatchObject({ state: 'ok', error: null });
    expect(await polls()).toEqual({ cars: { car_2: FAILING }, dueAt: deps.clock.now() });
    const all = await secrets();
    expect(all).toHaveLength(1);
    expect(all[0]?.doc.sealed.text).not.toBe(first?.doc.sealed.text);
    const connection = await stored();
    expect(connection && (await settingsOf(deps.vault, store, connection))).toMatchObject({ odometerMetres: 99_000 });
    await connect({ provider: 'push' });
    expect([await secrets(), (await stored())?.secretId]).toEqual([[], null]);
  });

  it('asks no car', async () => {
    const { connect, deps, polls } = await withGolf();
    let asked = 0;
    const { simulator: known } = deps.providers;
    const read: typeof known.read = async () => ((asked += 1), { ok: false, failure: FAILURE });
    Object.assign(deps, { providers: { ...deps.providers, simulator: { ...known, read } } });
    expect((await connect(simulator())).status).toBe(200);
    expect([asked, (await polls())?.dueAt]).toEqual([0, deps.clock.now()]);
  });

  it('has the car asked by the next round when a drive is on, and not when none is', async () => {
    const { ask, app, car, clock, connect, get, polls } = await withGolf();
    const round = async () => (await ask(JAN, 'POST', '/scheduler/poll-all')).body;
    await connect(simulator());
    expect([await round(), (await polls())?.dueAt]).toEqual([expect.objectContaining({ polled: 0 }), null]);
    await app.request('/webhook/start', { method: 'POST', headers: { 'x-user-email': JAN } });
    expect(await round()).toMatchObject({ polled: 1, failed: 0 });
    await connect(simulator({ fault: 'auth_expired' }));
    expect(await round()).toMatchObject({ polled: 1, failed: 1 });
    const health = async () => (await get(`/cars/${car.id}`)).body.connection;
    expect(await health()).toMatchObject({ state: 'relink_required', error: 'auth_expired' });
    clock.advance(5 * MINUTE);
    expect(await round()).toMatchObject({ polled: 0 });
    await connect(simulator());
    expect(await round()).toMatchObject({ polled: 1, failed: 0 });
    expect(await health()).toMatchObject({ state: 'ok', last_read_at: new Date(clock.now()).toISOString() });
  });

  it('PATCH leaves the connection and its pace as they are', async () => {
    const { ask, car, connect, facts, stored } = await withGolf();
    await connect(simulator());
    const before = await stored();
    expect((await ask(JAN, 'PATCH', `/cars/${car.id}`, { name: 'GTE' })).body.connection.provider).toBe('simulator');
    expect([await stored(), (await facts())?.pollIntervalMs]).toEqual([before, 60_000]);
  });

  it.each<[unknown, string[]]>([
    [{}, ['provider']],
    [{ provider: 'tesla' }, ['provider']],
    [{ provider: null }, ['provider']],
    [5, ['']],
    [[], ['']],
    [{ provider: 'push', token: 'x' }, ['token']],
    [{ provider: 'simulator' }, ['odometer_km', 'parked_at']],
    [simulator({ odometer_km: -1 }), ['odometer_km']],
    [simulator({ odometer_km: 1_000_001 }), ['odometer_km']],
    [simulator({ odometer_km: '5' }), ['odometer_km']],
    [simulator({ parked_at: null }), ['parked_at']],
    [simulator({ parked_at: { lat: 91, lng: 5 } }), ['parked_at.lat']],
    [simulator({ parked_at: { lat: 52 } }), ['parked_at.lng']],
    [simulator({ parked_at: { ...HIDEOUT, alt: 1 } }), ['parked_at.alt']],
    [simulator({ drives: {} }), ['drives']],
    [simulator({ drives: Array.from({ length: 501 }, (_, i) => driveAt(i)) }), ['drives']],
    [simulator({ drives: [5] }), ['drives.0']],
    [simulator({ drives: [{ ...DRIVE, starts_at: '2026-03-10T13:00' }] }), ['drives.0.starts_at']],
    [simulator({ drives: [{ ...DRIVE, duration_min: 0 }] }), ['drives.0.duration_min']],
    [simulator({ drives: [{ ...DRIVE, duration_min: 1_441 }] }), ['drives.0.duration_min']],
    [simulator({ drives: [{ ...DRIVE, distance_km: 5_001 }] }), ['drives.0.distance_km']],
    [simulator({ drives: [{ ...DRIVE, to: { lat: 5 } }] }), ['drives.0.to.lng']],
    [simulator({ drives: [{ ...DRIVE, from: HIDEOUT }] }), ['drives.0.from']],
    [simulator({ drives: [driveAt(0), driveAt(2), driveAt(1)] }), ['drives.2.starts_at']],
    [simulator({ drives: [driveAt(0), { ...driveAt(0), duration_min: 5 }] }), ['drives.1.starts_at']],
    [simulator({ resolution_km: 0 }), ['resolution_km']],
    [simulator({ resolution_km: 1_001 }), ['resolution_km']],
    [simulator({ lag_s: 3_601 }), ['lag_s']],
    [simulator({ lag_s: 1.5 }), ['lag_s']],
    [simulator({ sleeps_after_min: 0 }), ['sleeps_after_min']],
    [simulator({ fault: 'flat tyre' }), ['fault']],
    [simulator({ fault: 'protocol', fault_share: 1.1 }), ['fault_share']],
    [simulator({ observes: 1 }), ['observes']],
    [simulator({ answers_after_ms: 60_001 }), ['answers_after_ms']],
    [simulator({ lag: 1, odometer: 5 }), ['lag', 'odometer']],
  ])('refuses %j with 400 and names the field', async (body, fields) => {
    const { connect, secrets, stored } = await withGolf();
    const answer = await connect(body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
    expect([await stored(), await secrets()]).toEqual([null, []]);
  });

  it('takes as many drives as it says, one right after the other', async () => {
    const { connect } = await withGolf();
    expect((await connect(simulator({ drives: Array.from({ length: 500 }, (_, i) => driveAt(i)) }))).status).toBe(200);
  });

  it('names the providers there are', async () => {
    const { connect } = await withGolf();
    expect((await connect({ provider: 'tesla' })).body.errors[0].message).toBe('one of push, simulator');
  });

  it('refuses what is no JSON, a car that is not there, and with 409 one that is archived', async () => {
    const { ask, app, book, car, connect, path } = await withGolf();
    const text = await app.request(path, { method: 'PUT', headers: { 'x-user-email': JAN }, body: '{}' });
    expect(text.status).toBe(415);
    expect((await ask(JAN, 'PUT', '/cars/car_of_nobody/connection', { provider: 'push' })).status).toBe(404);
    await book(tripOf({ carId: car.id }));
    await ask(JAN, 'DELETE', `/cars/${car.id}`);
    const refused = await connect({ provider: 'push' });
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect((await ask(JAN, 'POST', `${path}/test`, simulator())).status).toBe(409);
  });
});

function driveAt(i: number) {
  return {
    ...DRIVE,
    starts_at: new Date(Date.parse(DRIVE.starts_at) + i * 1_800_000).toISOString().replace('.000', ''),
  };
}

const FAILURE = { code: 'unavailable', scope: 'vehicle', retryAt: null, message: 'Out of reach.' } as const;

describe('DELETE /cars/{id}/connection', () => {
  it('forgets the connection with all that belongs to it, once or twice', async () => {
    const { ask, car, connect, facts, get, path, polls, secrets, store } = await withGolf();
    await connect(simulator());
    await store.transact(function* (tx) {
      tx.put('polls', 'polls', { cars: { [car.id]: FAILING }, dueAt: null });
    });
    expect((await ask(JAN, 'DELETE', path)).status).toBe(204);
    expect((await get(`/cars/${car.id}`)).body).toEqual(car);
    expect(await facts()).toMatchObject({ pollIntervalMs: null });
    expect([await secrets(), (await polls())?.cars]).toEqual([[], {}]);
    const { activity } = (await get('/activity')).body;
    expect(activity[0]).toMatchObject({ kind: 'changed', after: { connection: null } });
    expect((await ask(JAN, 'DELETE', path)).status).toBe(204);
    expect((await get('/activity')).body.activity).toEqual(activity);
    expect((await ask(JAN, 'DELETE', '/cars/car_of_nobody/connection')).status).toBe(404);
  });

  it('leaves what another car of the same account still needs', async () => {
    const { ask, car, connect, path, secrets, store } = await withGolf();
    const other = (await ask(JAN, 'POST', '/cars', { name: 'Polo' })).body;
    await connect(simulator());
    const [secret] = await secrets();
    await store.transact(function* (tx) {
      for (const id of [car.id, other.id]) {
        const known = yield* tx.get('car', id);
        const connection = { provider: 'simulator', vehicleId: null, secretId: 'maker-1', connectedAt: 0 } as const;
        if (known) tx.put('car', id, { ...known, connection });
      }
      if (secret) tx.put('secret', 'maker-1', secret.doc);
      tx.remove('secret', car.id);
    });
    await ask(JAN, 'DELETE', path);
    expect((await secrets()).map(({ id }) => id)).toEqual(['maker-1']);
    await ask(JAN, 'DELETE', `/cars/${other.id}`);
    expect(await secrets()).toEqual([]);
  });
});

describe('no secret is left', () => {
  it.each([
    ['removed', false],
    ['archived', true],
  ])('of a car that is %s', async (_, isUsed) => {
    const { ask, book, car, connect, get, polls, secrets, store } = await withGolf();
    await connect(simulator());
    await store.transact(function* (tx) {
      tx.put('polls', 'polls', { cars: { [car.id]: FAILING }, dueAt: null });
    });
    if (isUsed) await book(tripOf({ carId: car.id }));
    expect((await ask(JAN, 'DELETE', `/cars/${car.id}`)).status).toBe(204);
    expect([await secrets(), (await polls())?.cars]).toEqual([[], {}]);
    if (!isUsed) return;
    expect((await ask(JAN, 'PATCH', `/cars/${car.id}`, { archived_at: null })).body.connection).toBeNull();
    expect((await get(`/cars/${car.id}`)).body.connection).toBeNull();
  });

  it('of a user who is removed', async () => {
    const { connect, deps, secrets } = await withGolf();
    await connect(simulator());
    await deps.store.removeUser(JAN);
    expect(await secrets()).toEqual([]);
  });
});

describe('a secret', () => {
  it('is nowhere to be read: not in the file, not in an answer, not in the log', async () => {
    const { ask, car, connect, get, log, path, storePath } = await withGolf();
    const drives = [{ ...DRIVE, to: HIDEOUT }];
    const answers = [
      await connect(simulator({ drives })),
      await connect(simulator({ drives, fault: 'nonsense' })),
      await ask(JAN, 'POST', `${path}/test`, simulator({ drives, fault: 'unavailable' })),
      await get(`/cars/${car.id}`),
      await get('/cars'),
      await get('/activity'),
      await get('/events'),
      await get('/openapi.json'),
      await get('/docs'),
    ].map(({ text }) => text);
    const bytes = [storePath, `${storePath}-wal`].map((file) => readFileSync(file).toString('latin1'));
    expect(bytes.join('')).toContain(JAN);
    for (const hidden of HIDDEN) {
      for (const text of [...answers, ...bytes, inspect(log.lines, { depth: null })])
        expect(text).not.toContain(hidden);
    }
  });

  it('that was moved to another car or user does not open', async () => {
    const { ask, car, connect, deps, secrets } = await withGolf();
    await connect(simulator());
    const other = (await ask(JAN, 'POST', '/cars', { name: 'Polo' })).body;
    const [secret] = await secrets();
    for (const [user, id] of [
      [JAN, other.id],
      [PIET, car.id],
    ]) {
      await deps.store.forUser(user).transact(function* (tx) {
        if (secret) tx.put('secret', id, secret.doc);
      });
      const connection = { provider: 'simulator', vehicleId: null, secretId: id, connectedAt: 0 } as const;
      const opened = settingsOf(deps.vault, deps.store.forUser(user), connection);
      await expect(opened).rejects.toThrow(UnreadableSecret);
    }
  });
});

it('only who may write may connect, or try', async () => {
  const { app, tokenOf } = testApp({ auth: 'required' });
  const [reader, writer] = [
    await tokenOf(JAN, { scopes: ['read', 'events'] }),
    await tokenOf(JAN, { scopes: ['write'] }),
  ];
  const ask = async (token: string, method: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await app.request(path, { method, headers, body: JSON.stringify(body) })).status;
  };
  const made = await app.request('/cars', {
    method: 'POST',
    headers: { authorization: `Bearer ${writer}`, 'content-type': 'application/json' },
    body: '{"name":"Golf"}',
  });
  const path = `${made.headers.get('location')}/connection`;
  for (const [method, at, allowed] of [
    ['PUT', path, 200],
    ['POST', `${path}/test`, 200],
    ['DELETE', path, 204],
  ] as const) {
    expect([method, await ask(reader, method, at, simulator())]).toEqual([method, 403]);
    expect([method, await ask(writer, method, at, simulator())]).toEqual([method, allowed]);
  }
});

it('another user’s car is not there', async () => {
  const { ask, connect, path, stored } = await withGolf();
  await connect(simulator());
  const before = await stored();
  await ask(PIET, 'POST', '/cars', { name: 'Polo' });
  expect((await connect({ provider: 'push' }, PIET)).status).toBe(404);
  expect((await ask(PIET, 'DELETE', path)).status).toBe(404);
  expect((await ask(PIET, 'POST', `${path}/test`)).status).toBe(404);
  expect((await ask(PIET, 'POST', `${path}/test`, simulator())).status).toBe(404);
  expect(await stored()).toEqual(before);
  expect((await ask(JAN, 'GET', path)).headers.get('allow')).toBe('PUT, DELETE');
});
