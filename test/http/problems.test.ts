/** How the service refuses, and how little it says when it is at fault itself. */

import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { Store } from '../../src/seams/store.ts';
import { jsonOf } from '../support/answers.ts';
import { JAN, OPTIONS, testApp } from '../support/app.ts';

interface Told {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly { field: string; message: string }[];
  readonly request_id: string;
  readonly [more: string]: unknown;
}

async function told(response: Response): Promise<Told> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return jsonOf(response);
}

const USER = `user=${JAN}`;

describe('a problem', () => {
  it('has everything RFC 9457 and the contract ask for', async () => {
    const response = await testApp().app.request(`/trips?${USER}&limit=0`);
    const body = await told(response);
    expect(response.status).toBe(400);
    expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'code', 'detail', 'errors', 'request_id']);
    expect(body).toMatchObject({ status: 400, code: 'invalid_request', type: '/docs#invalid_request' });
    expect(body.errors).toEqual([{ field: 'limit', message: expect.stringContaining('1 … 200') }]);
    expect(response.headers.get('x-request-id')).toBe(body.request_id);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('names an unknown field as the caller wrote it', async () => {
    const { app } = testApp();
    const body = JSON.stringify({ name: 'Home', lat: 52, lng: 5, colour: 'red' });
    const headers = { 'content-type': 'application/json' };
    const refused = await told(await app.request(`/locations?${USER}`, { method: 'POST', headers, body }));
    expect(refused).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ field: 'colour', message: 'unknown field' }],
    });
    const query = await told(await app.request(`/trips?${USER}&colour=red`));
    expect(query).toMatchObject({ status: 400, errors: [{ field: 'colour' }] });
  });

  it.each([
    ['/cars', '{}', 'name', 'required'],
    ['/cars', '[]', '', 'an object, {…}'],
    ['/trips/bulk', '{"ids": ["trip_1"]}', 'set', 'an object, {…}'],
    ['/import', '{"csv": "a", "mapping": {"types": []}}', 'mapping.types', 'an object, {…}'],
  ])('says in plain words what %s misses in %s', async (path, body, field, message) => {
    const headers = { 'content-type': 'application/json' };
    const response = await testApp().app.request(`${path}?${USER}`, { method: 'POST', headers, body });
    expect(await told(response)).toMatchObject({ status: 400, errors: [{ field, message }] });
  });

  it.each(['{"name":', 'nonsense', ''])('is a body that is no JSON: %s', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await testApp().app.request(`/locations?${USER}`, { method: 'POST', headers, body });
    expect(await told(response)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it.each(['/nothing', '/trips/a/b/c', '/webhooks', '/scheduler', '/assets/style.css'])('is %s', async (path) => {
    const response = await testApp().app.request(`${path}?${USER}`);
    expect(await told(response)).toMatchObject({ status: 404, code: 'not_found' });
  });

  it.each([
    ['POST', '/health', 'GET, HEAD'],
    ['DELETE', '/', 'GET, HEAD'],
    ['PUT', '/trips/trip_1', 'GET, HEAD, PATCH, DELETE'],
    ['GET', '/scheduler/poll-all', 'POST'],
    ['GET', '/cars/car_1/readings', 'POST'],
    ['DELETE', '/settings/', 'GET, HEAD, PATCH'],
  ])('is %s %s, and it says what is allowed', async (method, path, allowed) => {
    const response = await testApp().app.request(path, { method });
    expect(await told(response)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(response.headers.get('allow')).toBe(allowed);
  });

  it('of a phone also says so in words, in its language', async () => {
    const { app } = testApp();
    const ask = async (language: string) => {
      const headers = { 'accept-language': language };
      return told(await app.request('/webhook/start', { method: 'POST', headers }));
    };
    expect(await ask('nl-NL,nl;q=0.9,en;q=0.8')).toMatchObject({
      ok: false,
      message: expect.stringContaining('Van wie'),
    });
    expect(await ask('en-GB')).toMatchObject({ ok: false, message: expect.stringContaining('Whose') });
    expect(await ask('de')).toMatchObject({ message: expect.stringContaining('Whose') });
  });
});

describe('a body', () => {
  const KB = 1024;

  function post(path: string, bytes: number, init: RequestInit = {}): Promise<Response> {
    const body = 'x'.repeat(bytes);
    return Promise.resolve(testApp().app.request(`${path}?${USER}`, { method: 'POST', body, ...init }));
  }

  function chunked(bytes: number): RequestInit {
    const chunk = new Uint8Array(KB).fill(120);
    let left = bytes / KB;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    });
    return { body, duplex: 'half' };
  }

  it.each([
    ['/webhook/start', 64],
    ['/webhook/ping', 1024],
    ['/webhook/ping/', 1024],
  ])('may be so large on %s: %i KB', async (path, limit) => {
    expect((await post(path, limit * KB, { headers: { 'content-length': `${limit * KB}` } })).status).toBe(200);
    expect((await post(path, 0, chunked(limit * KB))).status).toBe(200);
  });

  it.each([
    ['/webhook/start', 64],
    ['/webhook/ping', 1024],
    ['/locations', 64],
  ])('is refused beyond that on %s, announced or counted', async (path, limit) => {
    const announced = await post(path, 10, { headers: { 'content-length': `${limit * KB + 1}` } });
    expect(await told(announced)).toMatchObject({ status: 413, code: 'too_large' });
    const headers = { 'content-type': 'application/json' };
    const counted = await post(path, 0, { ...chunked((limit + 1) * KB), headers });
    expect(await told(counted)).toMatchObject({ status: 413, code: 'too_large' });
  });

  it.each(['/webhook/ping', '/locations'])('of somebody unknown is not even read on %s', async (path) => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulls += 1;
          controller.enqueue(new Uint8Array(KB));
        },
      },
      { highWaterMark: 0 },
    );
    const { app } = testApp({ auth: 'required' });
    const response = await app.request(path, { method: 'POST', body, duplex: 'half' });
    expect(await told(response)).toMatchObject({ status: 401 });
    expect(pulls).toBe(0);
  });

  it('that is counted arrives whole', async () => {
    const { app } = testApp();
    const text = JSON.stringify({ name: 'Café', lat: 52.1, lng: 5.1 });
    const parts = [...new TextEncoder().encode(text)].map((byte) => Uint8Array.of(byte));
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const part = parts.shift();
        if (part) controller.enqueue(part);
        else controller.close();
      },
    });
    const headers = { 'content-type': 'application/json' };
    const response = await app.request(`/locations?${USER}`, { method: 'POST', headers, body, duplex: 'half' });
    expect(await response.json()).toMatchObject({ name: 'Café', lat: 52.1 });
  });
});

describe('an error nobody expected', () => {
  const SECRET = 'secret detail of the store';

  function brokenApp() {
    const service = testApp();
    const broken: Store = { ...service.deps.store, forUser: () => fail(), users: () => fail(), due: () => fail() };
    const deps = { ...service.deps, store: broken };
    return { app: createApp(deps, { ...OPTIONS, ratePerMinute: 0 }), log: service.log };
  }

  function fail(): never {
    throw new Error(SECRET);
  }

  it.each([
    ['GET', '/trips'],
    ['POST', '/webhook/start'],
    ['POST', '/scheduler/poll-all'],
    ['GET', '/'],
  ])('is a 500 on %s %s that says nothing, and one whole line in the log', async (method, path) => {
    const { app, log } = brokenApp();
    const response = await app.request(`${path}?${USER}`, { method });
    const text = await response.clone().text();
    const body = await told(response);
    expect(body).toMatchObject({ status: 500, code: 'internal', errors: [] });
    expect(text).not.toContain(SECRET);
    expect(text).not.toMatch(/\bat \S+\.ts/);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatchObject({ severity: 'ERROR', status: 500, request_id: body.request_id });
    expect(log.lines[0]?.['error']).toMatchObject({ message: SECRET });
  });

  it('leaves the service as it was', async () => {
    const { app } = brokenApp();
    await app.request(`/trips?${USER}`);
    expect((await app.request('/health')).status).toBe(200);
  });
});
