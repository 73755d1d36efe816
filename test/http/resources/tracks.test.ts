import { describe, expect, it } from 'vitest';
import type { Fix } from '../../../src/domain/events.ts';
import { chunkOf } from '../../../src/domain/points.ts';
import { windowOf } from '../../../src/domain/track.ts';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, HOUR, MINUTE, NOW, openLogbook, type Logbook } from './logbook.ts';

const START = NOW - 5 * HOUR;

function fixAt(at: number, i: number): Fix {
  return { at, lat: 52 + i / 1e4, lng: 4, accuracyMetres: i % 2 === 0 ? 5 : null, speedKmh: i % 3 === 0 ? 50.5 : null };
}

async function keepTrack({ deps }: Logbook, tripId: string, fixes: readonly Fix[]) {
  const windows = Map.groupBy(fixes, ({ at }) => windowOf(at));
  await deps.store.forUser(JAN).transact(function* (tx) {
    for (const [window, some] of windows) {
      const chunk = chunkOf(some);
      if (chunk) tx.put('chunk', `${tripId}/${String(window).padStart(15, '0')}`, chunk);
    }
    return yield* tx.get('user', '');
  });
}

describe('GET /trips/{id}/track', () => {
  it('is a GeoJSON line with a time for every point', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ startedAt: START });
    await logbook.book(trip);
    await keepTrack(
      logbook,
      trip.id,
      [0, 1, 2].map((i) => fixAt(START + i * 100_000, i)),
    );
    const answer = await logbook.get(`/trips/${trip.id}/track`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/geo+json');
    expect(answer.body).toEqual({
      type: 'Feature',
      geometry: {
        type: 'LineString',
        coordinates: [
          [4, 52],
          [4, 52.0001],
          [4, 52.0002],
        ],
      },
      properties: {
        trip_id: trip.id,
        times: ['2026-03-10T07:00:00.000Z', '2026-03-10T07:01:40.000Z', '2026-03-10T07:03:20.000Z'],
        accuracy_m: [5, null, 5],
        speed_kmh: [50.5, null, null],
      },
    });
  });

  it('is GPX on demand', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ startedAt: START });
    await logbook.book(trip);
    await keepTrack(logbook, trip.id, [fixAt(START, 1)]);
    const answer = await logbook.get(`/trips/${trip.id}/track?format=gpx`);
    expect(answer.headers.get('content-type')).toBe('application/gpx+xml');
    expect(answer.headers.get('content-disposition')).toContain(`${trip.id}.gpx`);
    expect(answer.text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<gpx version="1.1" creator="mileage-logbook" xmlns="http://www.topografix.com/GPX/1/1">\n' +
        '<trk><name>2026-03-10T07:00:00.000Z</name><trkseg>\n' +
        '<trkpt lat="52.0001000" lon="4.0000000"><time>2026-03-10T07:00:00.000Z</time></trkpt>\n' +
        '</trkseg></trk>\n</gpx>\n',
    );
  });

  it('holds what lies between start and end of the trip, as they are now', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ startedAt: START });
    await logbook.book(trip);
    const minutes = [-1, 0, 10, 25, 26];
    await keepTrack(
      logbook,
      trip.id,
      minutes.map((minute, i) => fixAt(START + minute * MINUTE, i)),
    );
    const times = async () => (await logbook.get(`/trips/${trip.id}/track`)).body.properties.times.length;
    expect(await times()).toBe(3);
    await logbook.ask(JAN, 'PATCH', `/trips/${trip.id}`, { ended_at: new Date(START + 11 * MINUTE).toISOString() });
    expect(await times()).toBe(2);
  });

  it('of a trip without points is an empty line', async () => {
    const logbook = openLogbook();
    const trip = tripOf();
    await logbook.book(trip);
    const { geometry, properties } = (await logbook.get(`/trips/${trip.id}/track`)).body;
    expect(geometry).toEqual({ type: 'LineString', coordinates: [] });
    expect(properties.times).toEqual([]);
    expect((await logbook.get(`/trips/${trip.id}/track?format=gpx`)).text).toContain('<trkseg>\n</trkseg>');
  });

  it('of the open trip grows while it is driven, and is the same when it is over', async () => {
    const { app, clock, get } = openLogbook();
    const post = async (action: string, body: object) => {
      const headers = { 'x-user-email': JAN, 'content-type': 'application/json' };
      const answer = await app.request(`/webhook/${action}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await answer.json()) as { trip_id: string };
    };
    const { trip_id: id } = await post('start', { lat: 52, lng: 4 });
    for (let i = 1; i <= 12; i += 1) {
      clock.advance(30_000);
      await post('ping', { lat: 52 + i / 200, lng: 4 });
    }
    const open = await get(`/trips/${id}/track`);
    expect(open.status).toBe(200);
    expect(open.body.geometry.coordinates.length).toBeGreaterThanOrEqual(12);
    expect(open.body.geometry.coordinates.at(-1)).toEqual([4, 52.06]);
    expect(open.body.properties.times.toSorted()).toEqual(open.body.properties.times);
    clock.advance(30_000);
    await post('end', { lat: 52.07, lng: 4 });
    const over = await get(`/trips/${id}/track`);
    expect(over.body.geometry.coordinates.slice(0, 12)).toEqual(open.body.geometry.coordinates.slice(0, 12));
  });

  it('of 100,000 points is whole and in order', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ startedAt: START - 30 * HOUR, endedAt: START });
    await logbook.book(trip);
    const count = 100_000;
    const fixes = Array.from({ length: count }, (_, i) => fixAt(trip.startedAt + i * 1_000, i));
    await keepTrack(logbook, trip.id, fixes);
    const { geometry, properties } = (await logbook.get(`/trips/${trip.id}/track`)).body;
    expect(geometry.coordinates.length).toBe(count);
    expect([properties.times.length, properties.accuracy_m.length, properties.speed_kmh.length]).toEqual([
      count,
      count,
      count,
    ]);
    expect(properties.times.every((time: string, i: number) => Date.parse(time) === fixes[i]?.at)).toBe(true);
  });

  it('is as simple as one asks for, with a time for every point that stays, as GPX too', async () => {
    const logbook = openLogbook();
    const trip = tripOf({ startedAt: START });
    await logbook.book(trip);
    const wobble = (i: number) => ({ ...fixAt(START + i * 10_000, i), lng: 4 + (i === 60 ? 0.01 : (i % 2) / 1e5) });
    await keepTrack(
      logbook,
      trip.id,
      Array.from({ length: 121 }, (_, i) => wobble(i)),
    );
    const { geometry, properties } = (await logbook.get(`/trips/${trip.id}/track?simplify=20`)).body;
    expect(geometry.coordinates).toEqual([
      [4, 52],
      [4.00001, 52.0059],
      [4.01, 52.006],
      [4.00001, 52.0061],
      [4, 52.012],
    ]);
    const times = [0, 59, 60, 61, 120].map((i) => new Date(START + i * 10_000).toISOString());
    expect(properties.times).toEqual(times);
    expect([properties.accuracy_m.length, properties.speed_kmh.length]).toEqual([5, 5]);
    const { text } = await logbook.get(`/trips/${trip.id}/track?simplify=20&format=gpx`);
    expect([...text.matchAll(/<time>(.*?)<\/time>/g)].map(([, time]) => time)).toEqual(times);
    expect((await logbook.get(`/trips/${trip.id}/track?simplify=10000`)).body.properties.times).toHaveLength(2);
    const whole = await logbook.get(`/trips/${trip.id}/track`);
    expect(whole.body.properties.times).toHaveLength(121);
  });

  it.each(['0', '10001', '-1', '1.5', 'much', ''])('refuses simplify=%s', async (metres) => {
    const logbook = openLogbook();
    const trip = tripOf();
    await logbook.book(trip);
    const answer = await logbook.get(`/trips/${trip.id}/track?simplify=${metres}`);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, ['simplify']]);
    expect(answer.body.errors[0].message).toBe('a whole number, 1 … 10000');
  });

  it('refuses another format, and is nobody else’s', async () => {
    const logbook = openLogbook();
    const trip = tripOf();
    await logbook.book(trip);
    const answer = await logbook.get(`/trips/${trip.id}/track?format=kml`);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, ['format']]);
    expect((await logbook.get(`/trips/${trip.id}/track`, PIET)).status).toBe(404);
    expect((await logbook.get('/trips/active/track')).status).toBe(404);
  });
});

describe('GET /trips/active', () => {
  it('tells of no trip, and of the open one as /webhook/status does', async () => {
    const { app, clock, get } = openLogbook();
    expect((await get('/trips/active')).body).toEqual({ active: false });
    const headers = { 'x-user-email': JAN, 'content-type': 'application/json' };
    const body = JSON.stringify({ lat: 52, lng: 4, accuracy_m: 8 });
    await app.request('/webhook/start', { method: 'POST', headers, body });
    clock.advance(MINUTE);
    const answer = await get('/trips/active');
    expect(answer.body).toEqual({
      active: true,
      trip_id: expect.stringMatching(/^trip_/),
      phase: 'driving',
      started_at: '2026-03-10T12:00:00.000Z',
      car_id: null,
      start_odometer_km: null,
      last_odometer_km: null,
      distance_km: 0,
      last_seen_at: '2026-03-10T12:00:00.000Z',
      last_position: { lat: 52, lng: 4, at: '2026-03-10T12:00:00.000Z', accuracy_m: 8 },
    });
    const status = await app.request('/webhook/status', { headers: { 'x-user-email': JAN } });
    expect(await status.json()).toEqual(answer.body);
    expect((await get('/trips/active', PIET)).body).toEqual({ active: false });
    expect((await get('/trips')).body.trips).toEqual([]);
    expect(fieldsOf(await get('/trips/active?limit=5'))).toEqual(['limit']);
  });
});
