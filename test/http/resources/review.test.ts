import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, HOUR, MINUTE, NOW, openLogbook, type Answer, type Logbook } from './logbook.ts';

const iso = (at: number) => new Date(at).toISOString();
const kinds = (answer: Answer): string[] => answer.body.review.map(({ kind }: { kind: string }) => kind);

async function post({ app }: Logbook, action: string, body: object): Promise<unknown> {
  const headers = { 'x-user-email': JAN, 'content-type': 'application/json' };
  const answer = await app.request(`/webhook/${action}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.json();
}

describe('GET /review', () => {
  it('is empty when nothing is to be decided', async () => {
    const { book, get } = openLogbook();
    await book(tripOf({ needsReview: false, reviewReasons: [] }));
    expect((await get('/review')).body).toEqual({ review: [], next_cursor: null });
  });

  it('counts the trips that only lack a class in one entry', async () => {
    const { book, get } = openLogbook();
    await book(...Array.from({ length: 5 }, (_, i) => tripOf({ startedAt: NOW - i * HOUR })));
    expect((await get('/review')).body.review).toEqual([
      {
        id: 'unclassified',
        kind: 'unclassified_trips',
        at: iso(NOW),
        reasons: ['no_rule_matched'],
        actions: ['confirm'],
        event: null,
        trip: null,
        odometer_reading: null,
        gap: null,
        count: 5,
        link: '/trips?needs_review=true',
      },
    ]);
  });

  it('lists a trip with another question by itself, with what settles it', async () => {
    const { ask, book, get } = openLogbook();
    const unknown = tripOf({ reviewReasons: ['no_rule_matched', 'unknown_distance'], distanceSource: 'unknown' });
    const asked = { reviewReasons: ['uncertain_car'], classifiedBy: 'user', setByUser: ['trip_type'] } as const;
    const uncertain = tripOf({ ...asked, startedAt: NOW - DAY });
    await book(unknown, uncertain);
    const { review } = (await get('/review')).body;
    expect(review).toEqual([
      expect.objectContaining({
        id: unknown.id,
        kind: 'trip',
        reasons: unknown.reviewReasons,
        actions: ['confirm', 'passenger'],
      }),
      expect.objectContaining({ id: uncertain.id, actions: ['confirm', 'passenger', 'not_my_car', 'rental'] }),
    ]);
    expect(review[0].trip).toEqual((await get(`/trips/${unknown.id}`)).body);
    await ask(JAN, 'PATCH', `/trips/${uncertain.id}`, { car_id: null });
    await ask(JAN, 'PATCH', `/trips/${unknown.id}`, { distance_km: 5 });
    expect(kinds(await get('/review'))).toEqual(['unclassified_trips']);
    await ask(JAN, 'PATCH', `/trips/${unknown.id}`, { trip_type: 'B' });
    expect(kinds(await get('/review'))).toEqual([]);
  });

  it('lists an end without a start as it came', async () => {
    const logbook = openLogbook();
    await post(logbook, 'end', { lat: 52, lng: 4, device: 'iPhone' });
    const { review } = (await logbook.get('/review')).body;
    expect(review).toEqual([
      expect.objectContaining({
        kind: 'event',
        reasons: ['orphan_end'],
        actions: ['make_trip', 'dismiss'],
        at: iso(NOW),
      }),
    ]);
    expect(review[0].event).toMatchObject({ type: 'end', waiting: 'orphan_end', read: { lat: 52, lng: 4 } });
  });

  it('lists an event that is too old for the rules', async () => {
    const logbook = openLogbook();
    await post(logbook, 'start', { lat: 52, lng: 4, timestamp: iso(NOW - 100 * HOUR) });
    const [entry] = (await logbook.get('/review')).body.review;
    expect(entry).toMatchObject({ kind: 'event', reasons: ['too_old'], at: iso(NOW - 100 * HOUR) });
    expect(entry.actions).toContain('dismiss');
  });

  it('lists a suspicious reading once', async () => {
    const { ask, clock, get } = openLogbook();
    const car = (await ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id;
    await ask(JAN, 'POST', `/cars/${car}/readings`, { odometer_km: 10_000 });
    clock.advance(10 * MINUTE);
    const lower = await ask(JAN, 'POST', `/cars/${car}/readings`, { odometer_km: 9_000 });
    expect(lower.body.suspicious).toBe(true);
    const { review } = (await get('/review')).body;
    expect(review).toEqual([
      expect.objectContaining({
        id: lower.body.id,
        kind: 'odometer_reading',
        reasons: ['suspicious_reading'],
        actions: ['confirm', 'dismiss'],
        odometer_reading: lower.body,
      }),
    ]);
    await ask(JAN, 'DELETE', `/odometer-readings/${lower.body.id}`);
    expect(kinds(await get('/review'))).toEqual([]);
  });

  it('pages through all kinds together, newest first, each once', async () => {
    const logbook = openLogbook();
    const { ask, book, clock, get } = logbook;
    const car = (await ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id;
    await ask(JAN, 'POST', `/cars/${car}/readings`, { odometer_km: 10_000 });
    for (let i = 0; i < 3; i += 1) {
      clock.advance(HOUR);
      await ask(JAN, 'POST', `/cars/${car}/readings`, { odometer_km: 9_000 - i * 1_000 });
      clock.advance(HOUR);
      await post(logbook, 'end', { lat: 52 + i, lng: 4 });
      await book(tripOf({ startedAt: clock.now(), reviewReasons: ['stale'] }));
    }
    await book(tripOf(), tripOf());
    for (const limit of [1, 2, 3, 50]) {
      const seen: { id: string; at: string }[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const answer: Answer = await get(`/review?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        expect(answer.body.review.length).toBeLessThanOrEqual(limit);
        seen.push(...answer.body.review);
        cursor = answer.body.next_cursor;
      }
      expect(seen.map(({ id }) => id)[0]).toBe('unclassified');
      expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
      expect(seen).toHaveLength(10);
      const times = seen.slice(1).map(({ at }) => at);
      expect(times).toEqual(times.toSorted().toReversed());
    }
  });

  it('refuses what it does not know, and is nobody else’s', async () => {
    const { book, get } = openLogbook();
    await book(tripOf());
    expect(fieldsOf(await get('/review?kind=trip&limit=0')).toSorted()).toEqual(['kind', 'limit']);
    expect((await get('/review?cursor=x')).status).toBe(400);
    expect(kinds(await get('/review', PIET))).toEqual([]);
  });
});

describe('GET /events', () => {
  it('shows what came and how it was read', async () => {
    const logbook = openLogbook();
    await post(logbook, 'start', { lat: '52,1', lng: 4, accuracy_m: 12, device: 'My Golf', timestamp: 'now' });
    const { events, next_cursor: next } = (await logbook.get('/events')).body;
    expect(next).toBeNull();
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^evt_/),
        type: 'start',
        at: iso(NOW),
        received_at: iso(NOW),
        device: 'My Golf',
        received: expect.stringContaining('52,1'),
        read: {
          car_id: null,
          lat: 52.1,
          lng: 4,
          accuracy_m: 12,
          speed_kmh: null,
          odometer_km: null,
          state: null,
          time_zone: 'Europe/Amsterdam',
        },
        code: 'started',
        trip_id: expect.stringMatching(/^trip_/),
        duplicate: false,
        warnings: ['timestamp_unreadable'],
        waiting: null,
      },
    ]);
  });

  it('are those of two days, of one device if asked, newest first', async () => {
    const logbook = openLogbook();
    const { ask, clock, get } = logbook;
    const car = (await ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id;
    await post(logbook, 'end', { device: 'old phone' });
    clock.advance(47 * HOUR);
    await post(logbook, 'start', { device: 'Golf', lat: 52, lng: 4 });
    clock.advance(30 * MINUTE);
    await ask(JAN, 'POST', `/cars/${car}/readings`, { odometer_km: 500, state: 'driving' });
    clock.advance(MINUTE);
    await post(logbook, 'end', { device: 'Golf', lat: 52.2, lng: 4 });
    const types = async (query: string) =>
      (await get(`/events${query}`)).body.events.map(({ type }: { type: string }) => type);
    expect(await types('')).toEqual(['end', 'car_reading', 'start', 'end']);
    expect(await types('?device=Golf')).toEqual(['end', 'start']);
    clock.advance(HOUR);
    expect(await types('')).toEqual(['end', 'car_reading', 'start']);
    const first = await get('/events?limit=2');
    expect(await types(`?limit=2&cursor=${first.body.next_cursor}`)).toEqual(['start']);
    const [, reading] = (await get('/events')).body.events;
    expect(reading.read).toMatchObject({ car_id: car, odometer_km: 500, state: 'driving' });
  });

  it('refuse what they do not know, and are nobody else’s', async () => {
    const logbook = openLogbook();
    await post(logbook, 'start', {});
    expect(fieldsOf(await logbook.get('/events?device=&from=x')).toSorted()).toEqual(['device', 'from']);
    expect((await logbook.get('/events', PIET)).body.events).toEqual([]);
  });
});
