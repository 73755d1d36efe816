import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { fieldsOf, MINUTE, NOW, openLogbook } from './logbook.ts';

async function withGolf() {
  const logbook = openLogbook();
  const car = (await logbook.ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id as string;
  const type = (body: object) => logbook.ask(JAN, 'POST', '/odometer-readings', { car_id: car, ...body });
  const push = (body: object) => logbook.ask(JAN, 'POST', `/cars/${car}/readings`, body);
  return { ...logbook, car, type, push };
}

const iso = (at: number) => new Date(at).toISOString();

describe('POST /odometer-readings', () => {
  it('keeps what a person read, now or when he says', async () => {
    const { car, get, type } = await withGolf();
    const made = await type({ odometer_km: 12_345.6, note: 'garage' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^odo_/),
      car_id: car,
      odometer_km: 12_345.6,
      at: iso(NOW),
      source: 'manual',
      suspicious: false,
      note: 'garage',
    });
    expect(made.headers.get('location')).toBe(`/odometer-readings/${made.body.id}`);
    expect((await get(`/odometer-readings/${made.body.id}`)).body).toEqual(made.body);
    const old = await type({ odometer_km: 11_000, at: '2026-01-05T08:00:00+01:00' });
    expect(old.body).toMatchObject({ odometer_km: 11_000, at: '2026-01-05T07:00:00.000Z', note: null });
  });

  it('reads miles and metres', async () => {
    const { type } = await withGolf();
    expect((await type({ odometer: 100, unit: 'mi' })).body.odometer_km).toBe(160.934);
    expect((await type({ odometer: 170_000, unit: 'm', at: iso(NOW + MINUTE) })).body.odometer_km).toBe(170);
  });

  it('is in the feed, with who wrote it', async () => {
    const { get, type } = await withGolf();
    const made = await type({ odometer_km: 5 });
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({ kind: 'created', noun: 'odometer_reading', after: made.body, by: { kind: 'open' } });
  });

  it.each<[object, string[]]>([
    [{}, ['odometer_km']],
    [{ odometer_km: 5, odometer: 5, unit: 'km' }, ['odometer']],
    [{ odometer: 5 }, ['unit']],
    [{ odometer_km: 5, unit: 'km' }, ['unit']],
    [{ odometer: 5, unit: 'yd' }, ['unit']],
    [{ odometer_km: -1 }, ['odometer_km']],
    [{ odometer_km: 10_000_001 }, ['odometer_km']],
    [{ odometer: 7_000_000, unit: 'mi' }, ['odometer']],
    [{ odometer_km: '5' }, ['odometer_km']],
    [{ odometer_km: 5, at: 'yesterday' }, ['at']],
    [{ odometer_km: 5, note: 7 }, ['note']],
    [{ odometer_km: 5, lat: 52 }, ['lat']],
  ])('refuses %j with 400', async (body, fields) => {
    const { get, type } = await withGolf();
    const answer = await type(body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
    expect((await get('/odometer-readings')).body.odometer_readings).toEqual([]);
  });

  it('refuses with 422 a car that is not the user’s and a time to come', async () => {
    const { ask, car, type } = await withGolf();
    const future = await type({ odometer_km: 5, at: iso(NOW + 6 * MINUTE) });
    expect([future.status, fieldsOf(future)]).toEqual([422, ['at']]);
    const stranger = await ask(PIET, 'POST', '/odometer-readings', { car_id: car, odometer_km: 5 });
    expect([stranger.status, fieldsOf(stranger)]).toEqual([422, ['car_id']]);
    expect((await ask(JAN, 'POST', '/odometer-readings')).status).toBe(415);
  });
});

describe('GET and DELETE /odometer-readings', () => {
  it('list newest first, of one car if asked', async () => {
    const { ask, car, get, type } = await withGolf();
    const polo = (await ask(JAN, 'POST', '/cars', { name: 'Polo' })).body.id;
    await type({ odometer_km: 10, at: iso(NOW - 3 * MINUTE) });
    await type({ odometer_km: 11, at: iso(NOW - 2 * MINUTE) });
    await ask(JAN, 'POST', '/odometer-readings', { car_id: polo, odometer_km: 900, at: iso(NOW - MINUTE) });
    const kms = async (query: string) =>
      (await get(`/odometer-readings${query}`)).body.odometer_readings.map(
        (one: { odometer_km: number }) => one.odometer_km,
      );
    expect(await kms('')).toEqual([900, 11, 10]);
    expect(await kms(`?car_id=${car}`)).toEqual([11, 10]);
    const { next_cursor: cursor } = (await get('/odometer-readings?limit=2')).body;
    expect(await kms(`?limit=2&cursor=${cursor}`)).toEqual([10]);
    expect((await get('/odometer-readings', PIET)).body.odometer_readings).toEqual([]);
    expect(fieldsOf(await get('/odometer-readings?limit=0&from=2026-01-01')).toSorted()).toEqual(['from', 'limit']);
  });

  it('delete one, and say so in the feed', async () => {
    const { ask, get, type } = await withGolf();
    const made = await type({ odometer_km: 10 });
    const path = `/odometer-readings/${made.body.id}`;
    for (const method of ['GET', 'DELETE']) expect((await ask(PIET, method, path)).status).toBe(404);
    expect((await ask(JAN, 'DELETE', path)).status).toBe(204);
    expect((await get(path)).status).toBe(404);
    expect((await ask(JAN, 'DELETE', path)).status).toBe(404);
    const [entry] = (await get('/activity')).body.activity;
    expect(entry).toMatchObject({ kind: 'deleted', noun: 'odometer_reading', before: made.body, after: null });
  });
});

describe('POST /cars/{id}/readings', () => {
  it('keeps what a car says as a push', async () => {
    const { car, get, push } = await withGolf();
    const made = await push({ odometer_km: 100, lat: 52, lng: 4, state: 'parked', at: iso(NOW - MINUTE) });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ car_id: car, odometer_km: 100, source: 'push', at: iso(NOW - MINUTE) });
    expect(made.headers.get('location')).toBe(`/odometer-readings/${made.body.id}`);
    expect((await get('/odometer-readings')).body.odometer_readings).toEqual([made.body]);
  });

  it('takes a state or a position without an odometer', async () => {
    const { car, get, push } = await withGolf();
    const answer = await push({ state: 'driving' });
    expect([answer.status, answer.body]).toEqual([200, { car_id: car, reading: null }]);
    expect((await push({ lat: 52, lng: 4 })).status).toBe(200);
    expect((await get('/odometer-readings')).body.odometer_readings).toEqual([]);
  });

  it('gives a drive its odometers', async () => {
    const { app, car, clock, get, push } = await withGolf();
    const post = (action: string, lat: number) =>
      app.request(`/webhook/${action}`, {
        method: 'POST',
        headers: { 'x-user-email': JAN, 'content-type': 'application/json' },
        body: JSON.stringify({ lat, lng: 4 }),
      });
    await push({ odometer_km: 1_000 });
    clock.advance(MINUTE);
    await post('start', 52);
    clock.advance(20 * MINUTE);
    await post('end', 52.2);
    clock.advance(MINUTE);
    await push({ odometer_km: 1_025, state: 'parked' });
    const [trip] = (await get('/trips')).body.trips;
    expect(trip).toMatchObject({ car_id: car, start_odometer_km: 1_000, end_odometer_km: 1_025, distance_km: 25 });
  });

  it.each<[object, string[]]>([
    [{}, ['odometer_km']],
    [{ odometer: 5 }, ['unit']],
    [{ odometer_km: 5, lat: 52 }, ['lng']],
    [{ odometer_km: 5, lat: 52, lng: 190 }, ['lng']],
    [{ odometer_km: 5, state: 'flying' }, ['state']],
    [{ odometer_km: 5, note: 'x', car_id: 'car_1' }, ['note', 'car_id']],
  ])('refuses %j with 400', async (body, fields) => {
    const { push } = await withGolf();
    const answer = await push(body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
  });

  it('knows no car of that id, and no time to come', async () => {
    const { ask, push } = await withGolf();
    expect((await ask(JAN, 'POST', '/cars/car_of_nobody/readings', { odometer_km: 5 })).status).toBe(404);
    expect((await push({ odometer_km: 5, at: iso(NOW + 6 * MINUTE) })).status).toBe(422);
    expect((await push({ odometer_km: 5, at: iso(NOW + 4 * MINUTE) })).status).toBe(201);
  });
});
