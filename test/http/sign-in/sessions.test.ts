/** Links and sessions: used once, good for their time, for pages of ours, and over when they are signed out. */

import { describe, expect, it } from 'vitest';
import { makeLink } from '../../../src/actions/sign-in.ts';
import { addUser, removeUser } from '../../../src/actions/users.ts';
import type { HttpOptions } from '../../../src/http/options.ts';
import { createApp } from '../../../src/app.ts';
import { jsonOf } from '../../support/answers.ts';
import { JAN, OPTIONS, PIET, testApp } from '../../support/app.ts';
import { Browser } from '../../support/browser.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

async function stage(options: Partial<HttpOptions> = {}) {
  const service = testApp({ auth: 'required', ...options });
  await addUser(service.deps, JAN);
  await addUser(service.deps, PIET);
  const signIn = async (user: string, origin?: string) => {
    const browser = new Browser(service, origin);
    const answer = await browser.ask(`/signin/link/${await makeLink(service.deps, user)}`, { method: 'POST' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/signin']);
    return browser;
  };
  return { ...service, signIn };
}

async function statusOf(browser: Browser, path = '/trips', method = 'GET', headers: Record<string, string> = {}) {
  return (await browser.fetch(path, { method, headers })).status;
}

describe('a link', () => {
  it('is looked at without being used up, and says nothing of what it is worth', async () => {
    const service = await stage();
    const path = `/signin/link/${await makeLink(service.deps, JAN)}`;
    const browser = new Browser(service);
    const looks = [await browser.ask(path), await browser.ask(path), await browser.ask('/signin/link/unknown')];
    const pages = await Promise.all(looks.map((look) => look.text()));
    expect(new Set(pages).size).toBe(1);
    expect(looks.map(({ headers }) => headers.get('referrer-policy'))).toEqual(looks.map(() => 'same-origin'));
    expect((await browser.ask(path, { method: 'POST' })).status).toBe(303);
    expect(await statusOf(browser)).toBe(200);
  });

  it('works once', async () => {
    const service = await stage();
    const path = `/signin/link/${await makeLink(service.deps, JAN)}`;
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await new Browser(service).ask(path, { method: 'POST' })).status),
    );
    expect(statuses.toSorted()).toEqual([303, 401, 401]);
  });

  it('works for a quarter of an hour, and for a user who is still there', async () => {
    const { deps, clock, ...service } = await stage();
    const follow = async (secret: string) =>
      (await new Browser(service).ask(`/signin/link/${secret}`, { method: 'POST' })).status;
    const [old, gone] = [await makeLink(deps, JAN), await makeLink(deps, PIET)];
    await removeUser(deps.store, null, PIET);
    expect(await follow(gone)).toBe(401);
    clock.advance(15 * MINUTE_MS);
    expect(await follow(old)).toBe(401);
    expect(await follow('x')).toBe(401);
  });

  it('is not followed on behalf of a page elsewhere', async () => {
    const { deps, ...service } = await stage();
    const path = `/signin/link/${await makeLink(deps, JAN)}`;
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'http://sub.localhost', 'sec-fetch-site': 'same-site' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
    ]) {
      const browser = new Browser(service);
      expect((await browser.ask(path, { method: 'POST', headers })).status).toBe(401);
      expect(browser.cookies.size).toBe(0);
    }
    expect((await new Browser(service).ask(path, { method: 'POST' })).status).toBe(303);
  });

  it('makes the logbook of whom the configuration names', async () => {
    const service = testApp({ auth: 'required', allowedUsers: ['@example.nl'] });
    const path = `/signin/link/${await makeLink(service.deps, JAN)}`;
    expect((await new Browser(service).ask(path, { method: 'POST' })).status).toBe(303);
    expect(await service.deps.store.users(5)).toEqual([JAN]);
  });

  it('tried in vain too often is told to wait, while a good one works', async () => {
    const { deps, clock, ...service } = await stage();
    const follow = (secret: string, headers = {}) =>
      new Browser(service).ask(`/signin/link/${secret}`, { method: 'POST', headers });
    const answers = [];
    for (let i = 0; i < 65; i += 1) answers.push(await follow(`guess-${i}`));
    expect(answers.slice(0, 30).every(({ status }) => status === 401)).toBe(true);
    expect(answers[0]?.headers.get('retry-after')).toBeNull();
    expect([answers.at(-1)?.status, answers.at(-1)?.headers.get('retry-after')]).toEqual([429, '60']);
    clock.advance(12_500);
    for (const headers of [{}, { accept: '*/*' }]) {
      const told = await follow('guess', headers);
      expect([told.status, told.headers.get('retry-after')]).toEqual([429, '48']);
    }
    expect((await follow(await makeLink(deps, JAN))).status).toBe(303);
    clock.advance(47_500);
    expect((await follow('guess')).status).toBe(401);
  });
});

describe('a session', () => {
  it('may do everything of its own user', async () => {
    const { signIn } = await stage();
    const browser = await signIn(JAN);
    for (const path of ['/trips', '/tokens', '/settings', `/trips?user=${JAN}`])
      expect(await statusOf(browser, path)).toBe(200);
    const headers = { 'content-type': 'application/json' };
    const place = { method: 'POST', headers, body: '{"name":"Home","lat":52.1,"lng":5.1}' };
    expect((await browser.fetch('/locations', place)).status).toBe(201);
    const feed = await jsonOf<{ activity: { by: object }[] }>(await browser.fetch('/activity'));
    expect(feed.activity[0]?.by).toEqual({ kind: 'session', token_id: null, label: null });
    expect(await statusOf(browser, `/trips?user=${PIET}`)).toBe(403);
    expect(await statusOf(browser, '/trips?user=nobody@example.nl')).toBe(403);
  });

  it.each([
    ['http://localhost', null, /^session=[\w-]{43}; Max-Age=7776000; Path=\/; HttpOnly; SameSite=Lax$/],
    ['https://km.nl', null, /^__Host-session=[\w-]{43}; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Lax$/],
    ['http://localhost', 'https://km.nl', /^__Host-session=.*; Secure/],
  ])('lies in a cookie no script reads: %s, %s', async (origin, publicUrl, cookie) => {
    const { signIn } = await stage({ publicUrl });
    const browser = await signIn(JAN, origin);
    expect(browser.set.at(-1)).toMatch(cookie);
  });

  it('is no credential on the routes of phones, nor is a session’s secret one as a token', async () => {
    const { signIn, app } = await stage();
    const browser = await signIn(JAN);
    for (const action of ['start', 'ping', 'end'])
      expect(await statusOf(browser, `/webhook/${action}`, 'POST')).toBe(401);
    expect(await statusOf(browser, '/webhook/status')).toBe(401);
    expect(await statusOf(browser, '/scheduler/poll-all', 'POST')).toBe(401);
    const secret = browser.cookies.get('session') ?? '';
    for (const headers of [{ authorization: `Bearer ${secret}` }, { 'x-api-key': secret }]) {
      expect((await app.request('/trips', { headers })).status).toBe(401);
    }
  });

  it('that has ended is told to sign in again, not to send a token', async () => {
    const { signIn, app } = await stage();
    const browser = await signIn(JAN);
    const cookie = `session=${browser.cookies.get('session')}`;
    await browser.fetch('/signout', { method: 'POST' });
    const refused = await app.request('/trips', { headers: { cookie } });
    expect([refused.status, await refused.text()]).toEqual([401, expect.stringContaining('Sign in again at /signin')]);
  });

  it.each<[string, Record<string, string>, number]>([
    ['of ours', {}, 200],
    ['of ours, in an older browser', { 'sec-fetch-site': '' }, 200],
    ['elsewhere', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 401],
    ['elsewhere that hides it', { origin: 'https://evil.example', 'sec-fetch-site': '' }, 401],
    ['of a neighbour', { origin: 'http://other.localhost', 'sec-fetch-site': 'same-site' }, 401],
    ['on another port', { origin: 'http://localhost:81', 'sec-fetch-site': 'same-site' }, 401],
    ['without an origin', { origin: 'null', 'sec-fetch-site': '' }, 401],
    ['that says nothing', { origin: '', 'sec-fetch-site': '' }, 401],
  ])('changes things from a page %s: %o', async (_name, said, status) => {
    const { signIn, app } = await stage();
    const browser = await signIn(JAN);
    const cookie = `session=${browser.cookies.get('session')}`;
    const own = { origin: browser.origin, 'sec-fetch-site': 'same-origin', ...said };
    const kept = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
    const headers = { cookie, 'content-type': 'application/json', ...kept };
    const response = await app.request('/settings', { method: 'PATCH', headers, body: '{"language":"nl"}' });
    expect(response.status).toBe(status);
    expect((await app.request('/trips', { headers: { cookie } })).status).toBe(200);
  });

  it('changes things over https only where that is how the service is reached', async () => {
    const { signIn } = await stage({ publicUrl: 'https://km.nl' });
    const browser = await signIn(JAN, 'https://km.nl');
    const patch = { method: 'PATCH', body: '{"language":"nl"}' };
    const headers = { 'content-type': 'application/json' };
    expect((await browser.fetch('/settings', { ...patch, headers })).status).toBe(200);
    expect(
      (await browser.fetch('/settings', { ...patch, headers: { ...headers, origin: 'http://km.nl' } })).status,
    ).toBe(401);
  });

  it('and a token that is sent must be one person’s', async () => {
    const { signIn, tokenOf } = await stage();
    const browser = await signIn(JAN);
    const [own, other] = [await tokenOf(JAN, { scopes: ['events'] }), await tokenOf(PIET)];
    expect(await statusOf(browser, '/trips', 'GET', { authorization: `Bearer ${other}` })).toBe(401);
    expect(await statusOf(browser, '/trips', 'GET', { authorization: `Bearer ${own}` })).toBe(403);
    expect(await statusOf(browser, '/trips', 'GET', { authorization: 'Bearer nonsense' })).toBe(401);
  });

  it('lives for ninety days, thirty without use', async () => {
    const { signIn, clock } = await stage();
    const [used, idle] = [await signIn(JAN), await signIn(JAN)];
    const started = clock.now();
    const at = async (ms: number, ...browsers: Browser[]) => {
      clock.set(started + ms);
      const statuses = await Promise.all(browsers.map((browser) => statusOf(browser)));
      // The use is noted behind the answer.
      await new Promise((noted) => setTimeout(noted, 20));
      return statuses;
    };
    expect(await at(0, used, idle)).toEqual([200, 200]);
    expect(await at(29 * DAY_MS, used)).toEqual([200]);
    expect(await at(30 * DAY_MS, used, idle)).toEqual([200, 401]);
    expect(await at(59 * DAY_MS, used)).toEqual([200]);
    expect(await at(88 * DAY_MS, used)).toEqual([200]);
    expect(await at(90 * DAY_MS - 1, used)).toEqual([200]);
    expect(await at(90 * DAY_MS, used)).toEqual([401]);
  });

  it('is not taken from a cookie another host of the domain can set', async () => {
    const { signIn } = await stage();
    const browser = await signIn(JAN, 'https://km.nl');
    const secret = browser.cookies.get('__Host-session') ?? '';
    browser.cookies.clear();
    browser.cookies.set('session', secret);
    expect(await statusOf(browser)).toBe(401);
    browser.cookies.set('__Host-session', secret);
    expect(await statusOf(browser)).toBe(200);
  });

  it('ends with its user', async () => {
    const { signIn, deps, clock } = await stage();
    const browser = await signIn(JAN);
    expect(await statusOf(browser)).toBe(200);
    await removeUser(deps.store, null, JAN);
    clock.advance(MINUTE_MS);
    expect(await statusOf(browser)).toBe(401);
  });

  it('is replaced, not added to, when the same browser signs in again', async () => {
    const { signIn, deps } = await stage();
    const browser = await signIn(JAN);
    const before = `session=${browser.cookies.get('session')}`;
    await browser.ask(`/signin/link/${await makeLink(deps, JAN)}`, { method: 'POST' });
    expect(browser.cookies.get('session')).not.toBe(before.slice('session='.length));
    expect(await deps.store.sessions.listOf(JAN)).toHaveLength(1);
  });

  it('stands in no log', async () => {
    const { signIn, log } = await stage();
    const browser = await signIn(JAN);
    await browser.fetch('/trips');
    const said = JSON.stringify(log.lines);
    expect(said).not.toContain(browser.cookies.get('session'));
    expect(said).not.toContain(JAN);
    expect(said).toContain('/signin/link/:token');
  });
});

describe('signing out', () => {
  it('ends this session at once, and the others live on', async () => {
    const { signIn } = await stage();
    const [here, there] = [await signIn(JAN), await signIn(JAN)];
    const stolen = here.cookies.get('session') ?? '';
    expect(await statusOf(here)).toBe(200);
    const answer = await here.fetch('/signout', { method: 'POST' });
    expect(await jsonOf(answer)).toEqual({ ok: true, sessions_ended: 1 });
    expect(here.cookies.size).toBe(0);
    here.cookies.set('session', stolen);
    expect(await statusOf(here)).toBe(401);
    expect(await statusOf(there)).toBe(200);
  });

  it('everywhere ends them all, and nobody else’s', async () => {
    const { signIn } = await stage();
    const [here, there, other] = [await signIn(JAN), await signIn(JAN), await signIn(PIET)];
    for (const browser of [here, there, other]) expect(await statusOf(browser)).toBe(200);
    const answer = await here.fetch('/signout?everywhere=true', { method: 'POST' });
    expect(await jsonOf(answer)).toEqual({ ok: true, sessions_ended: 2 });
    expect(await Promise.all([here, there, other].map((browser) => statusOf(browser)))).toEqual([401, 401, 200]);
  });

  it('counts on other instances within a minute', async () => {
    const service = await stage();
    const elsewhere = { app: createApp(service.deps, { ...OPTIONS, auth: 'required' }) };
    const here = await service.signIn(JAN);
    const there = new Browser(elsewhere);
    there.cookies.set('session', here.cookies.get('session') ?? '');
    expect(await statusOf(there)).toBe(200);
    await here.fetch('/signout', { method: 'POST' });
    service.clock.advance(MINUTE_MS);
    expect(await statusOf(there)).toBe(401);
  });

  it('from the page leads back to it, signed in or not any more', async () => {
    const { signIn } = await stage();
    const browser = await signIn(JAN);
    for (const path of ['/signout', '/signout?everywhere=true', '/signout']) {
      const answer = await browser.ask(path, { method: 'POST' });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/signin']);
    }
    expect(await (await browser.ask('/signin')).text()).not.toContain(JAN);
  });

  it('is not done for a page elsewhere, nor by a GET, nor by a phone', async () => {
    const { signIn, app, tokenOf } = await stage();
    const browser = await signIn(JAN);
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await browser.ask('/signout', { method: 'POST', headers })).status).toBe(401);
    expect((await browser.fetch('/signout', { method: 'POST', headers })).status).toBe(401);
    expect((await browser.fetch('/signout')).status).toBe(405);
    const token = await tokenOf(JAN, { scopes: ['events', 'read', 'write'] });
    const phone = { method: 'POST', headers: { authorization: `Bearer ${token}` } };
    expect((await app.request('/signout?everywhere=true', phone)).status).toBe(403);
    expect((await app.request('/signout', { method: 'POST' })).status).toBe(401);
    expect(await statusOf(browser)).toBe(200);
  });

  it('refuses what it does not understand', async () => {
    const { signIn } = await stage();
    const browser = await signIn(JAN);
    expect((await browser.fetch('/signout?everywhere=yes', { method: 'POST' })).status).toBe(400);
    expect(await statusOf(browser)).toBe(200);
  });
});
