/** Guessing at tokens: slowed per client, and nobody who has a good one ever notices. */

import { describe, expect, it } from 'vitest';
import { MOST_GUESSES_PER_MINUTE } from '../../src/http/guesses.ts';
import { JAN, testApp, type TestApp } from '../support/app.ts';
import { bearer } from './walk/asking.ts';

const MINUTE_MS = 60_000;
const WRONG = bearer('mlg_00000000000000000000000000zzzz');

function from(client: string) {
  return { incoming: { socket: { remoteAddress: client, remotePort: 1, remoteFamily: 'IPv4' } } };
}

async function asks({ app }: TestApp, headers: Record<string, string>, client = '203.0.113.7', path = '/trips') {
  return app.request(path, { headers }, from(client));
}

async function guessed(): Promise<TestApp> {
  const service = testApp({ auth: 'required' });
  for (let i = 0; i < MOST_GUESSES_PER_MINUTE; i += 1) expect((await asks(service, WRONG)).status).toBe(401);
  return service;
}

describe('a client that guesses', () => {
  it('is told to wait, and how long', async () => {
    const service = await guessed();
    service.clock.advance(10_000);
    const refused = await asks(service, WRONG);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '50']);
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
    expect((await asks(service, {}, '203.0.113.7', '/trips?token=x')).status).toBe(429);
    const phone = await asks(service, WRONG, '203.0.113.7', '/webhook/status');
    expect(await phone.json()).toMatchObject({ message: expect.stringContaining('Check this phone’s token') });
    service.clock.advance(MINUTE_MS);
    expect((await asks(service, WRONG)).status).toBe(401);
  });

  it('refuses nobody else, and itself nothing that is good', async () => {
    const service = await guessed();
    expect((await asks(service, WRONG, '203.0.113.8')).status).toBe(401);
    expect((await asks(service, bearer(await service.tokenOf(JAN)))).status).toBe(200);
    const start = await service.app.request(
      '/webhook/start',
      { method: 'POST', headers: bearer(await service.tokenOf(JAN)) },
      from('203.0.113.7'),
    );
    expect(start.status).toBe(200);
  });

  it('is still told what is wrong with a token that was one, and that none came', async () => {
    const service = await guessed();
    const expired = await service.tokenOf(JAN, { expiresAt: service.clock.now() });
    expect(await (await asks(service, bearer(expired))).json()).toMatchObject({ code: 'token_expired' });
    expect((await asks(service, {}, '203.0.113.7', `/webhook/status?user=${JAN}`)).status).toBe(401);
  });
});
