import { describe, expect, it } from 'vitest';
import type { Fix } from '../../../src/domain/events.ts';
import { chunkOf } from '../../../src/domain/points.ts';
import { windowOf } from '../../../src/domain/track.ts';
import type { Trip } from '../../../src/domain/trips.ts';
import { JAN, PIET } from '../../support/app.ts';
import { dump } from '../../support/dump.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, HOUR, MINUTE, NOW, openLogbook, type Answer, type Logbook } from './logbook.ts';

const START = NOW - 5 * HOUR;
const iso = (at: number) => new Date(at).toISOString();
const minute = (nth: number) => START + nth * MINUTE;

/** North at a constant pace, a point a minute. */
function fixAt(nth: number): Fix {
  return { at: minute(nth), lat: 52 + nth / 100, lng: 4, accuracyMetres: 5, speedKmh: null };
}

async function keepTrack({ deps }: Logbook, tripId: string, fixes: readonly Fix[]) {
  await deps.store.forUser(JAN).transact(function* (tx) {
    for (const [window, some] of Map.groupBy(fixes, ({ at }) => windowOf(at))) {
      const chunk = chunkOf(some);
      if (chunk) tx.put('chunk', `${tripId}/${String(window).padStart(15, '0')}`, chunk);
    }
    return yield* tx.get('user', '');
  });
}

/** As a trip of a closed month is. */
async function lock({ deps }: Logbook, id: string) {
  await deps.store.forUser(JAN).transact(function* (tx) {
    const trip = yield* tx.get('trip', id);
    if (trip) tx.put('trip', id, { ...trip, locked: true });
  });
}

const minutes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Of somebody who was here before. */
async function known(): Promise<Logbook> {
  const logbook = openLogbook();
  await logbook.ask(JAN, 'PATCH', '/settings', { language: 'nl' });
  return logbook;
}

async function driven(parts: Partial<Trip> = {}): Promise<Logbook & { readonly id: string }> {
  const logbook = await known();
  const trip = tripOf({ startedAt: START, endedAt: minute(40), distanceMetres: 44_480, ...parts });
  await logbook.book(trip);
  await keepTrack(logbook, trip.id, minutes(0, 40).map(fixAt));
  return { ...logbook, id: trip.id };
}

const split = ({ ask }: Logbook, id: string, body: object, headers = {}) =>
  ask(JAN, 'POST', `/trips/${id}/split`, body, headers);
const merge = ({ ask }: Logbook, ids: readonly string[], query = '') =>
  ask(JAN, 'POST', `/trips/merge${query}`, { ids });
const timesOf = async ({ get }: Logbook, id: string): Promise<string[]> =>
  (await get(`/trips/${id}/track`)).body.properties.times;
/** What is stored, but for the feed and when it was written. */
function kept({ storePath }: Logbook): string {
  const documents = Object.entries(dump(storePath, JAN)).filter(([key]) => !/^(activity|memory|idle)\//.test(key));
  return JSON.stringify(documents).replaceAll(/"updatedAt":\d+/g, '');
}
const total = async ({ get }: Logbook) => {
  const { total_km: km, business_km: business, trip_count: trips } = (await get('/stats')).body;
  return { km, business, trips };
};
const undone = async ({ ask, get }: Logbook): Promise<Answer> => {
  const [last] = (await get('/activity?limit=1')).body.activity;
  return ask(JAN, 'POST', `/activity/${last.id}/undo`);
};

describe('POST /trips/{id}/split', () => {
  it('cuts at an instant: distance by the track, the place between the two fixes, one track for both', async () => {
    const logbook = await driven({ purpose: 'visit', detourMetres: 1_001, routeNote: 'flood' });
    const answer = await split(logbook, logbook.id, { at: iso(minute(10) + 30_000) });
    expect(answer.status).toBe(200);
    const [first, second] = answer.body.trips;
    expect([first.id, first.started_at, first.ended_at]).toEqual([logbook.id, iso(START), iso(minute(10) + 30_000)]);
    expect([second.started_at, second.ended_at]).toEqual([first.ended_at, iso(minute(40))]);
    expect(first.to).toEqual({ lat: 52.105, lng: 4, address: null, location_id: null });
    expect(second.from).toEqual(first.to);
    expect(first.distance_km).toBeCloseTo((44.48 * 10.5) / 40, 1);
    expect(first.distance_km + second.distance_km).toBeCloseTo(44.48, 9);
    expect(first.detour_km + second.detour_km).toBeCloseTo(1.001, 9);
    expect([first.purpose, second.purpose, second.route_note]).toEqual(['visit', 'visit', 'flood']);
    expect([first.closed_by, second.opened_by, second.created_at]).toEqual(['user', 'user', iso(NOW)]);
    expect(first.review_reasons).not.toContain('estimated_distance');
    expect(await timesOf(logbook, first.id)).toEqual(minutes(0, 10).map((nth) => iso(minute(nth))));
    expect(await timesOf(logbook, second.id)).toEqual(minutes(11, 40).map((nth) => iso(minute(nth))));
    expect((await logbook.get(`/trips/${second.id}/track?format=gpx`)).text.match(/<trkpt/g)).toHaveLength(30);
    expect(await total(logbook)).toEqual({ km: 44.48, business: 44.48, trips: 2 });
  });

  it('cuts at a point of the track, as often as one likes, and recognises where that is', async () => {
    const logbook = await driven();
    const { body: depot } = await logbook.ask(JAN, 'POST', '/locations', { name: 'Depot', lat: 52.2, lng: 4 });
    const [first, second] = (await split(logbook, logbook.id, { track_point: 20 })).body.trips;
    expect([first.ended_at, second.started_at]).toEqual([iso(minute(20)), iso(minute(20))]);
    expect([first.to.location_id, second.from.location_id]).toEqual([depot.id, depot.id]);
    const [, third] = (await split(logbook, second.id, { track_point: 5 })).body.trips;
    expect([third.started_at, third.distance_km > 16]).toEqual([iso(minute(25)), true]);
    expect(await timesOf(logbook, third.id)).toHaveLength(16);
    expect((await total(logbook)).km).toBe(44.48);
  });

  it('takes the kilometres it is told, and goes on with the odometer', async () => {
    const logbook = await driven({
      startOdometerMetres: 1_000_000,
      endOdometerMetres: 1_044_480,
      distanceSource: 'odometer',
    });
    const [first, second] = (await split(logbook, logbook.id, { at: iso(minute(10)), distance_km: 12.5 })).body.trips;
    expect([first.distance_km, second.distance_km]).toEqual([12.5, 31.98]);
    expect([first.start_odometer_km, first.end_odometer_km]).toEqual([1_000, 1_012.5]);
    expect([second.start_odometer_km, second.end_odometer_km]).toEqual([1_012.5, 1_044.48]);
    expect([first.start_odometer_estimated, second.start_odometer_estimated]).toEqual([false, true]);
    expect([first.distance_source, second.distance_source]).toEqual(['manual', 'manual']);
  });

  it('in a stop ends with it and goes on behind it, at its place', async () => {
    const stop = { lat: 52.3, lng: 4, address: 'Pump 1', locationId: null };
    const stops = [
      { ...stop, arrivedAt: minute(5), leftAt: minute(6) },
      { ...stop, arrivedAt: minute(19), leftAt: minute(23) },
      { ...stop, arrivedAt: minute(30), leftAt: minute(31) },
    ];
    const logbook = await driven({ stops });
    const [first, second] = (await split(logbook, logbook.id, { at: iso(minute(20)) })).body.trips;
    expect([first.ended_at, second.started_at]).toEqual([iso(minute(19)), iso(minute(23))]);
    expect([first.to.address, second.from.address]).toEqual(['Pump 1', 'Pump 1']);
    expect([first.stops.length, second.stops.length]).toEqual([1, 1]);
    expect(first.distance_km + second.distance_km).toBeCloseTo(44.48, 9);
  });

  it('without a track divides by time and says so', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ startedAt: START, endedAt: minute(40), distanceMetres: 10_001 });
    await logbook.book(trip);
    const [first, second] = (await split(logbook, trip.id, { at: iso(minute(10)) })).body.trips;
    expect([first.distance_km, second.distance_km]).toEqual([2.5, 7.501]);
    for (const part of [first, second]) expect(part.review_reasons).toContain('estimated_distance');
    expect(first.to).toBeNull();
  });

  it('keeps a class given by hand, metre by metre', async () => {
    const logbook = await driven();
    await logbook.ask(JAN, 'PATCH', `/trips/${logbook.id}`, { trip_type: 'M', business_km: 13.337 });
    const parts = (await split(logbook, logbook.id, { track_point: 7 })).body.trips;
    expect(parts.map(({ trip_type: type }: { trip_type: string }) => type)).toEqual(['M', 'M']);
    expect(parts.map(({ classified_by: by }: { classified_by: string }) => by)).toEqual(['user', 'user']);
    expect(await total(logbook)).toEqual({ km: 44.48, business: 13.337, trips: 2 });
  });

  it('is undone and done again, exactly', async () => {
    const logbook = await driven({ purpose: 'visit' });
    const before = kept(logbook);
    await split(logbook, logbook.id, { at: iso(minute(10)) });
    const after = kept(logbook);
    expect((await undone(logbook)).status).toBe(200);
    expect(kept(logbook)).toBe(before);
    expect((await undone(logbook)).status).toBe(200);
    expect(kept(logbook)).toBe(after);
  });

  it.each<[object, number, string]>([
    [{}, 400, 'at'],
    [{ at: iso(minute(1)), track_point: 1 }, 400, 'track_point'],
    [{ at: 'noon' }, 400, 'at'],
    [{ track_point: -1 }, 400, 'track_point'],
    [{ track_point: 1.5 }, 400, 'track_point'],
    [{ at: iso(minute(1)), distance_km: -1 }, 400, 'distance_km'],
    [{ at: iso(minute(1)), km: 1 }, 400, 'km'],
    [{ at: iso(START) }, 422, 'at'],
    [{ at: iso(minute(40)) }, 422, 'at'],
    [{ track_point: 0 }, 422, 'track_point'],
    [{ track_point: 41 }, 422, 'track_point'],
    [{ at: iso(minute(1)), distance_km: 44.481 }, 422, 'distance_km'],
  ])('refuses %j with %i, naming %s', async (body, status, field) => {
    const logbook = await driven();
    const before = kept(logbook);
    const answer = await split(logbook, logbook.id, body);
    expect([answer.status, fieldsOf(answer)]).toEqual([status, [field]]);
    expect(kept(logbook)).toBe(before);
  });

  it('of a trip that changed, is closed, or is another’s, does nothing', async () => {
    const logbook = await driven();
    const body = { at: iso(minute(10)) };
    expect((await split(logbook, logbook.id, body, { 'if-match': '"old"' })).status).toBe(412);
    const { headers } = await logbook.get(`/trips/${logbook.id}`);
    expect((await logbook.ask(PIET, 'POST', `/trips/${logbook.id}/split`, body)).status).toBe(404);
    expect((await split(logbook, logbook.id, body, { 'if-match': headers.get('etag') ?? '' })).status).toBe(200);
    const closed = await driven();
    await lock(closed, closed.id);
    const answer = await split(closed, closed.id, body);
    expect([answer.status, answer.body.code]).toEqual([409, 'month_closed']);
  });
});

const HOME = { lat: 52, lng: 4, address: 'Home', locationId: null };
const SHOP = { lat: 52.1, lng: 4, address: 'Shop', locationId: null };
const MILL = { lat: 52.2, lng: 4, address: 'Mill', locationId: null };

/** Home to shop, half an hour there, shop to mill. */
function two(first: Partial<Trip> = {}, second: Partial<Trip> = {}): [Trip, Trip] {
  return [
    tripOf({ startedAt: START, endedAt: minute(10), from: HOME, to: SHOP, distanceMetres: 11_000, ...first }),
    tripOf({ startedAt: minute(40), endedAt: minute(50), from: SHOP, to: MILL, distanceMetres: 12_000, ...second }),
  ];
}

async function neighbours(first: Partial<Trip> = {}, second: Partial<Trip> = {}) {
  const logbook = await known();
  const trips = two(first, second);
  await logbook.book(...trips);
  await keepTrack(logbook, trips[0].id, minutes(0, 10).map(fixAt));
  await keepTrack(logbook, trips[1].id, minutes(40, 50).map(fixAt));
  return { ...logbook, ids: trips.map(({ id }) => id) };
}

describe('POST /trips/merge', () => {
  it('makes neighbours one, with the pause as a stop and all their points', async () => {
    const logbook = await neighbours({ purpose: 'milk' }, { purpose: 'flour', notes: 'rain' });
    const answer = await merge(logbook, logbook.ids.toReversed());
    expect(answer.status).toBe(200);
    const { trip } = answer.body;
    expect([trip.id, trip.started_at, trip.ended_at]).toEqual([logbook.ids[0], iso(START), iso(minute(50))]);
    expect([trip.from.address, trip.to.address, trip.distance_km]).toEqual(['Home', 'Mill', 23]);
    expect(trip.stops).toEqual([
      { arrived_at: iso(minute(10)), left_at: iso(minute(40)), lat: 52.1, lng: 4, address: 'Shop', location_id: null },
    ]);
    expect([trip.purpose, trip.notes, trip.distance_source]).toEqual(['milk; flour', 'rain', 'gps']);
    expect(trip.review_reasons).not.toContain('estimated_distance');
    expect(await timesOf(logbook, trip.id)).toEqual([...minutes(0, 10), ...minutes(40, 50)].map((n) => iso(minute(n))));
    expect((await logbook.get(`/trips/${logbook.ids[1]}`)).status).toBe(404);
    expect(await total(logbook)).toEqual({ km: 23, business: 23, trips: 1 });
  });

  it('goes by the odometers, with what lay between', async () => {
    const logbook = await neighbours(
      { startOdometerMetres: 500_000, endOdometerMetres: 511_000, carId: 'car_a' },
      { startOdometerMetres: 514_000, endOdometerMetres: 526_000, type: 'P', businessMetres: 0 },
    );
    const { trip } = (await merge(logbook, logbook.ids)).body;
    expect([trip.distance_km, trip.distance_source, trip.car_id]).toEqual([26, 'odometer', 'car_a']);
    expect([trip.start_odometer_km, trip.end_odometer_km]).toEqual([500, 526]);
  });

  it('bridges ends that lie apart, and says that it is an estimate', async () => {
    const logbook = await neighbours({ to: HOME, distanceSource: 'manual' }, { distanceSource: 'route' });
    const { trip } = (await merge(logbook, logbook.ids)).body;
    expect(trip.distance_km).toBeCloseTo(23 + 11.12 * 1.3, 1);
    expect([trip.distance_source, trip.review_reasons]).toEqual([
      'route',
      expect.arrayContaining(['estimated_distance']),
    ]);
  });

  it('of different classes is mixed when one was given by hand, with all business kilometres', async () => {
    const logbook = await neighbours();
    await logbook.ask(JAN, 'PATCH', `/trips/${logbook.ids[1]}`, { trip_type: 'P' });
    const { trip } = (await merge(logbook, logbook.ids)).body;
    expect([trip.trip_type, trip.business_km, trip.private_km, trip.classified_by]).toEqual(['M', 11, 12, 'user']);
  });

  it('tried out changes nothing and answers the same', async () => {
    const logbook = await neighbours();
    const before = JSON.stringify(dump(logbook.storePath, JAN));
    const trial = await merge(logbook, logbook.ids, '?dry_run=true');
    expect(JSON.stringify(dump(logbook.storePath, JAN))).toBe(before);
    expect((await merge(logbook, logbook.ids)).body).toEqual(trial.body);
  });

  it('is undone and done again, exactly, as one entry', async () => {
    const logbook = await neighbours({ purpose: 'milk' }, { purpose: 'flour' });
    const before = kept(logbook);
    await merge(logbook, logbook.ids);
    const after = kept(logbook);
    const [entry] = (await logbook.get('/activity?limit=1')).body.activity;
    expect([entry.kind, entry.cause, entry.id]).toEqual(['changed', 'merge', entry.id]);
    expect((await undone(logbook)).status).toBe(200);
    expect(kept(logbook)).toBe(before);
    expect(await timesOf(logbook, logbook.ids[1] ?? '')).toHaveLength(11);
    expect((await undone(logbook)).status).toBe(200);
    expect(kept(logbook)).toBe(after);
  });

  it('and what is left of a split bring their points to another logbook', async () => {
    const logbook = await neighbours();
    const merged = (await merge(logbook, logbook.ids)).body.trip;
    const later = tripOf({ startedAt: minute(60), endedAt: minute(90) });
    await logbook.book(later);
    await keepTrack(logbook, later.id, minutes(60, 90).map(fixAt));
    const [, left] = (await split(logbook, later.id, { at: iso(minute(75)) })).body.trips;
    await logbook.ask(JAN, 'DELETE', `/trips/${later.id}`);
    const taken = (await logbook.get('/me/export')).text;
    const there = { app: logbook.app, headers: { 'x-user-email': PIET, 'content-type': 'application/json' } };
    const brought = await there.app.request('/me/import', { method: 'POST', headers: there.headers, body: taken });
    expect(brought.status).toBe(200);
    for (const { id } of [merged, left]) {
      const [here, same] = [await logbook.get(`/trips/${id}/track`), await logbook.get(`/trips/${id}/track`, PIET)];
      expect(here.body.geometry.coordinates.length).toBeGreaterThan(15);
      expect(same.body).toEqual(here.body);
    }
  });

  it('of the parts of a split is the trip it was, on its own track', async () => {
    const logbook = await driven();
    const parts = (await split(logbook, logbook.id, { track_point: 20 })).body.trips;
    const { trip } = (
      await merge(
        logbook,
        parts.map(({ id }: { id: string }) => id),
      )
    ).body;
    expect([trip.id, trip.distance_km, trip.stops]).toEqual([logbook.id, 44.48, []]);
    expect(await timesOf(logbook, trip.id)).toHaveLength(41);
    expect(await logbook.deps.store.forUser(JAN).get('trip', trip.id)).not.toHaveProperty('tracks');
  });

  it('refuses what are no neighbours of one car, naming what stands in the way', async () => {
    const logbook = await neighbours({ carId: 'car_a' }, { carId: 'car_b' });
    const cars = await merge(logbook, logbook.ids);
    expect([cars.status, fieldsOf(cars), cars.body.errors[0].message]).toEqual([
      422,
      ['ids'],
      expect.stringContaining('car_a, car_b'),
    ]);
    const apart = await neighbours();
    const other = tripOf({ startedAt: minute(20), endedAt: minute(25) });
    await apart.book(other);
    const between = await merge(apart, apart.ids);
    expect([between.status, between.body.errors[0].message]).toEqual([422, expect.stringContaining(other.id)]);
    expect((await merge(apart, [...apart.ids, other.id])).status).toBe(200);
    const over = await neighbours({ endedAt: minute(45) });
    expect((await merge(over, over.ids)).status).toBe(422);
    const closed = await neighbours();
    await lock(closed, closed.ids[1] ?? '');
    expect((await merge(closed, closed.ids)).status).toBe(409);
    const long = await neighbours({ purpose: 'a'.repeat(300) }, { purpose: 'b'.repeat(300) });
    expect(fieldsOf(await merge(long, long.ids))).toEqual(['purpose']);
  });

  it.each<[object, number, string]>([
    [{}, 400, 'ids'],
    [{ ids: ['trip_a'] }, 400, 'ids'],
    [{ ids: ['trip_a', 'trip_a'] }, 400, 'ids'],
    [{ ids: Array.from({ length: 21 }, (_, i) => `trip_${i}`) }, 400, 'ids'],
    [{ ids: ['trip_a', 'no id'] }, 400, 'ids.1'],
    [{ ids: ['trip_a', 'trip_b'], x: 1 }, 400, 'x'],
  ])('refuses %j', async (body, status, field) => {
    const answer = await (await neighbours()).ask(JAN, 'POST', '/trips/merge', body);
    expect([answer.status, fieldsOf(answer)[0]]).toEqual([status, field]);
  });

  it('knows nobody else’s trips', async () => {
    const logbook = await neighbours();
    const answer = await logbook.ask(PIET, 'POST', '/trips/merge', { ids: logbook.ids });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['ids.0', 'ids.1']]);
    expect((await merge(logbook, logbook.ids, '?dry_run=maybe')).status).toBe(400);
  });
});
