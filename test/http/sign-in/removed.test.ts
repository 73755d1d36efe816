/** Of somebody who is removed nothing is left of signing in either: counters, sessions, links, sign-ins under way. */

import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeLink } from '../../../src/actions/sign-in.ts';
import { JAN, PIET } from '../../support/app.ts';
import { Browser } from '../../support/browser.ts';
import { bytesOf } from '../../support/dump.ts';
import { googleApp, type GoogleApp } from '../../support/google-app.ts';
import { exitOf, run } from '../../support/service.ts';
import { bearer } from '../walk/asking.ts';

const PUBLIC_URL = 'https://km.example.nl';
const HASH = hash('sha256', JAN, 'hex');

/** What of somebody the file, and what lies beside it, still holds. */
function tracesIn(path: string): string[] {
  const bytes = bytesOf(path);
  return [JAN, encodeURIComponent(JAN), HASH].filter((trace) => bytes.includes(trace));
}

async function failTo(browser: Browser): Promise<void> {
  const begun = await browser.ask('/signin/google');
  const answered = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
  const back = (answered.headers.get('location') ?? '').slice(PUBLIC_URL.length);
  expect((await browser.ask(back)).status).toBe(401);
}

/** Tokens in use and revoked, a session, a link, failures under the address, and a sign-in that nobody ends. */
async function lived(): Promise<GoogleApp & { readonly token: string }> {
  const service = await googleApp({ publicUrl: PUBLIC_URL, allowedUsers: [PIET] });
  const { app, deps, google, tokenOf } = service;
  const [token, revoked] = [await tokenOf(JAN), await tokenOf(JAN)];
  const id = (await deps.store.tokens.listOf(JAN)).at(-1)?.id;
  await app.request(`/tokens/${id}`, { method: 'DELETE', headers: bearer(revoked) });
  const inside = new Browser(service, PUBLIC_URL);
  await inside.ask(`/signin/link/${await makeLink(deps, JAN)}`, { method: 'POST' });
  await makeLink(deps, JAN);
  const own = await google.idToken({ sub: '1', email: JAN });
  expect((await app.request('/trips', { headers: bearer(own) })).status).toBe(200);
  google.person = { sub: '2', email: JAN };
  const outside = new Browser(service, PUBLIC_URL);
  for (let i = 0; i < 3; i += 1) await failTo(outside);
  await outside.ask(`/signin/google?return_to=${encodeURIComponent(`/trips?user=${JAN}&token=${token}&year=2026`)}`);
  expect((await deps.store.system.get('failures', `user-${HASH}`))?.count).toBe(3);
  return { ...service, token };
}

async function expectNothingLeft({ deps, path }: GoogleApp): Promise<void> {
  expect(tracesIn(path)).toEqual([]);
  const { store } = deps;
  expect(await store.system.get('failures', `user-${HASH}`)).toBeNull();
  for (const shelf of [store.tokens, store.sessions, store.links]) expect(await shelf.listOf(JAN)).toEqual([]);
}

describe('nothing of signing in is left', () => {
  it('after DELETE /me', async () => {
    const service = await lived();
    expect(tracesIn(service.path)).not.toEqual([]);
    const init = { method: 'DELETE', headers: bearer(service.token) };
    expect((await service.app.request('/me', init)).status).toBe(204);
    await expectNothingLeft(service);
  });

  it('after npm run user -- remove', async () => {
    const service = await lived();
    const args = ['remove', JAN, '--delete-data'];
    expect((await exitOf(run('scripts/user.ts', args, { SQLITE_PATH: service.path }))).code).toBe(0);
    await expectNothingLeft(service);
  });
});

it('a sign-in goes on to where it was going, without the address and the token that were in the way', async () => {
  const service = await lived();
  service.google.person = { sub: '3', email: PIET };
  const browser = new Browser(service, PUBLIC_URL);
  const wanted = `/trips?user=${JAN}&%74oken=${service.token}&q=a%20b&year=2026`;
  const begun = await browser.ask(`/signin/google?return_to=${encodeURIComponent(wanted)}`);
  const answered = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
  const back = await browser.ask((answered.headers.get('location') ?? '').slice(PUBLIC_URL.length));
  expect([back.status, back.headers.get('location')]).toEqual([303, '/trips?q=a+b&year=2026']);
});
