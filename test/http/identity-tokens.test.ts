/** Who comes with an ID token of Google's: let in as the person it speaks of, or refused without a word too much. */

import { describe, expect, it } from 'vitest';
import { addUser, removeUser } from '../../src/actions/users.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { jsonOf } from '../support/answers.ts';
import { JAN, PIET } from '../support/app.ts';
import type { Claims } from '../support/google.ts';
import { googleApp, type GoogleApp } from '../support/google-app.ts';

const MINUTE_MS = 60_000;

async function stage(options: Partial<HttpOptions> = {}, clientId?: null) {
  const service = await googleApp(options, clientId);
  const ask = async (claims: Claims, path = '/trips', init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${await service.google.idToken(claims)}`, ...init.headers };
    return service.app.request(path, { ...init, headers });
  };
  return { ...service, ask };
}

async function told(response: Response): Promise<object> {
  const { code, detail } = await jsonOf<{ code?: string; detail?: string }>(response);
  return { status: response.status, code, detail };
}

describe('an ID token', () => {
  it('of a user is the user, on every route of its own', async () => {
    const { ask, deps } = await stage();
    await addUser(deps, JAN);
    const person = { sub: '1', email: JAN };
    expect((await ask(person)).status).toBe(200);
    expect((await ask(person, '/tokens')).status).toBe(200);
    expect((await ask(person, '/webhook/start', { method: 'POST' })).status).toBe(200);
    expect((await ask(person, `/trips?user=${JAN}`)).status).toBe(200);
    const settings = { method: 'PATCH', body: '{"language":"nl"}', headers: { 'content-type': 'application/json' } };
    expect((await ask(person, '/settings', settings)).status).toBe(200);
    expect((await deps.store.forUser(JAN).get('user', ''))?.settings.language).toBe('nl');
  });

  it('of an allowed address makes its logbook, which nobody else’s does', async () => {
    const { ask, deps } = await stage({ allowedUsers: ['@example.nl', PIET] });
    expect((await ask({ sub: '1', email: JAN })).status).toBe(200);
    expect(await told(await ask({ sub: '2', email: 'x@sub.example.nl' }))).toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
    expect(await told(await ask({ sub: '2', email: 'x@notexample.nl' }))).toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
    expect(await deps.store.users(5)).toEqual([JAN]);
  });

  it('is refused in the same words whether the address is unknown, not itself, or given to somebody else', async () => {
    const { ask, deps, clock } = await stage();
    await addUser(deps, JAN);
    expect((await ask({ sub: '1', email: JAN })).status).toBe(200);
    clock.advance(2 * MINUTE_MS);
    const reassigned = await told(await ask({ sub: '2', email: JAN }));
    expect(reassigned).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(await told(await ask({ sub: '1', email: PIET }))).toEqual(reassigned);
    expect(await told(await ask({ sub: '1', email: 'Jan@example.nl' }))).toEqual(reassigned);
    expect(await told(await ask({ sub: '1', email: `mailto:${JAN}` }))).toEqual(reassigned);
    expect(await told(await ask({ sub: '1', email: JAN, aud: 'other' }))).toEqual(reassigned);
    expect(await told(await ask({ sub: '1', email: JAN, email_verified: false }))).toEqual(reassigned);
    expect((await ask({ sub: '1', email: JAN })).status).toBe(200);
  });

  it('names its owner alone', async () => {
    const { ask, deps } = await stage();
    await addUser(deps, JAN);
    await addUser(deps, PIET);
    const known = await told(await ask({ sub: '1', email: JAN }, `/trips?user=${PIET}`));
    expect(known).toMatchObject({ status: 403, code: 'user_mismatch' });
    expect(await told(await ask({ sub: '1', email: JAN }, '/trips?user=nobody@example.nl'))).toEqual(known);
  });

  it('comes as a bearer, and alone', async () => {
    const { app, google, deps, tokenOf } = await stage();
    const device = await tokenOf(JAN);
    await addUser(deps, JAN);
    const token = await google.idToken({ sub: '1', email: JAN });
    const ask = async (path: string, headers: Record<string, string>) => (await app.request(path, { headers })).status;
    expect(await ask('/trips', { authorization: `bearer  ${token}` })).toBe(200);
    expect(await ask(`/trips?token=${token}`, {})).toBe(401);
    expect(await ask('/trips', { 'x-api-key': token })).toBe(401);
    expect(await ask('/trips', { authorization: token })).toBe(401);
    expect(await ask('/trips', { authorization: `Bearer ${token}`, 'x-api-key': device })).toBe(401);
  });

  it('opens nothing where no client is set up', async () => {
    const { ask, deps, google } = await stage({}, null);
    await addUser(deps, JAN);
    expect(await told(await ask({ sub: '1', email: JAN }))).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(await told(await ask({ sub: '1', email: JAN, aud: '' }))).toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
    expect(google.asked.keys).toBe(0);
  });

  it('that nobody can check just now is told to come again, and never let in', async () => {
    const { ask, deps, google } = await stage();
    await addUser(deps, JAN);
    google.fault = 'keys';
    expect(await told(await ask({ sub: '1', email: JAN }))).toMatchObject({ status: 503, code: 'busy_try_again' });
  });

  it('stops with its user, and with its time', async () => {
    const { app, google, deps, clock } = await stage();
    await addUser(deps, JAN);
    const headers = { authorization: `Bearer ${await google.idToken({ sub: '1', email: JAN })}` };
    expect((await app.request('/trips', { headers })).status).toBe(200);
    clock.advance(62 * MINUTE_MS);
    expect((await app.request('/trips', { headers })).status).toBe(401);
    const fresh = { authorization: `Bearer ${await google.idToken({ sub: '1', email: JAN })}` };
    expect((await app.request('/trips', { headers: fresh })).status).toBe(200);
    await removeUser(deps.store, null, JAN);
    clock.advance(MINUTE_MS);
    expect((await app.request('/trips', { headers: fresh })).status).toBe(401);
  });

  it('stands in no log and in no answer', async () => {
    const { app, google, log } = await stage();
    const token = await google.idToken({ sub: '1', email: JAN });
    const response = await app.request('/trips', { headers: { authorization: `Bearer ${token}` } });
    const said = JSON.stringify(log.lines) + (await response.text());
    for (const part of [...token.split('.'), JAN]) expect(said).not.toContain(part);
  });

  it('that fails too often from one place is told to wait, while a good one is let in', async () => {
    const { ask, deps, clock } = await stage();
    await addUser(deps, JAN);
    const statuses = new Map<number, number>();
    const fail = (n: number) => ask({ sub: '1', email: JAN, aud: 'other', jti: n });
    for (let i = 0; i < 70; i += 1) {
      const { status } = await fail(i);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(statuses.get(401)).toBeGreaterThanOrEqual(30);
    clock.advance(MINUTE_MS - 7_001);
    const waiting = await fail(70);
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([429, '8']);
    expect((await ask({ sub: '1', email: JAN })).status).toBe(200);
    clock.advance(7_001);
    expect((await fail(71)).status).toBe(401);
  });
});

describe('somebody the configuration names no longer', () => {
  async function cameBySignIn({ deps }: Pick<GoogleApp, 'deps'>): Promise<void> {
    await deps.store.forUser(JAN).transact(function* (tx) {
      const user = yield* tx.get('user', '');
      if (user) tx.put('user', '', { ...user, addedBy: 'sign_in' });
    });
  }

  it('is shut out, whatever the person carries', async () => {
    const { ask, deps, tokenOf, app } = await stage();
    const token = await tokenOf(JAN);
    await cameBySignIn({ deps });
    expect((await ask({ sub: '1', email: JAN })).status).toBe(401);
    expect((await app.request('/trips', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  });

  it('stays when added by command', async () => {
    const { ask, deps } = await stage();
    await addUser(deps, JAN);
    await cameBySignIn({ deps });
    expect(await addUser(deps, JAN)).toBe(false);
    expect((await ask({ sub: '1', email: JAN })).status).toBe(200);
  });
});
