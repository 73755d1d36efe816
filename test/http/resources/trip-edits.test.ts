import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, HOUR, NOW, openLogbook } from './logbook.ts';

const DAY_MS = 24 * HOUR;

async function bookedTrip(parts: Parameters<typeof tripOf>[0] = {}) {
  const logbook = openLogbook();
  const trip = tripOf(parts);
  await logbook.book(trip);
  const path = `/trips/${trip.id}`;
  return {
    ...logbook,
    trip,
    path,
    patch: (body: unknown, headers?: Record<string, string>) => logbook.ask(JAN, 'PATCH', path, body, headers),
  };
}

describe('GET /trips/{id}', () => {
  it('answers the trip with the tag of what it shows', async () => {
    const { get, path, trip } = await bookedTrip();
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.body.id).toBe(trip.id);
    expect(answer.headers.get('etag')).toMatch(/^"[\w-]{22}"$/);
    expect((await get(path)).headers.get('etag')).toBe(answer.headers.get('etag'));
  });

  it('answers 304 to whoever holds it already', async () => {
    const { ask, get, path, patch } = await bookedTrip();
    const etag = (await get(path)).headers.get('etag') ?? '';
    expect((await ask(JAN, 'GET', path, undefined, { 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
    await patch({ notes: 'new' });
    expect((await ask(JAN, 'GET', path, undefined, { 'if-none-match': etag })).status).toBe(200);
  });

  it.each(['trip_00000000000000000000', 'x', 'a%2Fb', '..%2F..', '%F0%9F%98%80', 'x'.repeat(2_000)])(
    'answers 404 for %s',
    async (id) => {
      const { get } = openLogbook();
      const answer = await get(`/trips/${id}`);
      expect(answer.status).toBe(404);
      expect(answer.body.code).toBe('not_found');
    },
  );

  it('refuses parameters nobody knows', async () => {
    const { get, path } = await bookedTrip();
    expect(fieldsOf(await get(`${path}?expand=car`))).toEqual(['expand']);
  });
});

describe('PATCH /trips/{id}', () => {
  it('writes every field it may', async () => {
    const { ask, patch, get, path } = await bookedTrip();
    const car = await ask(JAN, 'POST', '/cars', { name: 'Golf' });
    const place = await ask(JAN, 'POST', '/locations', { name: 'Klant', lat: 52, lng: 4 });
    const body = {
      car_id: car.body.id,
      started_at: '2026-03-09T08:00:00+01:00',
      ended_at: '2026-03-09T09:30:00+01:00',
      time_zone: 'europe/london',
      from: { address: ' Damrak 1 ' },
      to: { lat: 52, lng: 4.0001, address: null },
      distance_km: 80.5,
      start_odometer_km: 10_000,
      end_odometer_km: 10_080.5,
      trip_type: 'M',
      business_km: 60.25,
      commute: true,
      purpose: 'Overleg',
      business_partner: 'De Vries BV',
      route_note: 'A4 dicht',
      detour_km: 3.2,
      notes: '',
    };
    const answer = await patch(body);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      ...body,
      started_at: '2026-03-09T07:00:00.000Z',
      ended_at: '2026-03-09T08:30:00.000Z',
      time_zone: 'Europe/London',
      start_time: '07:00',
      from: { lat: null, lng: null, address: 'Damrak 1', location_id: null },
      to: { lat: 52, lng: 4.0001, address: null, location_id: place.body.id },
      distance_source: 'odometer',
      private_km: 20.25,
      classified_by: 'user',
      needs_review: false,
      review_reasons: [],
      notes: null,
    });
    const read = await get(path);
    expect(read.body).toEqual(answer.body);
    expect(read.headers.get('etag')).toBe(answer.headers.get('etag'));
  });

  it('moves the totals to the month, day, car and type it now has', async () => {
    const { ask, get, patch } = await bookedTrip();
    const car = (await ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id;
    const times = { started_at: '2026-02-28T23:30:00Z', ended_at: '2026-03-01T00:30:00Z' };
    await patch({ ...times, time_zone: 'UTC', car_id: car, trip_type: 'P' });
    const { body } = await get('/stats');
    expect(body).toMatchObject({
      total_km: 12.345,
      business_km: 0,
      private_km: 12.345,
      trip_count: 1,
      duration_min: 60,
    });
    expect(body.by_month.map(({ month }: { month: string }) => month)).toEqual(['2026-02']);
    expect(body.by_car[0]).toMatchObject({ car_id: car, trip_count: 1 });
    expect(body.by_type[0]).toMatchObject({ trip_type: 'P', trip_count: 1 });
  });

  it('leaves what nothing was said about, and the feed, alone', async () => {
    const { get, patch, path } = await bookedTrip({ notes: 'kept' });
    const before = await get(path);
    const answer = await patch({});
    expect(answer.body).toEqual(before.body);
    expect((await get('/activity')).body.activity).toHaveLength(1);
    expect((await patch({ purpose: 'x' })).body).toMatchObject({ notes: 'kept', trip_type: 'B' });
  });

  it('says in the feed what it was and what it became, and who did it', async () => {
    const { clock, get, patch, path, trip } = await bookedTrip();
    clock.advance(1_000);
    await patch({ trip_type: 'P' });
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({
      kind: 'changed',
      noun: 'trip',
      noun_id: trip.id,
      by: { kind: 'open' },
      discard: null,
    });
    expect(entry.before.trip_type).toBe('B');
    expect(entry.after).toEqual((await get(path)).body);
    expect(entry.after.updated_at).toBe('2026-03-10T12:00:01.000Z');
  });

  it('with a tag that no longer holds answers 412 and changes nothing', async () => {
    const { get, patch, path } = await bookedTrip();
    const etag = (await get(path)).headers.get('etag') ?? '';
    const first = await patch({ notes: 'first' }, { 'if-match': etag });
    expect(first.status).toBe(200);
    const second = await patch({ notes: 'second' }, { 'if-match': etag });
    expect(second.status).toBe(412);
    expect(second.body.code).toBe('precondition_failed');
    expect((await get(path)).body.notes).toBe('first');
    expect((await patch({ notes: 'third' }, { 'if-match': '*' })).status).toBe(200);
    expect(
      (await patch({ notes: 'fourth' }, { 'if-match': `"other", ${(await get(path)).headers.get('etag')}` })).status,
    ).toBe(200);
  });

  it('answers two changes at once with the same tag once with 200 and once with 412', async () => {
    const { get, patch, path } = await bookedTrip();
    const etag = (await get(path)).headers.get('etag') ?? '';
    const answers = await Promise.all(['a', 'b'].map((notes) => patch({ notes }, { 'if-match': etag })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  });

  it.each<[unknown, string[]]>([
    [{ colour: 'red', id: 'x' }, ['colour', 'id']],
    [{ private: true, distance_km: '5' }, ['distance_km', 'private']],
    [{ distance_km: -1 }, ['distance_km']],
    [{ distance_km: null }, ['distance_km']],
    [{ distance_km: 100_001 }, ['distance_km']],
    [{ end_odometer_km: 10_000_001 }, ['end_odometer_km']],
    [{ started_at: '2026-03-09T08:00:00' }, ['started_at']],
    [{ ended_at: 1_772_437_500 }, ['ended_at']],
    [{ time_zone: 'Mars/Olympus' }, ['time_zone']],
    [{ time_zone: '+01:00' }, ['time_zone']],
    [{ trip_type: 'business' }, ['trip_type']],
    [{ trip_type: null }, ['trip_type']],
    [{ commute: 'yes' }, ['commute']],
    [{ from: { lat: 91, lng: 4 } }, ['from.lat']],
    [{ from: { lat: 52 } }, ['from.lng']],
    [{ to: { lat: null, lng: 4 } }, ['to.lat']],
    [{ to: { city: 'Delft' } }, ['to.city']],
    [{ to: 'Delft' }, ['to']],
    [{ purpose: 'x'.repeat(501) }, ['purpose']],
    [{ purpose: 'half an emoji \ud83d' }, ['purpose']],
    [{ notes: 'a\u0000b' }, ['notes']],
    [{ notes: 7 }, ['notes']],
    [{ car_id: 'a/b' }, ['car_id']],
    [[], ['']],
    ['text', ['']],
  ])('refuses %j with 400', async (body, fields) => {
    const { patch } = await bookedTrip();
    const answer = await patch(body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('invalid_request');
    expect(fieldsOf(answer).toSorted()).toEqual(fields);
  });

  it.each<[object, string[]]>([
    [{ ended_at: '2020-01-01T00:00:00Z' }, ['ended_at']],
    [{ ended_at: '2026-03-10T12:06:00Z' }, ['ended_at']],
    [{ car_id: 'car_of_nobody' }, ['car_id']],
    [{ from: { location_id: 'loc_of_nobody' } }, ['from.location_id']],
    [{ start_odometer_km: 10, end_odometer_km: 9 }, ['end_odometer_km']],
    [{ start_odometer_km: 10, end_odometer_km: 20, distance_km: 10.2 }, ['distance_km']],
    [{ business_km: 3 }, ['business_km']],
    [{ trip_type: 'M', private_km: 13 }, ['private_km']],
    [{ detour_km: 1 }, ['route_note']],
  ])('refuses %j with 422 and changes nothing', async (body, fields) => {
    const { get, patch, path } = await bookedTrip();
    const before = await get(path);
    const answer = await patch(body);
    expect(answer.status).toBe(422);
    expect(answer.body.code).toBe('invalid_request');
    expect(fieldsOf(answer)).toEqual(fields);
    expect((await get(path)).body).toEqual(before.body);
  });

  it('wants JSON that says it is JSON', async () => {
    const { ask, path } = await bookedTrip();
    expect((await ask(JAN, 'PATCH', path, { notes: 'x' }, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await ask(JAN, 'PATCH', path)).status).toBe(415);
    const broken = await ask(JAN, 'PATCH', path, undefined, { 'content-type': 'application/json' });
    expect([broken.status, broken.body.code]).toEqual([400, 'invalid_request']);
    const charset = { 'content-type': 'application/json; charset=utf-8' };
    expect((await ask(JAN, 'PATCH', path, { notes: 'x' }, charset)).status).toBe(200);
  });

  it('knows neither another user’s trip nor the open one', async () => {
    const { app, ask, deps, path, clock } = await bookedTrip();
    await ask(PIET, 'POST', '/cars', { name: 'Polo' });
    expect((await ask(PIET, 'PATCH', path, { notes: 'x' })).status).toBe(404);
    clock.set(NOW + DAY_MS);
    const start = await app.request('/webhook/start', { method: 'POST', headers: { 'x-user-email': JAN } });
    const { trip_id: open } = (await start.json()) as { trip_id: string };
    expect((await ask(JAN, 'PATCH', `/trips/${open}`, { notes: 'x' })).status).toBe(404);
    expect((await ask(JAN, 'DELETE', `/trips/${open}`)).status).toBe(404);
    expect(await deps.store.forUser(JAN).get('active', 'trip_start')).not.toBeNull();
  });
});

describe('DELETE /trips/{id}', () => {
  it('takes the trip and its totals away, its track when that is final, and says so in the feed', async () => {
    const { ask, deps, clock, get, path, trip } = await bookedTrip();
    const store = deps.store.forUser(JAN);
    await ask(JAN, 'PATCH', '/settings', { alarms: false });
    await store.transact(function* (tx) {
      for (let i = 0; i < 250; i += 1) {
        const window = trip.startedAt + i * 120_000;
        const id = `${trip.id}/${String(window).padStart(15, '0')}`;
        tx.put('chunk', id, { window, points: '', count: 0, firstAt: window, lastAt: window });
      }
      return yield* tx.get('user', '');
    });
    expect((await ask(JAN, 'DELETE', path)).status).toBe(204);
    expect((await get(path)).status).toBe(404);
    expect((await get(`${path}/track`)).status).toBe(404);
    expect((await get('/stats')).body).toMatchObject({ total_km: 0, trip_count: 0, by_month: [] });
    expect((await get('/trips')).body.trips).toEqual([]);
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({ kind: 'deleted', noun: 'trip', before: { id: trip.id }, after: null });
    expect((await ask(JAN, 'DELETE', path)).status).toBe(404);

    const tick = async () => {
      await ask(JAN, 'POST', '/scheduler/poll-all');
      return (await store.list('chunk', { order: 'asc', trip: trip.id, limit: 300 })).length;
    };
    clock.advance(30 * DAY);
    expect(await tick()).toBe(250);
    clock.advance(1);
    expect([await tick(), await tick(), await tick()]).toEqual([50, 0, 0]);
    expect(await store.get('idle', 'idle_points')).toBeNull();
  });

  it('heeds If-Match, and strangers find nothing', async () => {
    const { ask, get, path } = await bookedTrip();
    expect((await ask(JAN, 'DELETE', path, undefined, { 'if-match': '"old"' })).status).toBe(412);
    expect((await ask(PIET, 'DELETE', path)).status).toBe(404);
    const etag = (await get(path)).headers.get('etag') ?? '';
    expect((await ask(JAN, 'DELETE', path, undefined, { 'if-match': etag })).status).toBe(204);
  });
});
