/** What an account is exported with can be shown around: nothing in it opens anything. */

import { expect, test } from 'vitest';
import { makeLink, openSession } from '../../../src/actions/sign-in.ts';
import { tokenHash } from '../../../src/actions/tokens.ts';
import { JAN, testApp } from '../../support/app.ts';
import { HIDDEN, HIDEOUT, simulator } from '../../support/connections.ts';

const DRIVE = { starts_at: '2026-03-10T13:00:00Z', duration_min: 30, distance_km: 20, to: HIDEOUT };

test('an export holds no token, session or link, nor their hashes, and nothing of what opens a car', async () => {
  const { app, deps, tokenOf } = testApp({ auth: 'required' });
  const token = await tokenOf(JAN);
  const ask = (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return app.request(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  };
  const car = (await (await ask('POST', '/cars', { name: 'Golf' })).json()) as { id: string };
  const connected = await ask('PUT', `/cars/${car.id}/connection`, simulator({ drives: [DRIVE] }));
  expect(connected.status).toBe(200);
  const passes = [token, await openSession(deps, JAN), await makeLink(deps, JAN)];
  const sealed = await deps.store.forUser(JAN).list('secret', { order: 'asc', limit: 10 });
  expect(sealed).toHaveLength(1);

  const exported = await (await ask('GET', '/me/export')).text();
  for (const there of ['Golf', '"label":"test"', JAN]) expect(exported).toContain(there);
  const hidden = [...passes, ...passes.map(tokenHash), ...HIDDEN, ...sealed.map(({ doc }) => doc.sealed.text)];
  expect(hidden.filter((text) => exported.includes(text))).toEqual([]);
});
