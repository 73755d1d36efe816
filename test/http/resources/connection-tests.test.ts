/** Trying out a connection: one question to the car, an honest answer, and nothing kept. */

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openVault } from '../../../src/adapters/system/vault.ts';
import { providers } from '../../../src/providers.ts';
import type { CarProvider } from '../../../src/seams/car-provider.ts';
import { JAN, PIET, type Parts } from '../../support/app.ts';
import { HIDDEN, HIDEOUT, simulator } from '../../support/connections.ts';
import { dump } from '../../support/dump.ts';
import { fieldsOf, HOUR, MINUTE, openLogbook } from './logbook.ts';

async function withGolf(parts: Parts = {}) {
  const logbook = openLogbook(parts);
  const { id } = (await logbook.ask(JAN, 'POST', '/cars', { name: 'Golf' })).body;
  const path = `/cars/${id}/connection`;
  const test = (body?: unknown) => logbook.ask(JAN, 'POST', `${path}/test`, body);
  const connect = (body: unknown) => logbook.ask(JAN, 'PUT', path, body);
  return { ...logbook, id, path, test, connect };
}

/** The simulator with its answer made by us. */
function answering(read: NonNullable<CarProvider['read']>, more: Partial<CarProvider> = {}): Parts {
  return { providers: { ...providers, simulator: { ...providers.simulator, read, ...more } } };
}

function fail(): never {
  throw new Error('the simulator cannot be asked');
}

const STANDS = {
  ok: true,
  odometer_km: 12_345,
  ...HIDEOUT,
  state: 'parked',
  observed_at: '2026-03-10T12:00:00.000Z',
  error: null,
};
const NOTHING = { ok: false, odometer_km: null, lat: null, lng: null, state: 'unknown', observed_at: null };

describe('POST /cars/{id}/connection/test', () => {
  it('reads through a connection that is not kept yet, or through the one that is', async () => {
    const { connect, test } = await withGolf();
    const given = await test(simulator());
    expect([given.status, given.body]).toEqual([200, STANDS]);
    await connect(simulator({ odometer_km: 7 }));
    expect((await test()).body).toEqual({ ...STANDS, odometer_km: 7 });
    expect((await test(simulator({ observes: false }))).body).toEqual({ ...STANDS, observed_at: null });
  });

  it('keeps nothing, however often', async () => {
    const { connect, storePath, test } = await withGolf();
    await connect(simulator());
    const before = dump(storePath, JAN);
    await test();
    await test(simulator({ odometer_km: 9, fault: 'unavailable' }));
    expect(dump(storePath, JAN)).toEqual(before);
  });

  it.each([
    ['unavailable', 'unavailable'],
    ['rate_limited', 'rate_limited'],
    ['protocol', 'protocol'],
    ['wrong_unit', 'protocol'],
    ['auth_expired', 'relink_required'],
  ])('answers 200 also for a car with the fault %s, and says %s', async (fault, code) => {
    const { test } = await withGolf();
    const answer = await test(simulator({ fault }));
    const error = { code, message: expect.stringMatching(/^[A-Z].+\.$/) };
    expect([answer.status, answer.body]).toEqual([200, { ...NOTHING, error }]);
  });

  it('says relink_required when the maker took a right away', async () => {
    const failure = { code: 'permission_missing', scope: 'account', retryAt: null, message: 'No odometer.' } as const;
    const { test } = await withGolf(answering(async () => ({ ok: false, failure })));
    expect((await test(simulator())).body.error).toEqual({ code: 'relink_required', message: 'No odometer.' });
  });

  it('answers what there is', async () => {
    const { test } = await withGolf();
    expect((await test(simulator({ fault: 'no_position' }))).body).toEqual({ ...STANDS, lat: null, lng: null });
  });

  it('says of a car that tells by itself that it is never asked', async () => {
    const { connect, test } = await withGolf();
    const error = { code: 'not_capable', message: expect.stringContaining('/readings') };
    expect((await test({ provider: 'push' })).body).toEqual({ ...NOTHING, error });
    await connect({ provider: 'push' });
    expect((await test()).body).toEqual({ ...NOTHING, error });
  });

  it('without a body refuses a car that is not connected, with 422', async () => {
    const { test } = await withGolf();
    const answer = await test();
    expect([answer.status, answer.body.code, fieldsOf(answer)]).toEqual([422, 'invalid_request', ['provider']]);
  });

  it('takes an empty body for none, whatever it calls itself, and nothing else', async () => {
    const { app, connect, path, test } = await withGolf();
    await connect(simulator());
    const send = (body: string, type: Record<string, string> = {}) =>
      app.request(`${path}/test`, { method: 'POST', headers: { 'x-user-email': JAN, ...type }, body });
    const json = { 'content-type': 'application/json' };
    expect((await send('', json)).status).toBe(200);
    expect((await send('', { 'content-type': 'text/plain' })).status).toBe(200);
    expect((await send(JSON.stringify(simulator()))).status).toBe(415);
    expect((await send('{', json)).status).toBe(400);
    const unnamed = await test({});
    expect([unnamed.status, fieldsOf(unnamed)]).toEqual([400, ['provider']]);
    expect(fieldsOf(await test(simulator({ lag_s: -1, x: 1 })))).toEqual(['lag_s', 'x']);
    expect((await send('', { 'x-user-email': JAN, 'content-length': '0' })).status).toBe(200);
    expect((await app.request(`${path}/test?x=1`, { method: 'POST', headers: { 'x-user-email': JAN } })).status).toBe(
      400,
    );
  });

  it.each([
    ['waits for the signal', (signal: AbortSignal) => new Promise((_, no) => signal.addEventListener('abort', no))],
    ['does not mind it', () => new Promise(() => undefined)],
  ])('gives up on a car that %s when the time is over', async (_, wait) => {
    const policy = { ...providers.simulator.policy, timeLimitMs: 40 };
    const signals: AbortSignal[] = [];
    const read: CarProvider['read'] = async ({ signal }) => {
      signals.push(signal);
      return (await wait(signal)) as never;
    };
    const { log, test } = await withGolf(answering(read, { policy }));
    const error = { code: 'transient', message: 'The car did not answer in time.' };
    expect((await test(simulator())).body).toEqual({ ...NOTHING, error });
    expect(log.lines.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('a provider that breaks is our mistake: logged with its place, told without a word of what was given', async () => {
    const { log, test } = await withGolf(
      answering(async ({ settings }) => {
        throw new TypeError(`cannot read\n  at ${JSON.stringify(settings)}`, { cause: settings });
      }),
    );
    const answer = await test(simulator());
    expect([answer.status, answer.body]).toEqual([
      200,
      { ...NOTHING, error: { code: 'internal', message: expect.stringContaining('log') } },
    ]);
    const [line] = log.lines.filter(({ severity }) => severity === 'ERROR');
    expect(line).toMatchObject({ provider: 'simulator', failure: 'TypeError' });
    expect(JSON.stringify(line)).toContain('connection-tests.test.ts');
    for (const hidden of HIDDEN) expect(answer.text + inspect(log.lines, { depth: null })).not.toContain(hidden);
  });

  it('says relink_required when what was kept does not open any more', async () => {
    const { connect, deps, log, test } = await withGolf();
    await connect(simulator());
    Object.assign(deps, { vault: openVault([new Uint8Array(32).fill(9)]) });
    expect((await test()).body).toEqual({
      ...NOTHING,
      error: { code: 'relink_required', message: expect.any(String) },
    });
    expect(log.lines.filter(({ severity }) => severity === 'ERROR')).toHaveLength(1);
    expect((await test(simulator())).body).toEqual(STANDS);
  });

  it('is a call like any other: counted, and not made when the maker allows none', async () => {
    let calls = 0;
    const policy = { ...providers.simulator.policy, callsPerDay: 2 };
    const read: CarProvider['read'] = async (ask) => ((calls += 1), (await providers.simulator.read?.(ask)) ?? fail());
    const { clock, deps, test } = await withGolf(answering(read, { policy }));
    await test(simulator());
    expect(await deps.store.system.get('provider', 'simulator')).toMatchObject({
      day: { count: 1 },
      month: { count: 1 },
    });
    await test(simulator());
    const used = await test(simulator());
    expect([used.body.ok, used.body.error.code, calls]).toEqual([false, 'quota_exhausted', 2]);
    clock.advance(24 * HOUR);
    await deps.store.system.update('provider', 'simulator', (state) => {
      return state && { ...state, closedUntil: clock.now() + MINUTE };
    });
    expect([(await test(simulator())).body.error.code, calls]).toEqual(['rate_limited', 2]);
    clock.advance(MINUTE);
    expect([(await test(simulator())).body.ok, calls]).toEqual([true, 3]);
  });

  it('may be asked 20 times a minute by each user', async () => {
    const { ask, clock, test } = await withGolf();
    const statuses = [];
    for (let i = 0; i < 20; i += 1) statuses.push((await test(simulator())).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    clock.advance(15_000);
    const refused = await test(simulator());
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'rate_limited',
      '45',
    ]);
    const piets = (await ask(PIET, 'POST', '/cars', { name: 'Polo' })).body.id;
    expect((await ask(PIET, 'POST', `/cars/${piets}/connection/test`, simulator())).status).toBe(200);
    clock.advance(MINUTE);
    expect((await test(simulator())).status).toBe(200);
  });
});
