/** What anybody may cost: heads, bodies, time. And what stands on every answer, whatever it says. */

import { connect, type AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Env } from '../../src/http/env.ts';
import { listen, PATIENCE, type Patience } from '../../src/http/server.ts';
import { JAN, testApp, type TestApp } from '../support/app.ts';
import { ask, bearer, describedRoutes } from './walk/asking.ts';
import { ANNA, ownWorld } from './walk/world.ts';

const ROUTES = await describedRoutes();
const KB = 1_024;

async function served(service: Pick<TestApp, 'app'>, patience: Partial<Patience> = {}): Promise<number> {
  const server = await listen(service.app, 0, '127.0.0.1', { ...PATIENCE, ...patience });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return (server.address() as AddressInfo).port;
}

interface Conversation {
  readonly answer: string;
  /** How much the server let us send. */
  readonly sentBytes: number;
}

/** Sends the parts one by one, until the server hangs up or has answered. */
function converse(port: number, parts: Iterable<string>, pauseMs = 0): Promise<Conversation> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = '';
    let sentBytes = 0;
    let isOver = false;
    const finish = () => {
      isOver = true;
      socket.destroy();
      done({ answer, sentBytes });
    };
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('end', finish).on('error', finish).on('close', finish);
    const send = async () => {
      for (const part of parts) {
        if (isOver || answer !== '') break;
        if (!socket.write(part))
          await Promise.race([new Promise((drained) => socket.once('drain', drained)), wait(200)]);
        sentBytes += part.length;
        await wait(pauseMs);
      }
    };
    socket.on('connect', () => void send());
  });
}

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
const statusOf = ({ answer }: Conversation) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

function head(path: string, ...headers: readonly string[]): string {
  return [`POST ${path}?user=${JAN} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n');
}

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

describe('a body without a length', () => {
  const HEAD = head('/webhook/start', 'Content-Type: application/json', 'Transfer-Encoding: chunked');

  it('is taken as it comes', async () => {
    const port = await served(testApp());
    const parts = [HEAD, chunk('{"lat": 52.1,'), chunk(' "lng": 5.1}'), chunk('')];
    const told = await converse(port, parts, 20);
    expect(statusOf(told)).toBe(200);
    expect(told.answer).toContain('"warnings":[]');
  });

  it.each(['/webhook/start', '/locations'])('is cut off on %s while it still arrives', async (path) => {
    const port = await served(testApp());
    const type = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
    const endless = function* () {
      yield head(path, ...type);
      for (let i = 0; i < 64 * 16; i += 1) yield chunk(' '.repeat(KB * 4));
    };
    const told = await converse(port, endless(), 1);
    expect(statusOf(told)).toBe(413);
    expect(told.answer).toContain('too_large');
    expect(told.sentBytes).toBeLessThan(2 * KB * KB);
  });
});

describe('patience', () => {
  it('ends with a head that is too long, by its headers or its address', async () => {
    const port = await served(testApp());
    for (const long of [
      head('/webhook/start', `X-Long: ${'x'.repeat(20 * KB)}`),
      head(`/webhook/start/${'x'.repeat(20 * KB)}`),
    ]) {
      const told = await converse(port, [long]);
      expect(statusOf(told)).toBe(431);
      expect(told.answer).toContain('"ok":false');
      expect(told.answer).toContain('application/problem+json');
    }
  });

  it('ends with a head that never ends', async () => {
    const port = await served(testApp(), { headersWithinMs: 200, lookEveryMs: 50 });
    const drip = function* () {
      yield 'POST /webhook/start HTTP/1.1\r\nHost: localhost\r\n';
      for (let i = 0; i < 100; i += 1) yield `X-${i}: x\r\n`;
    };
    const told = await converse(port, drip(), 50);
    expect(statusOf(told)).toBe(408);
  });

  it('ends with a body that never ends', async () => {
    const service = testApp();
    const port = await served(service, { headersWithinMs: 100, requestWithinMs: 300, lookEveryMs: 50 });
    const drip = function* () {
      yield head('/webhook/start', 'Content-Length: 1000');
      for (let i = 0; i < 100; i += 1) yield ' ';
    };
    const startedMs = performance.now();
    await converse(port, drip(), 50);
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    expect(await service.deps.store.users(1)).toEqual([]);
  });

  it('never writes into an answer that is on its way', async () => {
    const app = new Hono<Env>();
    app.get('/', (c) => {
      const parts = ['a'.repeat(100), 'b'.repeat(100)];
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await wait(50);
          const part = parts.shift();
          if (part === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(part));
        },
      });
      return c.body(body);
    });
    const port = await served({ app });
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      if (answer === '') socket.write('nonsense\r\n\r\n');
      answer += chunk;
    });
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise((closed) => socket.once('close', closed));
    expect(answer).toContain('HTTP/1.1 200');
    expect(answer).not.toContain('HTTP/1.1 400');
  });

  it.each(['Host: a b', 'Host: [::1', 'Host: x:99999', 'Host: example.com/x', 'Host:', ''])(
    'ends with an address that cannot be read: %s',
    async (host) => {
      const port = await served(testApp({ auth: 'required' }));
      const version = host === '' ? '1.0' : '1.1';
      const headers = [host, 'content-length: 0', 'connection: close'].filter((line) => line !== '');
      const request = [`POST /webhook/start HTTP/${version}`, ...headers, '', ''].join('\r\n');
      const { answer } = await converse(port, [request]);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer.toLowerCase()).toContain('\r\nx-content-type-options: nosniff\r\n');
      const body: unknown = JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? 'null');
      expect(body).toMatchObject({ code: 'invalid_request', ok: false, message: expect.stringContaining('Host') });
    },
  );

  it('ends with what is no HTTP at all', async () => {
    const port = await served(testApp());
    const told = await converse(port, ['\x16\x03\x01\x02\x00hello\r\n\r\n']);
    expect(statusOf(told)).toBe(400);
    expect(told.answer).toContain('"code":"invalid_request"');
  });
});

describe('every answer', () => {
  const GUARDS = [
    'x-content-type-options',
    'referrer-policy',
    'content-security-policy',
    'x-request-id',
    'cache-control',
  ];

  function missing(response: Response): string[] {
    return GUARDS.filter((name) => !response.headers.has(name));
  }

  it.each(ROUTES.map((route) => [route.name, route] as const))(
    'of %s is guarded, granted or refused',
    async (_name, route) => {
      const world = await ownWorld();
      const asking = async (headers: Record<string, string>) => {
        let response = new Response();
        const watching = {
          request: async (url: string, init: RequestInit) => (response = await world.app.request(url, init)).clone(),
        };
        await ask(watching as typeof world.app, route, { ids: world.anna, headers });
        return response;
      };
      const granted = await asking(bearer(await world.tokenOf(ANNA)));
      const refused = await asking(bearer('mlg_x'));
      expect([missing(granted), missing(refused)]).toEqual([[], []]);
      // A sign-in is tied to its browser, and to nothing else is there a cookie.
      if (/^\/(signin|oauth)\//.test(route.path)) return;
      expect([granted.headers.has('set-cookie'), refused.headers.has('set-cookie')]).toEqual([false, false]);
    },
  );

  it.each([
    ['GET', '/'],
    ['GET', '/setup'],
    ['GET', '/docs'],
    ['GET', '/openapi.json'],
    ['GET', '/nothing'],
    ['DELETE', '/settings'],
    ['OPTIONS', '/webhook/start'],
    ['GET', '/webhook/start'],
    ['POST', '/webhook/nothing'],
  ])('of %s %s as well', async (method, path) => {
    const { app } = testApp({ auth: 'required' });
    const response = await app.request(path, { method });
    expect(missing(response)).toEqual([]);
  });

  it('of a body that is too large, and of open mode to a stranger', async () => {
    const { app } = testApp();
    const large = await app.request('/locations', {
      method: 'POST',
      headers: { 'content-length': `${65 * KB}` },
      body: 'x',
    });
    const stranger = await app.request('/trips', { headers: { host: 'example.com' } });
    expect([large.status, missing(large)]).toEqual([413, []]);
    expect([stranger.status, missing(stranger)]).toEqual([403, []]);
  });
});

describe('a browser elsewhere', () => {
  const ORIGIN = 'https://app.example.com';
  const grants = (response: Response) =>
    [...response.headers].filter(([name]) => name.startsWith('access-control-')).map(([name]) => name);

  it.each([ORIGIN, 'https://evil.example', 'null'])('from %s gets nothing where no origin is set', async (origin) => {
    const service = testApp({ auth: 'required' });
    const token = bearer(await service.tokenOf(JAN));
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { ...token, origin, 'access-control-request-method': 'GET' };
      expect(grants(await service.app.request('/trips', { method, headers }))).toEqual([]);
    }
  });

  it('may ask from an origin that is set, and never with cookies', async () => {
    const service = testApp({ auth: 'required', corsOrigins: [ORIGIN] });
    const token = bearer(await service.tokenOf(JAN));
    const allowed = await service.app.request('/trips', { headers: { ...token, origin: ORIGIN } });
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    const preflight = { origin: ORIGIN, 'access-control-request-method': 'PATCH' };
    const asked = await service.app.request('/trips/x', { method: 'OPTIONS', headers: preflight });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, ORIGIN]);
    for (const one of [allowed, asked]) expect(grants(one)).not.toContain('access-control-allow-credentials');
    for (const origin of [`${ORIGIN}.evil.example`, 'https://evil.example', 'null', ORIGIN.toUpperCase()]) {
      const refused = await service.app.request('/trips', { headers: { ...token, origin } });
      expect([origin, refused.headers.get('access-control-allow-origin')]).toEqual([origin, null]);
    }
  });

  it.each(['POST', 'OPTIONS', 'GET'])(
    'gets nothing of a webhook with %s, not even from an origin that is set',
    async (method) => {
      const service = testApp({ auth: 'required', corsOrigins: [ORIGIN] });
      const headers = {
        ...bearer(await service.tokenOf(JAN)),
        origin: ORIGIN,
        'access-control-request-method': 'POST',
      };
      const response = await service.app.request('/webhook/start', { method, headers });
      expect(grants(response)).toEqual([]);
      expect(response.headers.has('set-cookie')).toBe(false);
    },
  );
});
