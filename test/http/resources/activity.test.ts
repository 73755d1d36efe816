import { describe, expect, it } from 'vitest';
import { JAN, PIET, testApp } from '../../support/app.ts';
import { fieldsOf, MINUTE, openLogbook } from './logbook.ts';

describe('GET /activity', () => {
  it('tells of a drive that is no trip, with the reason', async () => {
    const { app, clock, get } = openLogbook();
    const post = (action: string) =>
      app.request(`/webhook/${action}`, { method: 'POST', headers: { 'x-user-email': JAN } });
    const { trip_id: id } = (await (await post('start')).json()) as { trip_id: string };
    clock.advance(MINUTE);
    await post('cancel');
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({
      kind: 'discarded',
      noun: 'trip',
      noun_id: id,
      before: null,
      after: null,
      discard: { trip_id: id, reason: 'cancelled', started_at: '2026-03-10T12:00:00.000Z', car_id: null },
    });
  });

  it('tells a trip the rules booked from one a person changed', async () => {
    const { app, ask, clock, get } = openLogbook();
    const post = (action: string, lat: number) =>
      app.request(`/webhook/${action}`, {
        method: 'POST',
        headers: { 'x-user-email': JAN, 'content-type': 'application/json' },
        body: JSON.stringify({ lat, lng: 4 }),
      });
    await post('start', 52);
    clock.advance(20 * MINUTE);
    await post('end', 52.2);
    const [trip] = (await get('/trips')).body.trips;
    clock.advance(MINUTE);
    await ask(JAN, 'PATCH', `/trips/${trip.id}`, { purpose: 'beurs' });
    const { activity } = (await get('/activity')).body;
    expect(activity.map(({ kind, by }: { kind: string; by: object }) => [kind, by])).toEqual([
      ['changed', { kind: 'open', token_id: null, label: null }],
      ['created', { kind: 'rules', token_id: null, label: null }],
    ]);
    expect(activity[1].after).toEqual(trip);
  });

  it('names the token that did it, and never its secret', async () => {
    const service = testApp({ auth: 'required' });
    const secret = await service.tokenOf(JAN);
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'Thuis', lat: 52, lng: 4 });
    expect((await service.app.request('/locations', { method: 'POST', headers, body })).status).toBe(201);
    const answer = await service.app.request('/activity', { headers });
    const text = await answer.text();
    const [entry] = JSON.parse(text).activity;
    expect(entry.by).toEqual({ kind: 'token', token_id: expect.stringMatching(/^tok_/), label: 'test' });
    expect(text).not.toContain(secret.slice(4));
  });

  it('pages newest first', async () => {
    const { ask, clock, get } = openLogbook();
    for (const name of ['a', 'b', 'c']) {
      clock.advance(1_000);
      await ask(JAN, 'POST', '/locations', { name, lat: 52, lng: 4 });
    }
    const first = await get('/activity?limit=2');
    const second = await get(`/activity?limit=2&cursor=${first.body.next_cursor}`);
    const names = [...first.body.activity, ...second.body.activity].map(({ after }) => after.name);
    expect([names, second.body.next_cursor]).toEqual([['c', 'b', 'a'], null]);
    expect((await get('/activity', PIET)).body.activity).toEqual([]);
    expect(fieldsOf(await get('/activity?limit=x&kind=created')).toSorted()).toEqual(['kind', 'limit']);
  });
});
