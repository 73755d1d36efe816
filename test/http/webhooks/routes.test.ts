import { describe, expect, it, test } from 'vitest';
import { JAN, PIET, testApp, type TestApp } from '../../support/app.ts';
import { phone } from './journey.ts';

const ACTIONS = ['start', 'ping', 'end', 'finalize', 'cancel'];
const KIB = 1_024;

async function ask(service: TestApp, method: string, path: string, headers: Record<string, string> = {}) {
  const response = await service.app.request(path, { method, headers: { 'x-user-email': JAN, ...headers } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? null : JSON.parse(text) };
}

async function eventCount({ deps }: TestApp, user: string): Promise<number> {
  return (await deps.store.forUser(user).list('event', { order: 'asc', limit: 200 })).length;
}

function streamed(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 1_000) controller.enqueue(bytes.slice(at, at + 1_000));
      controller.close();
    },
  });
}

describe('the address of an action', () => {
  it('works with a trailing slash, without a redirect', async () => {
    const jan = phone(testApp(), { user: JAN });
    expect(await jan.post('start/', {})).toMatchObject({ status: 200, body: { code: 'started' } });
    expect(await jan.post('ping/', { lat: 52.37, lng: 4.89 })).toMatchObject({
      status: 200,
      body: { code: 'recorded' },
    });
  });

  it.each(ACTIONS)('%s wants POST and does nothing otherwise', async (action) => {
    const service = testApp();
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await ask(service, method, `/webhook/${action}?lat=52.37&lng=4.89`);
      expect(answer).toMatchObject({ status: 405, body: { ok: false, code: 'use_post', status: 405 } });
      expect(answer.body.message).toContain('POST');
      expect(answer.headers.get('allow')).toBe('POST');
    }
    expect((await ask(service, 'HEAD', `/webhook/${action}`)).status).toBe(405);
    expect(await eventCount(service, JAN)).toBe(0);
    expect(await service.deps.store.forUser(JAN).get('user', '')).toBeNull();
  });

  it('of the status wants GET', async () => {
    const answer = await ask(testApp(), 'POST', '/webhook/status');
    expect(answer).toMatchObject({ status: 405, body: { ok: false, code: 'method_not_allowed' } });
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  test.each(['/webhook/stop', '/webhook/start/now', '/webhook/', '/webhook', '/webhook/Ping%20'])(
    '%s is unknown and the answer names those there are',
    async (path) => {
      const answer = await ask(testApp(), 'POST', path);
      expect(answer).toMatchObject({ status: 404, body: { ok: false, code: 'unknown_action' } });
      for (const action of ACTIONS) expect(answer.body.message).toContain(action);
      for (const action of [...ACTIONS, 'status']) expect(answer.body.detail).toContain(action);
    },
  );

  it('answers a preflight with nothing that lets a page in', async () => {
    const service = testApp({ corsOrigins: ['https://elsewhere.example'] });
    const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' };
    const answer = await ask(service, 'OPTIONS', '/webhook/start', headers);
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('needs no credential to say what is wrong with it', async () => {
    const service = testApp({ auth: 'required' });
    expect((await ask(service, 'GET', '/webhook/start')).body.code).toBe('use_post');
    expect((await ask(service, 'POST', '/webhook/stop')).body.code).toBe('unknown_action');
    expect((await ask(service, 'OPTIONS', '/webhook/start')).status).toBe(204);
  });
});

describe('every answer', () => {
  it('is JSON, not to be stored, and sets no cookie', async () => {
    const service = testApp();
    const jan = phone(service, { user: JAN });
    const answers = [
      await jan.post('start', {}, { accept: 'text/html' }),
      await jan.post('ping', { points: [] }),
      await jan.post('end', 'nonsense'),
      await jan.get('/webhook/status'),
      await jan.post('nowhere'),
      await jan.post('ping', '[{'),
    ];
    for (const { headers } of answers) {
      expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.has('set-cookie')).toBe(false);
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404, 400]);
  });

  test.each([
    [undefined, 'Your drive has started.'],
    ['nl-NL,nl;q=0.9', 'Je rit is begonnen.'],
    ['NL', 'Je rit is begonnen.'],
    ['en-GB,nl;q=0.8', 'Your drive has started.'],
    ['fr,nl;q=0.8,en;q=0.5', 'Je rit is begonnen.'],
    ['de', 'Your drive has started.'],
    [';;q=,,', 'Your drive has started.'],
  ])('speaks the language of the phone: %s', async (language, message) => {
    const jan = phone(testApp(), { user: JAN });
    const headers = language === undefined ? {} : { 'accept-language': language };
    expect((await jan.post('start', {}, headers)).body.message).toBe(message);
  });

  it('carries the request id it is logged under', async () => {
    const service = testApp();
    const { headers } = await phone(service, { user: JAN }).post('start', {}, { 'x-request-id': 'mine' });
    expect(headers.get('x-request-id')).toBe('mine');
    expect(service.log.lines.at(-1)).toMatchObject({ request_id: 'mine', status: 200, code: 'started' });
  });
});

describe('a refusal', () => {
  const revoked = async (service: TestApp, token: string) => {
    const hash = await service.deps.store.tokens.hashOf(JAN, (await service.deps.store.tokens.listOf(JAN))[0]!.id);
    await service.deps.store.tokens.update(hash!, (known) => ({ ...known, revokedAt: service.clock.now() }));
    return token;
  };

  it('says what to do in the language of the phone', async () => {
    const service = testApp();
    for (const [language, message] of [
      ['nl', 'Van wie is deze rit? Zet ?user= en je e-mailadres achter het adres.'],
      ['en', 'Whose trip is this? Add ?user= and your e-mail address to the address.'],
    ]) {
      const answer = await service.app.request('/webhook/start', {
        method: 'POST',
        headers: { 'accept-language': language! },
      });
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toMatchObject({ ok: false, code: 'user_required', status: 400, message });
    }
  });

  it('of an old shortcut without a token is 401, of a wrong user 403, of too little scope 403', async () => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN);
    const reader = await service.tokenOf(PIET, { scopes: ['read'] });
    const old = await phone(service, { user: JAN }).post('start', {});
    expect(old).toMatchObject({ status: 401, body: { ok: false, code: 'unauthenticated' } });
    const other = await phone(service, { token }).post('start?user=piet@example.nl', {});
    expect(other).toMatchObject({ status: 403, body: { ok: false, code: 'user_mismatch' } });
    const weak = await phone(service, { token: reader }).post('start', {});
    expect(weak).toMatchObject({ status: 403, body: { ok: false, code: 'insufficient_scope' } });
    expect(await eventCount(service, PIET)).toBe(0);
  });

  it('of a revoked token is a sentence the driver understands', async () => {
    const service = testApp({ auth: 'required' });
    const token = await revoked(service, await service.tokenOf(JAN));
    const answer = await phone(service, { token }).post('start', {}, { 'accept-language': 'nl' });
    expect(answer).toMatchObject({ status: 401, body: { ok: false, code: 'token_revoked' } });
    expect(answer.body.message).toMatch(/ingetrokken/);
  });

  it.each([
    ['start', 64],
    ['end', 64],
    ['ping', 1_024],
    ['ping/', 1_024],
  ])('of a body for %s that is larger than %i KB', async (action, kib) => {
    const service = testApp();
    const jan = phone(service, { user: JAN });
    const body = (bytes: number) => `{"x":"${'x'.repeat(bytes - 8)}"}`;
    const announced = (text: string) => ({ 'content-length': String(text.length) });
    const fits = body(kib * KIB);
    const tooLarge = body(kib * KIB + 1);
    expect((await jan.post(action, fits, announced(fits))).status).toBe(200);
    const refusal = { status: 413, body: { ok: false, code: 'too_large' } };
    expect(await jan.post(action, tooLarge, announced(tooLarge))).toMatchObject(refusal);
    for (const [text, status] of [
      [fits, 200],
      [tooLarge, 413],
    ] as const) {
      const init = { method: 'POST', headers: { 'x-user-email': JAN }, body: streamed(text), duplex: 'half' } as const;
      expect((await service.app.request(`/webhook/${action}`, init)).status).toBe(status);
    }
  });

  it('of a batch names the field', async () => {
    const jan = phone(testApp(), { user: JAN });
    const many = Array.from({ length: 1_001 }, () => ({ lat: 52.37, lng: 4.89 }));
    for (const body of [{ points: many }, { points: 'many' }, '{"points":[{"lat":}]}']) {
      expect(await jan.post('ping', body)).toMatchObject({
        status: 400,
        body: { ok: false, code: 'invalid_request', errors: [{ field: 'points' }] },
      });
    }
  });
});

describe('pings are limited, events never', () => {
  it('to so many per minute and token', async () => {
    const service = testApp({ auth: 'required', ratePerMinute: 3 }, '2026-03-02T07:00:20Z');
    const first = phone(service, { token: await service.tokenOf(JAN) });
    const second = phone(service, { token: await service.tokenOf(JAN) });
    for (let i = 0; i < 3; i += 1) expect((await first.post('ping', {})).status).toBe(200);
    const refused = await first.post('ping', {});
    expect(refused).toMatchObject({ status: 429, body: { ok: false, code: 'rate_limited' } });
    expect(refused.headers.get('retry-after')).toBe('40');
    for (const action of ['start', 'end', 'finalize', 'cancel']) {
      for (let i = 0; i < 4; i += 1) expect((await first.post(action, {})).status).toBe(200);
    }
    expect((await second.post('ping', {})).status).toBe(200);
    service.clock.advance(40_000);
    expect((await first.post('ping', {})).status).toBe(200);
  });

  it('not at all where the limit is 0, nor in open mode', async () => {
    const unlimited = testApp({ auth: 'required', ratePerMinute: 0 });
    const open = testApp({ ratePerMinute: 2 });
    const token = await unlimited.tokenOf(JAN);
    for (const jan of [phone(unlimited, { token }), phone(open, { user: JAN })]) {
      for (let i = 0; i < 5; i += 1) expect((await jan.post('ping', {})).status).toBe(200);
    }
  });
});
