/** What a phone notices of a logbook that moves to another address while it drives: nothing. */

import { expect, test } from 'vitest';
import { renameUser } from '../../src/actions/rename.ts';
import { tripsOf } from '../support/book.ts';
import { testApp } from '../support/app.ts';

const OLD = 'old@example.nl';
const NEW = 'new@example.nl';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('events that come meanwhile are all recorded, and the token belongs to the new address', async () => {
  const { app, tokenOf, deps, clock } = testApp({ auth: 'required' });
  const token = await tokenOf(OLD);
  const told: number[] = [];
  const send = async (what: string, body: object) => {
    const headers = { ...bearer(token), 'content-type': 'application/json' };
    const answer = await app.request(`/webhook/${what}`, { method: 'POST', headers, body: JSON.stringify(body) });
    told.push(answer.status);
  };
  await send('start', { lat: 52, lng: 5 });
  const state = { moved: false };
  const moving = renameUser(deps, { from: OLD, to: NEW }).then(() => {
    state.moved = true;
  });
  let sent = 0;
  while (!state.moved || sent < 10) {
    clock.advance(20_000);
    sent += 1;
    await send('ping', { lat: 52 + sent / 200, lng: 5 });
  }
  await moving;
  clock.advance(60_000);
  await send('end', { lat: 53, lng: 5 });
  expect(new Set(told)).toEqual(new Set([200]));
  expect(await deps.store.users(5)).toEqual([NEW]);
  const [trip, ...more] = await tripsOf(deps.store.forUser(NEW));
  expect(more).toEqual([]);
  const rows = await deps.store.forUser(NEW).list('chunk', { order: 'asc', limit: 500, trip: trip?.id ?? '' });
  expect(rows.reduce((sum, { doc }) => sum + doc.count, 0)).toBe(sent + 2);
  const { user } = (await (await app.request('/me', { headers: bearer(token) })).json()) as { user: string };
  expect(user).toBe(NEW);
  expect((await app.request(`/me?user=${OLD}`, { headers: bearer(token) })).status).toBe(403);
});

test('an event that comes while the old logbook is held waits, and one of nobody does not', async () => {
  const { app, tokenOf, deps } = testApp({ auth: 'required' });
  const token = await tokenOf(OLD);
  const user = deps.store.forUser(OLD);
  await user.transact(function* (tx) {
    const known = yield* tx.get('user', '');
    if (known) tx.put('user', '', { ...known, moving: { to: NEW, until: null } });
  });
  const waiting = app.request('/webhook/start', { method: 'POST', headers: bearer(token) });
  setTimeout(() => {
    void user.transact(function* (tx) {
      const known = yield* tx.get('user', '');
      if (known) tx.put('user', '', { ...known, moving: { to: NEW, until: 0 } });
    });
  }, 300);
  expect(await (await waiting).json()).toMatchObject({ code: 'started' });
  await deps.store.removeUser(OLD);
  const startedMs = performance.now();
  expect((await app.request('/webhook/end', { method: 'POST', headers: bearer(token) })).status).toBe(401);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});
