/** `/tokens`: nobody makes more than he has, a secret is told once, and what is revoked or replaced says so. */

import { describe, expect, it } from 'vitest';
import { addCar } from '../../../src/actions/cars.ts';
import { SCOPES, type Scope } from '../../../src/domain/tokens.ts';
import { jsonOf } from '../../support/answers.ts';
import { JAN, PIET, testApp, type TestApp } from '../../support/app.ts';
import { dump } from '../../support/dump.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

interface Answer {
  readonly status: number;
  readonly location: string | null;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks at whatever came
  readonly body: any;
}

async function ask(service: TestApp, token: string | null, method: string, path: string, body?: object) {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return answerOf(await service.app.request(path, { method, headers, ...sent }));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = text === '' ? null : JSON.parse(text);
  return { status: response.status, location: response.headers.get('location'), body };
}

async function started(scopes: readonly Scope[] = SCOPES) {
  const service = testApp({ auth: 'required' });
  const mine = await service.tokenOf(JAN, { scopes });
  const make = (wish: object, by = mine) =>
    ask(service, by, 'POST', '/tokens', { label: 'iPhone', scopes: ['events'], ...wish });
  const list = async (query = '', by = mine) => (await ask(service, by, 'GET', `/tokens${query}`)).body;
  const event = (token: string, action = 'start') => ask(service, token, 'POST', `/webhook/${action}`);
  return { service, mine, make, list, event };
}

const fields = ({ body }: Answer): string[] => body.errors.map(({ field }: { field: string }) => field);

describe('making a token', () => {
  it('answers its secret this once, and it works', async () => {
    const { service, make, list, event } = await started();
    const { id: carId } = await addCar(
      service.deps,
      service.deps.store.forUser(JAN),
      { name: 'Golf' },
      { kind: 'open' },
    );
    const expiresAt = '2026-06-01T00:00:00.000Z';
    const made = await make({ label: ' CarPlay ', scopes: ['read', 'events'], car_id: carId, expires_at: expiresAt });
    expect(made).toMatchObject({ status: 201, location: `/tokens/${made.body.id}` });
    const { token, ...shown } = made.body;
    expect(shown).toEqual({
      id: expect.stringMatching(/^tok_/),
      label: 'CarPlay',
      scopes: ['events', 'read'],
      car_id: carId,
      last4: token.slice(-4),
      created_at: '2026-03-02T07:00:00.000Z',
      expires_at: expiresAt,
      revoked_at: null,
      last_used_at: null,
      replaced_by: null,
    });
    expect((await event(token)).body).toMatchObject({ ok: true, code: 'started' });
    const listed = await list();
    expect(listed.tokens.map(({ id }: { id: string }) => id)).toContain(made.body.id);
    expect(JSON.stringify(listed)).not.toContain(token.slice(4, -4));
  });

  it('never reaches beyond the scopes of who makes it', async () => {
    const { make, list } = await started(['events', 'account']);
    expect(await make({ scopes: ['events', 'account'] })).toMatchObject({ status: 201 });
    for (const scopes of [['read'], ['events', 'write'], ['account', 'read']]) {
      const refused = await make({ scopes });
      expect([scopes, refused.status, refused.body.code, fields(refused)]).toEqual([
        scopes,
        403,
        'insufficient_scope',
        ['scopes'],
      ]);
    }
    expect((await list()).tokens).toHaveLength(2);
  });

  it('takes the scope account, and a lapsed one is none', async () => {
    const { service, make, mine } = await started(['events', 'account', 'read']);
    const weak = await service.tokenOf(JAN, { scopes: ['events', 'read', 'write'] });
    expect(await make({}, weak)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    service.clock.advance(30 * DAY_MS - 1);
    expect((await make({})).status).toBe(201);
    service.clock.advance(MINUTE_MS);
    expect(await make({})).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect((await ask(service, mine, 'GET', '/tokens')).status).toBe(403);
    expect((await ask(service, mine, 'GET', '/trips')).status).toBe(200);
  });

  it.each([
    ['the car of somebody else', { car_id: 'car_of_piet' }, 422, 'car_id'],
    ['no car at all', { car_id: 'car_none' }, 422, 'car_id'],
    ['an end in the past', { expires_at: '2026-03-02T06:59:59Z' }, 422, 'expires_at'],
    ['an end that is now', { expires_at: '2026-03-02T07:00:00Z' }, 422, 'expires_at'],
    ['an end without offset', { expires_at: '2026-03-05T07:00:00' }, 400, 'expires_at'],
    ['no label', { label: ' ' }, 400, 'label'],
    ['a label of two lines', { label: 'a\nb' }, 400, 'label'],
    ['half an emoji', { label: 'car \ud83d' }, 400, 'label'],
    ['a long label', { label: 'x'.repeat(65) }, 400, 'label'],
    ['no scope', { scopes: [] }, 400, 'scopes'],
    ['an unknown scope', { scopes: ['admin'] }, 400, 'scopes.0'],
    ['scopes as text', { scopes: 'events' }, 400, 'scopes'],
    ['somebody else as owner', { owner: PIET }, 400, 'owner'],
  ])('refuses %s and keeps nothing', async (_what, wish, status, field) => {
    const { service, make, list } = await started();
    await service.tokenOf(PIET);
    const piet = service.deps.store.forUser(PIET);
    const { id } = await addCar(service.deps, piet, { name: 'Golf' }, { kind: 'open' });
    const said = JSON.parse(JSON.stringify(wish).replace('car_of_piet', id));
    const refused = await make(said);
    expect([refused.status, refused.body.code, fields(refused)]).toEqual([status, 'invalid_request', [field]]);
    expect((await list()).tokens).toHaveLength(1);
  });

  it('works in open mode without a credential, for whom the request names', async () => {
    const service = testApp();
    const made = await ask(service, null, 'POST', `/tokens?user=${JAN}`, { label: 'x', scopes: [...SCOPES] });
    expect(made.status).toBe(201);
    const listed = async (user: string) => (await ask(service, null, 'GET', `/tokens?user=${user}`)).body.tokens;
    expect(await listed(JAN)).toMatchObject([{ id: made.body.id }]);
    expect(await listed(PIET)).toEqual([]);
  });
});

describe('the list', () => {
  it('is newest first, in pages, and can leave out what is revoked', async () => {
    const { service, make, list, mine } = await started();
    const ids: string[] = [];
    for (const label of ['a', 'b', 'c']) {
      service.clock.advance(1_000);
      ids.push((await make({ label })).body.id);
    }
    await ask(service, mine, 'DELETE', `/tokens/${ids[1]}`);
    const labels = (page: { tokens: { label: string }[] }) => page.tokens.map(({ label }) => label);
    const first = await list('?limit=2');
    expect(labels(first)).toEqual(['c', 'b']);
    const second = await list(`?limit=2&cursor=${first.next_cursor}`);
    expect([labels(second), second.next_cursor]).toEqual([['a', 'test'], null]);
    expect(labels(await list('?revoked=false'))).toEqual(['c', 'a', 'test']);
    expect(await list('?revoked=true')).toMatchObject({
      tokens: [{ label: 'b', revoked_at: '2026-03-02T07:00:03.000Z' }],
    });
  });
});

describe('revoking', () => {
  it('counts at once here, and is told to the phone', async () => {
    const { service, mine, make, event } = await started();
    const { id, token } = (await make({})).body;
    expect((await event(token)).status).toBe(200);
    expect((await ask(service, mine, 'DELETE', `/tokens/${id}`)).status).toBe(204);
    expect(await event(token, 'end')).toMatchObject({ status: 401, body: { ok: false, code: 'token_revoked' } });
    expect((await ask(service, mine, 'DELETE', `/tokens/${id}`)).status).toBe(204);
  });

  it('of somebody else’s token is a 404 like an invented one, and it goes on', async () => {
    const { service, mine, event } = await started();
    const piets = await service.tokenOf(PIET);
    const [{ id } = { id: '' }] = await service.deps.store.tokens.listOf(PIET);
    const bodies = [];
    for (const path of [`/tokens/${id}`, '/tokens/tok_invented']) {
      const { status, body } = await ask(service, mine, 'DELETE', path);
      bodies.push({ ...body, request_id: '' });
      expect(status).toBe(404);
      expect((await ask(service, mine, 'POST', `${path}/rotate`)).status).toBe(404);
    }
    expect(bodies[0]).toEqual(bodies[1]);
    expect((await event(piets)).status).toBe(200);
  });
});

describe('rotating', () => {
  it('gives a new token with the same reach; the old one goes on for 7 days and says so', async () => {
    const { service, mine, make, event, list } = await started();
    const old = (await make({ label: 'Golf', scopes: ['events', 'read'] })).body;
    await event(old.token);
    const rotated = await ask(service, mine, 'POST', `/tokens/${old.id}/rotate`);
    expect(rotated).toMatchObject({ status: 201, location: `/tokens/${rotated.body.id}` });
    expect(rotated.body).toMatchObject({ label: 'Golf', scopes: ['events', 'read'], expires_at: null });
    expect(rotated.body.token).not.toBe(old.token);
    const told = await event(old.token, 'ping');
    expect(told.body.warnings).toContain('token_rotates_on 2026-03-09');
    expect(told.body.message).toContain('key ends soon');
    expect((await event(rotated.body.token, 'ping')).body.warnings).not.toContain('token_rotates_on 2026-03-09');
    const before = (await list()).tokens.find(({ id }: { id: string }) => id === old.id);
    expect(before).toMatchObject({ replaced_by: rotated.body.id, expires_at: '2026-03-09T07:00:00.000Z' });
    service.clock.advance(7 * DAY_MS - 1);
    expect((await event(old.token, 'ping')).status).toBe(200);
    service.clock.advance(1);
    expect(await event(old.token, 'ping')).toMatchObject({ status: 401, body: { code: 'token_expired' } });
    expect((await event(rotated.body.token, 'ping')).status).toBe(200);
  });

  it('never lengthens the life of the old one, and gives the new one as long a life', async () => {
    const { service, mine, make, list } = await started();
    const { id } = (await make({ expires_at: '2026-03-04T07:00:00Z' })).body;
    service.clock.advance(DAY_MS);
    const rotated = await ask(service, mine, 'POST', `/tokens/${id}/rotate`);
    expect(rotated.body.expires_at).toBe('2026-03-05T07:00:00.000Z');
    const old = (await list()).tokens.find((one: { id: string }) => one.id === id);
    expect(old.expires_at).toBe('2026-03-04T07:00:00.000Z');
  });

  it('is no way to scopes one lacks', async () => {
    const { service, mine } = await started(['events', 'account']);
    await service.tokenOf(JAN, { scopes: ['read', 'write'] });
    const tokens = await service.deps.store.tokens.listOf(JAN);
    const strong = tokens.find(({ scopes }) => scopes.includes('write'))?.id;
    expect(await ask(service, mine, 'POST', `/tokens/${strong}/rotate`)).toMatchObject({
      status: 403,
      body: { code: 'insufficient_scope' },
    });
    expect(await service.deps.store.tokens.listOf(JAN)).toHaveLength(2);
  });

  it('happens once, also when it is asked twice at once', async () => {
    const { service, mine, make } = await started();
    const { id } = (await make({})).body;
    const rotate = () => ask(service, mine, 'POST', `/tokens/${id}/rotate`);
    const both = await Promise.all([rotate(), rotate()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await rotate()).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const alive = (await service.deps.store.tokens.listOf(JAN)).filter(({ revokedAt }) => revokedAt === null);
    expect(alive).toHaveLength(3);
  });

  it('of a token that no longer counts is refused', async () => {
    const { service, mine, make } = await started();
    const { id } = (await make({})).body;
    await ask(service, mine, 'DELETE', `/tokens/${id}`);
    expect((await ask(service, mine, 'POST', `/tokens/${id}/rotate`)).status).toBe(409);
  });
});

describe('the feed', () => {
  it('tells who made, rotated and revoked, and neither secret nor hash', async () => {
    const { service, mine, make } = await started();
    const { id, token } = (await make({ label: 'Golf' })).body;
    service.clock.advance(1_000);
    const rotated = (await ask(service, mine, 'POST', `/tokens/${id}/rotate`)).body;
    service.clock.advance(1_000);
    await ask(service, mine, 'DELETE', `/tokens/${rotated.id}`);
    const { activity } = (await ask(service, mine, 'GET', '/activity')).body;
    const told = activity.map((entry: { kind: string; noun: string; noun_id: string }) => [
      entry.kind,
      entry.noun,
      entry.noun_id,
    ]);
    expect(told[0]).toEqual(['changed', 'token', rotated.id]);
    expect(told.slice(1).toSorted()).toEqual(
      [
        ['changed', 'token', id],
        ['created', 'token', rotated.id],
        ['created', 'token', id],
      ].toSorted(),
    );
    expect(activity[0]).toMatchObject({
      by: { kind: 'token', label: 'test' },
      after: { label: 'Golf', revoked_at: expect.any(String) },
    });
    const kept = JSON.stringify([activity, dump(service.path, JAN)]);
    for (const secret of [token, rotated.token, mine]) expect(kept).not.toContain(secret.slice(4, -4));
    expect(kept).not.toMatch(/[0-9a-f]{64}/);
  });
});

it('an answer with a secret is kept by nobody', async () => {
  const { service, mine } = await started();
  const headers = { authorization: `Bearer ${mine}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ label: 'x', scopes: ['read'] });
  const response = await service.app.request('/tokens', { method: 'POST', headers, body });
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await jsonOf<{ token: string }>(response)).toHaveProperty('token');
});
