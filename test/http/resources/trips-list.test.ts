import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, HOUR, NOW, openLogbook, type Answer } from './logbook.ts';

const ids = (answer: Answer): string[] => answer.body.trips.map(({ id }: { id: string }) => id);

describe('GET /trips', () => {
  it('answers an empty list to somebody nobody knows, and makes no logbook of it', async () => {
    const { get, deps } = openLogbook();
    const answer = await get('/trips', 'new@example.nl');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ trips: [], next_cursor: null });
    expect(await deps.store.users(10)).toEqual([]);
  });

  it('shows every field of a trip, in kilometres, ISO 8601 and local time', async () => {
    const { book, get } = openLogbook();
    const startedAt = Date.parse('2026-03-01T23:30:00Z');
    const from = { lat: 52.1, lng: 4.3, address: 'Damrak 1', locationId: 'loc_1' };
    const stop = { arrivedAt: startedAt + 60_000, leftAt: startedAt + 120_000, ...from };
    const trip = tripOf({ startedAt, endedAt: startedAt + 3_630_000, from, stops: [stop], detourMetres: 1_500 });
    await book({
      ...trip,
      type: 'M',
      businessMetres: 10_000,
      startOdometerMetres: 100_000,
      endOdometerMetres: 112_345,
    });
    expect((await get('/trips')).body.trips[0]).toEqual({
      id: trip.id,
      car_id: null,
      started_at: '2026-03-01T23:30:00.000Z',
      ended_at: '2026-03-02T00:30:30.000Z',
      ended_at_estimated: false,
      time_zone: 'Europe/Amsterdam',
      date: '2026-03-02',
      start_time: '00:30',
      end_time: '01:30',
      duration_min: 61,
      from: { lat: 52.1, lng: 4.3, address: 'Damrak 1', location_id: 'loc_1' },
      to: null,
      stops: [
        {
          arrived_at: '2026-03-01T23:31:00.000Z',
          left_at: '2026-03-01T23:32:00.000Z',
          lat: 52.1,
          lng: 4.3,
          address: 'Damrak 1',
          location_id: 'loc_1',
        },
      ],
      distance_km: 12.345,
      distance_source: 'gps',
      start_odometer_km: 100,
      end_odometer_km: 112.345,
      start_odometer_estimated: false,
      odometer_pending: false,
      gps_distance_km: 12.345,
      route_distance_km: null,
      trip_type: 'M',
      business_km: 10,
      private_km: 2.345,
      commute: false,
      classified_by: 'default',
      needs_review: true,
      review_reasons: ['no_rule_matched'],
      purpose: null,
      business_partner: null,
      route_note: null,
      detour_km: 1.5,
      notes: null,
      opened_by: 'phone',
      closed_by: 'phone',
      reconstructed: false,
      locked: false,
      created_at: '2026-03-01T23:30:00.000Z',
      updated_at: '2026-03-01T23:30:00.000Z',
    });
  });

  it('pages newest first without losing or doubling a trip while others are booked', async () => {
    const { book, get } = openLogbook();
    const trips = Array.from({ length: 7 }, (_, i) => tripOf({ startedAt: NOW - (i + 1) * DAY }));
    await book(...trips);
    const seen: string[] = [];
    let path = '/trips?limit=3';
    for (let page = 0; page < 3; page += 1) {
      const answer = await get(path);
      seen.push(...ids(answer));
      await book(tripOf({ startedAt: NOW - page * HOUR }), tripOf({ startedAt: NOW - 2 * DAY + page }));
      path = `/trips?limit=3&cursor=${answer.body.next_cursor}`;
      if (page === 2) expect(answer.body.next_cursor).toBeNull();
    }
    expect(seen).toEqual(trips.map(({ id }) => id));
  });

  it('pages through trips that began at one instant', async () => {
    const { book, get } = openLogbook();
    await book(tripOf(), tripOf(), tripOf());
    const first = await get('/trips?limit=2');
    const second = await get(`/trips?limit=2&cursor=${first.body.next_cursor}`);
    expect(new Set([...ids(first), ...ids(second)]).size).toBe(3);
    expect(second.body.next_cursor).toBeNull();
  });

  it('takes days as the trip has them, in its own zone', async () => {
    const { book, get } = openLogbook();
    const honolulu = tripOf({ startedAt: Date.parse('2026-03-02T09:30:00Z'), timeZone: 'Pacific/Honolulu' });
    const auckland = tripOf({ startedAt: Date.parse('2026-02-28T11:30:00Z'), timeZone: 'Pacific/Auckland' });
    const utc = tripOf({ startedAt: Date.parse('2026-03-02T00:00:00Z'), timeZone: 'UTC' });
    await book(honolulu, auckland, utc);
    expect(ids(await get('/trips?from=2026-03-01&to=2026-03-01'))).toEqual([honolulu.id, auckland.id]);
    expect(ids(await get('/trips?from=2026-03-02'))).toEqual([utc.id]);
    expect(ids(await get('/trips?to=2026-02-28'))).toEqual([]);
    expect(ids(await get('/trips?year=2026&month=3'))).toHaveLength(3);
    expect(ids(await get('/trips?year=2026&month=2'))).toEqual([]);
    expect(ids(await get('/trips?year=2025'))).toEqual([]);
  });

  it('goes on behind a page that began inside a period', async () => {
    const { book, get } = openLogbook();
    const trips = Array.from({ length: 5 }, (_, i) => tripOf({ startedAt: NOW - (i + 1) * DAY }));
    await book(...trips);
    const period = 'from=2026-03-06&to=2026-03-09&limit=2';
    const first = await get(`/trips?${period}`);
    const second = await get(`/trips?${period}&cursor=${first.body.next_cursor}`);
    expect([...ids(first), ...ids(second)]).toEqual(trips.slice(0, 4).map(({ id }) => id));
    expect(second.body.next_cursor).toBeNull();
  });

  it('filters by car, type and need of review', async () => {
    const { book, get } = openLogbook();
    const business = tripOf({ carId: 'car_1', startedAt: NOW - DAY });
    const done = tripOf({ carId: 'car_1', type: 'P', needsReview: false, reviewReasons: [], startedAt: NOW - 2 * DAY });
    await book(business, done, tripOf({ carId: 'car_2', type: 'M', startedAt: NOW - 3 * DAY }));
    expect(ids(await get('/trips?car_id=car_1'))).toEqual([business.id, done.id]);
    expect(ids(await get('/trips?car_id=car_1&trip_type=P'))).toEqual([done.id]);
    expect(ids(await get('/trips?needs_review=false'))).toEqual([done.id]);
    expect(ids(await get('/trips?needs_review=true&trip_type=B'))).toEqual([business.id]);
    expect(ids(await get('/trips?car_id=car_of_nobody'))).toEqual([]);
  });

  it('finds words in addresses, location names, purpose, partner and notes', async () => {
    const { ask, book, get } = openLogbook();
    const named = await ask(JAN, 'POST', '/locations', { name: 'Café Zürich', lat: 52, lng: 4 });
    const nowhere = { lat: null, lng: null, address: null, locationId: null };
    const atCafe = tripOf({ to: { ...nowhere, locationId: named.body.id }, startedAt: NOW - DAY });
    const damrak = tripOf({ from: { ...nowhere, address: 'Damrak 1, Amsterdam' }, startedAt: NOW - 2 * DAY });
    const visit = tripOf({
      purpose: 'Offerte',
      businessPartner: 'De Vries BV',
      notes: 'bonnetje 12',
      startedAt: NOW - 3 * DAY,
    });
    await book(atCafe, damrak, visit);
    expect(ids(await get('/trips?q=cafe+ZURICH'))).toEqual([atCafe.id]);
    expect(ids(await get('/trips?q=damrak'))).toEqual([damrak.id]);
    expect(ids(await get('/trips?q=vries%20offerte'))).toEqual([visit.id]);
    expect(ids(await get('/trips?q=bonnetje'))).toEqual([visit.id]);
    expect(ids(await get('/trips?q=vries%20damrak'))).toEqual([]);
  });

  it('finds a rare trip behind many that do not match', async () => {
    const { book, get } = openLogbook();
    const old = tripOf({ startedAt: NOW - 900 * DAY, purpose: 'beurs' });
    await book(old, ...Array.from({ length: 450 }, (_, i) => tripOf({ startedAt: NOW - i * HOUR })));
    expect(ids(await get('/trips?q=beurs'))).toEqual([old.id]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=', 'limit'],
    ['limit=5&limit=6', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['cursor=', 'cursor'],
    ['month=3', 'month'],
    ['year=2026&month=13', 'month'],
    ['year=99999', 'year'],
    ['year=2026&from=2026-01-01', 'year'],
    ['from=2026-02-30', 'from'],
    ['from=01-02-2026', 'from'],
    ['from=2026-03-02&to=2026-03-01', 'to'],
    ['trip_type=X', 'trip_type'],
    ['needs_review=1', 'needs_review'],
    ['car_id=a%2Fb', 'car_id'],
    ['q=', 'q'],
    ['colour=red', 'colour'],
  ])('refuses %s with 400 and names %s', async (query, field) => {
    const { get } = openLogbook();
    const answer = await get(`/trips?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body.code).toBe('invalid_request');
    expect(fieldsOf(answer)).toEqual([field]);
    expect(answer.body.errors[0].message).not.toBe('');
  });

  it('names every wrong parameter at once', async () => {
    const { get } = openLogbook();
    expect(fieldsOf(await get('/trips?limit=0&trip_type=X&a=1&b=2')).toSorted()).toEqual([
      'a',
      'b',
      'limit',
      'trip_type',
    ]);
  });

  it('refuses a cursor that lost or changed a character', async () => {
    const { book, get } = openLogbook();
    await book(tripOf(), tripOf());
    const { next_cursor: cursor } = (await get('/trips?limit=1')).body;
    for (let i = 0; i < cursor.length - 1; i += 1) {
      const other = cursor[i] === 'A' ? 'B' : 'A';
      const changed = await get(`/trips?cursor=${cursor.slice(0, i)}${other}${cursor.slice(i + 1)}`);
      expect(changed.status).toBe(400);
      expect(fieldsOf(changed)).toEqual(['cursor']);
    }
    expect((await get(`/trips?cursor=${cursor.slice(0, -4)}`)).status).toBe(400);
    expect((await get(`/trips?cursor=${cursor.slice(1)}`)).status).toBe(400);
  });

  it('takes user and token on every route, and limit 1 and 200', async () => {
    const { get } = openLogbook();
    expect((await get('/trips?user=jan@example.nl&token=mlg_x&limit=200')).status).toBe(200);
    expect((await get('/trips?user=jan@example.nl&user=jan@example.nl&limit=1')).status).toBe(200);
  });

  it('shows nobody else', async () => {
    const { book, get } = openLogbook();
    await book(tripOf());
    expect(ids(await get('/trips', PIET))).toEqual([]);
  });
});
