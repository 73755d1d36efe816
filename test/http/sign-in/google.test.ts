/** Signing in with Google: there and back, once, in one browser, and a page a person understands when it fails. */

import { describe, expect, it } from 'vitest';
import type { HttpOptions } from '../../../src/http/options.ts';
import { JAN, PIET, testApp } from '../../support/app.ts';
import { Browser } from '../../support/browser.ts';
import { googleApp, type GoogleApp } from '../../support/google-app.ts';

const PUBLIC_URL = 'https://km.example.nl';
const MINUTE_MS = 60_000;

async function stage(options: Partial<HttpOptions> = {}) {
  const service = await googleApp({ publicUrl: PUBLIC_URL, allowedUsers: [JAN], ...options });
  service.google.person = { sub: '1', email: JAN };
  return { ...service, browser: new Browser(service, PUBLIC_URL) };
}

/** Begins, lets Google answer, and tells where the browser is sent back to. */
async function toGoogle(browser: Browser, query = ''): Promise<string> {
  const begun = await browser.ask(`/signin/google${query}`);
  expect(begun.status).toBe(302);
  const answered = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
  expect(answered.status).toBe(302);
  const back = answered.headers.get('location') ?? '';
  expect(back.startsWith(`${PUBLIC_URL}/oauth/google/callback?`)).toBe(true);
  return back.slice(PUBLIC_URL.length);
}

async function assertPage(response: Response, status: number, text: RegExp): Promise<void> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(response.headers.getSetCookie().filter((line) => /session=[^;]/.test(line))).toEqual([]);
  expect(await response.text()).toMatch(text);
}

async function failures({ deps }: GoogleApp): Promise<number> {
  const { hash } = await import('node:crypto');
  const key = (kind: string, who: string) => `${kind}-${hash('sha256', who, 'hex')}`;
  return (await deps.store.system.get('failures', key('client', 'unknown')))?.count ?? 0;
}

describe('signing in with Google', () => {
  it('ends in a session of the person, whose logbook is made', async () => {
    const { browser, deps } = await stage();
    const back = await browser.ask(await toGoogle(browser));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/signin']);
    expect([...browser.cookies.keys()]).toEqual(['__Host-session']);
    const kept = browser.set.filter((line) => !line.includes('Max-Age=0'));
    expect(kept).toHaveLength(2);
    for (const line of kept) expect(line).toMatch(/^__Host-.* HttpOnly; Secure; SameSite=Lax$/);
    expect((await browser.fetch('/trips')).status).toBe(200);
    expect(await deps.store.forUser(JAN).get('user', '')).toMatchObject({ subject: '1', addedBy: 'sign_in' });
    expect(await (await browser.ask('/signin')).text()).toContain(JAN);
  });

  it('asks Google for no more than who it is, with state, nonce and PKCE, new each time', async () => {
    const { browser } = await stage();
    const asked = async () => new URL((await browser.ask('/signin/google')).headers.get('location') ?? '').searchParams;
    const [first, second] = [await asked(), await asked()];
    expect(Object.fromEntries(first)).toMatchObject({
      scope: 'openid email',
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${PUBLIC_URL}/oauth/google/callback`,
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.get(name)).toMatch(/^[\w-]{43}$/);
      expect(first.get(name)).not.toBe(second.get(name));
    }
  });

  it.each([
    ['/trips?year=2026', '/trips?year=2026'],
    ['//evil.example', '/signin'],
    ['/\\evil.example', '/signin'],
    ['https://evil.example/', '/signin'],
    ['/..//evil.example', '/signin'],
    ['\t//evil.example', '/signin'],
    ['/\t/evil.example', '/signin'],
    ['', '/signin'],
  ])('goes on to a path of ours only: %j → %s', async (wanted, gone) => {
    const { browser } = await stage();
    const back = await browser.ask(await toGoogle(browser, `?return_to=${encodeURIComponent(wanted)}`));
    expect(back.headers.get('location')).toBe(gone);
  });

  it('works once: the same answer again opens nothing', async () => {
    const { browser } = await stage();
    const path = await toGoogle(browser);
    const kept = new Map(browser.cookies);
    await browser.ask(path);
    for (const [name, value] of kept) browser.cookies.set(name, value);
    await assertPage(await browser.ask(path), 400, /another browser/);
  });

  it('works in several tabs of one browser, and in no other browser', async () => {
    const service = await stage();
    const { browser } = service;
    const [first, second, third] = [await toGoogle(browser), await toGoogle(browser), await toGoogle(browser)];
    const other = new Browser(service, PUBLIC_URL);
    await assertPage(await other.ask(first), 400, /another browser/);
    await toGoogle(other);
    await assertPage(await other.ask(second), 400, /another browser/);
    expect((await browser.ask(third)).status).toBe(303);
  });

  it('takes ten minutes at most', async () => {
    const { browser, clock } = await stage();
    const path = await toGoogle(browser);
    clock.advance(10 * MINUTE_MS);
    await assertPage(await browser.ask(path), 400, /longer than ten minutes/);
  });

  it.each([
    ['/oauth/google/callback', 400],
    ['/oauth/google/callback?state=x&code=y', 400],
    ['/oauth/google/callback?error=access_denied', 400],
  ])('is not begun by its end: %s', async (path, status) => {
    const { browser, google } = await stage();
    await toGoogle(browser);
    await assertPage(await browser.ask(path), status, /not signed in/);
    expect(google.asked.token).toBe(0);
  });

  it('may be declined, and said in Dutch', async () => {
    const { browser, google } = await stage();
    google.person = null;
    const response = await browser.ask(await toGoogle(browser), { headers: { 'accept-language': 'nl' } });
    await assertPage(response, 400, /Google heeft het inloggen niet bevestigd/);
  });

  it.each([
    ['with another nonce', { nonce: 'x' }],
    ['for another client', { aud: 'other' }],
    ['of an address nobody verified', { email_verified: false }],
    ['that expired', { exp: 1 }],
  ])('does not end well with a token %s', async (_name, twist) => {
    const { browser, google } = await stage();
    google.twist = twist;
    await assertPage(await browser.ask(await toGoogle(browser)), 400, /did not confirm/);
  });

  it('with a code that was tampered with ends in nothing', async () => {
    const { browser } = await stage();
    const path = await toGoogle(browser);
    await assertPage(await browser.ask(path.replace(/code=[^&]+/, 'code=other')), 400, /did not confirm/);
  });

  it.each(['token', 'keys', 'hangs'] as const)(
    'says that Google does not answer (%s), and counts it as nobody’s fault',
    async (fault) => {
      const service = await stage();
      const path = await toGoogle(service.browser);
      service.google.fault = fault;
      await assertPage(await service.browser.ask(path), 503, /does not answer/);
      expect(await failures(service)).toBe(0);
    },
  );

  it('is for nobody else: unknown, not spelled so, or given to somebody else, all in the same words', async () => {
    const { browser, google, deps } = await stage();
    expect((await browser.ask(await toGoogle(browser))).status).toBe(303);
    const pages = [];
    for (const person of [
      { sub: '2', email: PIET },
      { sub: '2', email: JAN },
      { sub: '1', email: 'JAN@example.nl' },
      { sub: '3', email: 'a/b@example.nl' },
    ]) {
      google.person = person;
      const response = await browser.ask(await toGoogle(browser));
      expect(response.status).toBe(401);
      pages.push(await response.text());
    }
    expect(new Set(pages).size).toBe(1);
    expect(await deps.store.users(5)).toEqual([JAN]);
  });

  it('too often in vain is told to wait, and how long, while whoever may come in is let in', async () => {
    const { browser, google, clock } = await stage();
    google.person = { sub: '2', email: PIET };
    const fail = () => browser.ask('/oauth/google/callback?state=x');
    const statuses = [];
    for (let i = 0; i < 65; i += 1) statuses.push((await fail()).status);
    expect(statuses.slice(0, 30)).toEqual(statuses.slice(0, 30).map(() => 400));
    clock.advance(20_000);
    const told = await fail();
    expect([told.status, told.headers.get('retry-after')]).toEqual([429, '40']);
    google.person = { sub: '1', email: JAN };
    expect((await browser.ask(await toGoogle(browser))).status).toBe(303);
  });

  it.each(['text/html', 'application/json'])('begun too often is told to wait, and how long, in %s', async (accept) => {
    const { browser, clock } = await stage();
    const begin = () => browser.ask('/signin/google', { headers: { accept } });
    for (let i = 0; i < 60; i += 1) expect((await begin()).status).toBe(302);
    clock.advance(15_000);
    const told = await begin();
    expect([told.status, told.headers.get('retry-after')]).toEqual([429, '45']);
    clock.advance(45_000);
    expect((await begin()).status).toBe(302);
  });

  it('leaves nothing behind in the store', async () => {
    const { browser, deps, clock } = await stage();
    for (let i = 0; i < 30; i += 1) await browser.ask('/signin/google');
    clock.advance(10 * MINUTE_MS);
    await browser.ask('/signin/google');
    await browser.ask('/signin/google');
    expect(await deps.store.system.sweep(clock.now(), 100)).toBe(0);
    expect(await deps.store.system.sweep(clock.now() + 10 * MINUTE_MS, 100)).toBe(2);
  });
});

describe('where it is not set up', () => {
  it.each<[string, Partial<HttpOptions>]>([
    ['without a client', { auth: 'required', publicUrl: PUBLIC_URL }],
    ['in open mode', { auth: 'open', publicUrl: 'http://localhost' }],
  ])('beginning says so, to programs and to people: %s', async (_name, options) => {
    const { app } = testApp(options);
    const problem = await app.request('/signin/google');
    expect([problem.status, (await problem.json()) as object]).toMatchObject([503, { code: 'not_configured' }]);
    const page = await app.request('/signin/google', { headers: { accept: 'text/html' } });
    await assertPage(page, 503, /not signed in/);
  });

  it('without an address to come back to, neither', async () => {
    const { browser } = await stage({ publicUrl: null });
    expect((await browser.ask('/signin/google')).status).toBe(503);
    expect(await (await browser.ask('/signin')).text()).not.toContain('/signin/google');
  });

  it('the page tells how to get a link', async () => {
    const { app } = testApp({ auth: 'required' });
    const response = await app.request('/signin');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*form-action 'self'/);
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
    const page = await response.text();
    expect(page).toContain('npm run user -- link');
    expect(page).not.toContain('href="/signin/google');
    expect(page).not.toMatch(/<script|style=| on\w+=/);
  });
});
