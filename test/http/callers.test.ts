/** Who is calling in open mode: the address a request names, however it is written. */

import { describe, expect, it } from 'vitest';
import { jsonOf } from '../support/answers.ts';
import { JAN, testApp, type TestApp } from '../support/app.ts';

async function code(response: Response): Promise<unknown> {
  const body = await jsonOf<{ code?: string }>(response);
  return [response.status, body.code];
}

/** The users a start was recorded for. */
async function drivers({ deps }: TestApp): Promise<readonly string[]> {
  return deps.store.users(10);
}

describe('an address', () => {
  it.each([
    ['?user=jan@example.nl', {}],
    ['?user=Jan@Example.NL', {}],
    ['?user=%20jan@example.nl%20', {}],
    ['?user=+jan@example.nl+', {}],
    ['?user=mailto:jan@example.nl', {}],
    ['?user=mailto:mailto:jan@example.nl', {}],
    ['?%75ser=jan@example.nl', {}],
    ['?user=jan%EF%BC%A0example.nl', {}],
    ['?user=jan@example.nl&user=JAN@example.nl', {}],
    ['', { 'x-user-email': 'jan@example.nl' }],
    ['?user=', { 'x-user-email': ' Jan@example.nl' }],
    ['?user=jan@example.nl', { 'x-user-email': 'JAN@example.nl' }],
  ])('is understood as %s with %o', async (query, headers) => {
    const service = testApp();
    const response = await service.app.request(`/webhook/start${query}`, { method: 'POST', headers });
    expect(response.status).toBe(200);
    expect(await drivers(service)).toEqual([JAN]);
  });

  it.each(['a+b@x.nl', 'a%2Bb@x.nl', 'a%20b@x.nl'])('gets back the plus that a query swallowed: %s', async (user) => {
    const service = testApp();
    await service.app.request(`/webhook/start?user=${user}`, { method: 'POST' });
    expect(await drivers(service)).toEqual(['a+b@x.nl']);
  });

  it('may have letters beyond ASCII in a header', async () => {
    const service = testApp();
    const header = Buffer.from('jörg@example.de', 'utf8').toString('latin1');
    await service.app.request('/webhook/start', { method: 'POST', headers: { 'x-user-email': header } });
    expect(await drivers(service)).toEqual(['jörg@example.de']);
  });

  it.each([
    'jan',
    'jan@',
    '@example.nl',
    'a@b@c',
    'a/b@x.nl',
    'a%0Ab@x.nl',
    'a%ZZ@x.nl',
    'a%FF@x.nl',
    'a%C2%85@x.nl',
    'a%E2%80%8B@x.nl',
    'jan@example.nl%E2%80%AE',
    '.',
    '..',
    '__x__',
    '__x@y__',
    `${'a'.repeat(250)}@x.nl`,
  ])('is refused as %s, and nobody is made', async (user) => {
    const service = testApp();
    const response = await service.app.request(`/webhook/start?user=${user}`, { method: 'POST' });
    expect(await code(response)).toEqual([400, 'invalid_user']);
    expect(await drivers(service)).toEqual([]);
  });

  it.each([
    ['?user=jan@example.nl&user=piet@example.nl', {}],
    ['?user=jan@example.nl&%75ser=piet@example.nl', {}],
    ['?user=jan@example.nl', { 'x-user-email': 'piet@example.nl' }],
  ])('must be one: %s with %o', async (query, headers) => {
    const service = testApp();
    const response = await service.app.request(`/webhook/start${query}`, { method: 'POST', headers });
    expect(await code(response)).toEqual([400, 'conflicting_user']);
    expect(await drivers(service)).toEqual([]);
  });

  it('is asked for where there is none', async () => {
    const { app } = testApp();
    expect(await code(await app.request('/webhook/start', { method: 'POST' }))).toEqual([400, 'user_required']);
    expect(await code(await app.request('/trips'))).toEqual([400, 'user_required']);
  });

  it('defaults to the user of a single-user installation', async () => {
    const service = testApp({ defaultUser: JAN });
    await service.app.request('/webhook/start', { method: 'POST' });
    await service.app.request('/webhook/start?user=piet@example.nl', { method: 'POST' });
    expect(await drivers(service)).toEqual([JAN, 'piet@example.nl']);
  });

  it('is not asked for where nothing is served', async () => {
    const { app } = testApp();
    expect(await code(await app.request('/nothing'))).toEqual([404, 'not_found']);
  });
});

describe('open mode', () => {
  it('asks for no token, and does not read one that is sent', async () => {
    const { app } = testApp();
    const headers = { authorization: 'Bearer whatever' };
    const response = await app.request(`/trips?user=${JAN}`, { headers });
    expect(response.status).toBe(200);
  });

  it('keeps users apart', async () => {
    const { app } = testApp();
    await app.request(`/webhook/start?user=${JAN}`, { method: 'POST' });
    const other = await app.request('/webhook/status?user=piet@example.nl');
    expect(await other.json()).toEqual({ active: false });
  });
});
