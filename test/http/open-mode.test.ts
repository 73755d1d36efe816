/** Open mode answers its own network only: whoever comes from elsewhere is refused, whatever he asks for. */

import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { drain, listen } from '../../src/http/server.ts';
import { jsonOf } from '../support/answers.ts';
import { JAN, OPTIONS, testApp } from '../support/app.ts';

const REFUSED = [403, 'open_mode_is_local'];

async function ask(url: string, init: RequestInit = {}, options = {}): Promise<unknown> {
  const response = await testApp(options).app.request(url, init);
  if (response.status === 200) return 200;
  const body = await jsonOf<{ code?: string }>(response);
  return [response.status, body.code];
}

describe('the name it is asked by', () => {
  it.each([
    'localhost',
    'localhost:8080',
    'LOCALHOST',
    '127.0.0.1:8080',
    '127.1.2.3',
    '[::1]:8080',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255:80',
    '192.168.178.20:8080',
    '169.254.10.1',
    '[fd12:3456::1]',
    '[fe80::1]',
    '[::ffff:192.168.1.2]',
    'nas',
    'nas:8080',
    'nas.local',
    'nas.local.',
    'nas.lan',
    'nas.home.arpa',
    'mileage.localhost',
  ])('may be %s', async (host) => {
    expect(await ask(`/trips?user=${JAN}`, { headers: { host } })).toBe(200);
    expect(await ask(`http://${host}/health`)).toBe(200);
  });

  it.each([
    'example.com',
    'example.com:8080',
    'mileage.example.com',
    '8.8.8.8',
    '172.32.0.1',
    '172.15.0.1',
    '192.169.0.1',
    '11.0.0.1',
    '100.64.0.1',
    '[2001:db8::1]',
    '[::ffff:8.8.8.8]',
    '134744072',
    'localhost.example.com',
    'nas.local.example.com',
    'evil@localhost',
    'a.b.ngrok-free.app',
    'x.trycloudflare.com',
    'bad host',
  ])('may not be %s', async (host) => {
    for (const path of [`/trips?user=${JAN}`, '/', '/health', '/openapi.json', '/nothing']) {
      expect([path, await ask(path, { headers: { host } })]).toEqual([path, REFUSED]);
    }
    const post = { method: 'POST', headers: { host } };
    expect(await ask(`/webhook/start?user=${JAN}`, post)).toEqual(REFUSED);
    expect(await ask('/scheduler/poll-all', post)).toEqual(REFUSED);
  });
});

describe('on the wire', () => {
  /** As it is written: no client sends what these tests send. The code of a refusal, or the status. */
  async function told(target: string, ...hosts: readonly string[]): Promise<string | undefined> {
    const server = await listen(testApp().app, 0, '127.0.0.1');
    onTestFinished(() => drain(server, 0));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const lines = hosts.map((host) => `${host}\r\n`).join('');
    socket.end(`GET ${target} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) answer += String(chunk);
    return /"code":"(\w+)"/.exec(answer)?.[1] ?? answer.slice('HTTP/1.1 '.length).split(' ')[0];
  }

  const TRIPS = `/trips?user=${JAN}`;

  it('is asked by one name, as one asks', async () => {
    expect(await told(TRIPS, 'Host: localhost')).toBe('200');
    expect(await told(TRIPS, 'hOsT:nas.local')).toBe('200');
    expect(await told(`http://localhost${TRIPS}`, 'Host: localhost')).toBe('200');
  });

  it.each([
    [TRIPS, 'Host: localhost', 'Host: example.com'],
    [TRIPS, 'Host: example.com', 'Host: localhost'],
    [TRIPS, 'Host: localhost', 'host: example.com', 'HOST: localhost'],
    [TRIPS, 'Host: localhost, example.com'],
    [TRIPS, 'Host: localhost', ' example.com'],
    [TRIPS, 'Host: localhost example.com'],
    [TRIPS, 'Host: localhost/example.com'],
    [TRIPS, 'Host: example.com#localhost'],
    [TRIPS, 'Host:'],
    [TRIPS],
    [`http://example.com${TRIPS}`, 'Host: localhost'],
    [`http://localhost${TRIPS}`, 'Host: example.com'],
    [`http://localhost@example.com${TRIPS}`, 'Host: localhost'],
  ])('is not asked by two: %s %s %s', async (target, ...hosts) => {
    expect(['open_mode_is_local', 'invalid_request', '400']).toContain(await told(target, ...hosts));
  });
});

it.each([
  ['forwarded', 'for=1.2.3.4'],
  ['x-forwarded-for', '192.168.1.5'],
  ['X-Forwarded-Proto', 'https'],
  ['x-forwarded-host', 'localhost'],
  ['cf-connecting-ip', '1.2.3.4'],
  ['CF-Ray', 'x'],
  ['X-Real-IP', '203.0.113.7'],
  ['True-Client-IP', '203.0.113.7'],
  ['Via', '1.1 proxy'],
])('what a proxy or tunnel passed on with %s is refused', async (name, value) => {
  expect(await ask(`/trips?user=${JAN}`, { headers: { [name]: value } })).toEqual(REFUSED);
});

describe('a page in a browser', () => {
  it.each([
    [{ origin: 'http://localhost' }],
    [{ origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }],
    [{ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
  ])('may ask where it came from us: %o', async (headers) => {
    expect(await ask(`/trips?user=${JAN}`, { headers })).toBe(200);
  });

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'http://localhost:3000' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ])('of another site may not: %o', async (headers) => {
    expect(await ask(`/trips?user=${JAN}`, { headers })).toEqual(REFUSED);
    expect(await ask(`/webhook/start?user=${JAN}`, { method: 'POST', headers })).toEqual(REFUSED);
  });

  it.each(['/', '/setup', '/docs'])('elsewhere may lead to %s, but not fetch it', async (path) => {
    const navigate = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(await ask(path, { headers: navigate })).toBe(200);
    expect(await ask(path, { headers: { ...navigate, 'sec-fetch-mode': 'no-cors' } })).toEqual(REFUSED);
    expect(await ask(path, { method: 'POST', headers: navigate })).toEqual(REFUSED);
  });

  it('may ask from an origin that was allowed', async () => {
    const headers = { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' };
    const options = { corsOrigins: ['https://app.example.com'] };
    expect(await ask(`/trips?user=${JAN}`, { headers }, options)).toBe(200);
    const other = { ...headers, origin: 'https://app.example.com.evil.example' };
    expect(await ask(`/trips?user=${JAN}`, { headers: other }, options)).toEqual(REFUSED);
  });
});

it('what was made in it stays when tokens are asked for, and a token is revoked like any other', async () => {
  const { app, deps } = testApp();
  const headers = { 'content-type': 'application/json', 'x-user-email': JAN };
  const body = JSON.stringify({ label: 'x', scopes: ['read', 'account'] });
  const made = await jsonOf<{ id: string; token: string }>(app.request('/tokens', { method: 'POST', headers, body }));
  const later = createApp({ ...deps, unknownUsers: 'refuse' }, { ...OPTIONS, auth: 'required' });
  const own = { headers: { authorization: `Bearer ${made.token}` } };
  expect((await later.request('/trips', own)).status).toBe(200);
  expect((await later.request(`/tokens/${made.id}`, { ...own, method: 'DELETE' })).status).toBe(204);
  expect(await (await later.request('/trips', own)).json()).toMatchObject({ status: 401, code: 'token_revoked' });
});

it('required mode has no such refusals: a token proves who asks', async () => {
  const service = testApp({ auth: 'required' });
  const authorization = `Bearer ${await service.tokenOf(JAN)}`;
  const headers = { authorization, host: 'mileage.example.com', 'x-forwarded-for': '1.2.3.4' };
  expect((await service.app.request('/trips', { headers })).status).toBe(200);
});
