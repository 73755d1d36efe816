/** What machines ask, and that the description says what the service does. */

import { describe, expect, it } from 'vitest';
import type { Description } from '../../src/http/openapi.ts';
import { operationsOf } from '../../src/http/openapi.ts';
import { SCOPES } from '../../src/domain/tokens.ts';
import { jsonOf } from '../support/answers.ts';
import { JAN, testApp } from '../support/app.ts';
import { googleApp } from '../support/google-app.ts';

const PROBES = ['/health', '/healthz', '/ready', '/readyz', '/version'];

describe('a probe', () => {
  it.each(PROBES)('%s needs no credential', async (path) => {
    const { app } = testApp({ auth: 'required' });
    expect((await app.request(path)).status).toBe(200);
    const head = await app.request(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('learns that the process lives without asking the store', async () => {
    const { app, deps } = testApp();
    await deps.store.close();
    expect(await (await app.request('/health')).json()).toEqual({ ok: true });
  });

  it('learns that the store is gone, and why only the log does', async () => {
    const { app, deps, log } = testApp({ auth: 'required' });
    expect(await (await app.request('/ready')).json()).toEqual({ ok: true });
    await deps.store.close();
    const response = await app.request('/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ok: false });
    expect(log.lines.filter(({ severity }) => severity === 'ERROR')).not.toEqual([]);
  });

  it('hears details in required mode when it is the scheduler, and nobody else does', async () => {
    const scheduler = { serviceAccount: 'ticker@project.iam.gserviceaccount.com', audience: 'https://km.example.nl' };
    const { app, google, deps, tokenOf } = await googleApp({ scheduler });
    const tick = { sub: '9', email: scheduler.serviceAccount, aud: scheduler.audience };
    const ready = async (credential: string | null) => {
      const headers: Record<string, string> = credential === null ? {} : { authorization: `Bearer ${credential}` };
      const answers = ['/ready', '/readyz'].map(async (path) => jsonOf(app.request(path, { headers })));
      const [told, alias] = await Promise.all(answers);
      expect(alias).toEqual(told);
      return told;
    };
    const details = { store: 'sqlite', store_state: 'ok', auth: 'required' };
    expect(await ready(await google.idToken(tick))).toEqual({ ok: true, ...details });
    const person = { sub: '1', email: JAN };
    for (const credential of [
      null,
      await tokenOf(JAN),
      await google.idToken(person),
      await google.idToken({ ...person, aud: scheduler.audience }),
      await google.idToken({ ...tick, aud: 'https://other.example.nl' }),
      (await google.idToken(tick)).replace(/[^.]*$/, 'SIGNATURE_REMOVED_BY_GOOGLE'),
    ]) {
      expect(await ready(credential)).toEqual({ ok: true });
    }
    google.fault = 'keys';
    expect(await ready('eyJhbGciOiJSUzI1NiIsImtpZCI6Im5ldyJ9.e30.c2ln')).toEqual({ ok: true });
    google.fault = 'none';
    await deps.store.close();
    expect(await ready(await google.idToken(tick))).toEqual({ ok: false, ...details, store_state: 'unreachable' });
    expect(await ready(null)).toEqual({ ok: false });
  });

  it('hears details in open mode', async () => {
    const { app } = testApp();
    const details = { ok: true, store: 'sqlite', store_state: 'ok', auth: 'open' };
    expect(await (await app.request('/ready')).json()).toEqual(details);
    expect(await (await app.request('/version')).json()).toEqual({ name: 'mileage-logbook', version: '9.9.9' });
  });
});

const RESOURCES = [
  '/trips',
  '/trips/{id}',
  '/trips/{id}/track',
  '/trips/active',
  '/events',
  '/stats',
  '/settings',
  '/locations',
  '/locations/{id}',
  '/cars',
  '/cars/{id}',
  '/cars/{id}/readings',
  '/odometer-readings',
  '/odometer-readings/{id}',
  '/activity',
  '/review',
];

describe('the description', () => {
  async function description(auth: 'open' | 'required' = 'open'): Promise<Description> {
    const response = await testApp({ auth }).app.request('/openapi.json');
    expect(response.status).toBe(200);
    return jsonOf(response);
  }

  it('is OpenAPI 3.1 whose references lead somewhere', async () => {
    const all = await description('required');
    expect(all.openapi).toBe('3.1.0');
    const text = JSON.stringify(all);
    const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => all.components?.schemas?.[name ?? ''] === undefined)).toEqual([]);
  });

  it('holds every path the contract has by now', async () => {
    expect(Object.keys((await description()).paths ?? {})).toEqual(
      expect.arrayContaining([
        ...['start', 'ping', 'end', 'finalize', 'cancel', 'status'].map((action) => `/webhook/${action}`),
        ...RESOURCES,
        ...PROBES,
        '/scheduler/poll-all',
      ]),
    );
  });

  it('describes only what is served', async () => {
    const { app } = testApp();
    for (const { method, path } of operationsOf(await description())) {
      const response = await app.request(path.replaceAll(/\{\w+\}/g, 'x'), { method: method.toUpperCase() });
      expect([method, path, response.status === 405]).toEqual([method, path, false]);
      if (response.status === 404)
        expect((await jsonOf<{ detail: string }>(response)).detail).not.toMatch(/^There is no \//);
    }
  });

  it('says truly which scope each request needs, and which need none', async () => {
    const service = testApp({ auth: 'required' });
    for (const { method, path, operation } of operationsOf(await description('required'))) {
      // Anew for each: one of the routes deletes whoever asks.
      const tokens = new Map<string, string>();
      for (const scope of SCOPES) tokens.set(scope, await service.tokenOf(JAN, { scopes: [scope] }));
      const url = path.replaceAll(/\{\w+\}/g, 'x');
      const ask = async (token?: string) => {
        const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
        return (await service.app.request(url, { method: method.toUpperCase(), headers })).status;
      };
      const needed = (operation.security ?? []).flatMap((schemes) => Object.values(schemes)).flat()[0];
      const isFree = operation.security?.length === 0;
      // What lies in the path of a link is the credential.
      if (method === 'post' && path === '/signin/link/{token}') continue;
      expect([method, path, (await ask()) === 401]).toEqual([method, path, !isFree]);
      if (isFree || path.startsWith('/scheduler/')) continue;
      for (const [scope, token] of tokens) {
        expect([method, path, scope, (await ask(token)) === 403]).toEqual([method, path, scope, scope !== needed]);
      }
    }
  });
});
