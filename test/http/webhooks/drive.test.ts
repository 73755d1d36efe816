import { describe, expect, it, test } from 'vitest';
import { addCar } from '../../../src/actions/cars.ts';
import { JAN, PIET, testApp } from '../../support/app.ts';
import { phone, type Phone } from './journey.ts';

const MINUTE = 60_000;
const HOME = { lat: 52.37, lng: 4.89 };
const WORK = { lat: 52.47, lng: 4.89 };

function driver(start?: string) {
  const service = testApp({}, start);
  return { ...service, jan: phone(service, { user: JAN }) };
}

/** Straight from home to work, a position per minute. */
async function drive({ jan, clock }: ReturnType<typeof driver>, minutes = 10): Promise<void> {
  await jan.post('start', HOME);
  for (let minute = 1; minute < minutes; minute += 1) {
    clock.advance(MINUTE);
    await jan.post('ping', { lat: HOME.lat + (0.1 * minute) / minutes, lng: HOME.lng });
  }
  clock.advance(MINUTE);
}

describe('the answers of a drive', () => {
  it('begin with its trip', async () => {
    const { jan } = driver();
    const { status, body } = await jan.post('start', HOME);
    expect(status).toBe(200);
    expect(body).toEqual({
      ok: true,
      code: 'started',
      message: 'Your drive has started.',
      trip_id: expect.stringMatching(/^trip_/),
      warnings: [],
    });
    expect(await jan.post('ping', HOME)).toMatchObject({ body: { code: 'recorded', trip_id: body.trip_id } });
  });

  it('end with the trip as it is booked, without its stops', async () => {
    const service = driver();
    await drive(service);
    const { body } = await service.jan.post('end', WORK);
    expect(body).toMatchObject({
      ok: true,
      code: 'finished',
      message: 'Your drive of 11.1 km is in the book, 08:00 to 08:10.',
      trip: {
        id: body.trip_id,
        started_at: '2026-03-02T07:00:00.000Z',
        ended_at: '2026-03-02T07:10:00.000Z',
        distance_km: 11.12,
        from: HOME,
        to: WORK,
      },
      warnings: [],
    });
    expect(body.trip).not.toHaveProperty('stops');
    expect(body).not.toHaveProperty('duplicate');
    expect(body).not.toHaveProperty('accepted');
    expect(await service.deps.store.forUser(JAN).get('trip', body.trip_id)).toMatchObject({ distanceMetres: 11_120 });
  });

  it('say so when an event comes again', async () => {
    const service = driver();
    await service.jan.post('start', HOME);
    expect((await service.jan.post('start', HOME)).body).toMatchObject({
      code: 'already_active',
      duplicate: true,
      message: 'Your drive had started already.',
    });
    service.clock.advance(5 * MINUTE);
    const later = await service.jan.post('start', HOME);
    expect(later.body.code).toBe('already_active');
    expect(later.body).not.toHaveProperty('duplicate');
    service.clock.advance(5 * MINUTE);
    const first = await service.jan.post('end', WORK);
    const again = await service.jan.post('end', WORK);
    expect(again.body).toMatchObject({ code: 'finished', duplicate: true, trip_id: first.body.trip_id });
    expect(again.body.trip).toEqual(first.body.trip);
  });

  it('tell the rest by their codes', async () => {
    const { jan, clock } = driver();
    expect((await jan.post('ping', HOME)).body).toMatchObject({ code: 'no_active_trip', ok: true });
    expect((await jan.post('end', HOME)).body).toMatchObject({ code: 'no_active_trip', ok: true });
    clock.advance(30 * MINUTE);
    await jan.post('start', HOME);
    expect((await jan.post('cancel')).body).toMatchObject({ code: 'cancelled', warnings: ['no_location'] });
    expect((await jan.post('cancel')).body.code).toMatch(/^(no_active_trip|cancelled)$/);
    clock.advance(30 * MINUTE);
    await jan.post('start', HOME);
    clock.advance(30_000);
    expect((await jan.post('end', HOME)).body).toMatchObject({ code: 'discarded' });
    clock.advance(30 * MINUTE);
    await jan.post('start', HOME);
    clock.advance(10 * MINUTE);
    expect((await jan.post('finalize', WORK)).body).toMatchObject({
      code: 'finished',
      trip: { closed_by: 'finalize' },
    });
  });

  it('count the points of a batch', async () => {
    const { jan, clock } = driver();
    const start = await jan.post('start', HOME);
    clock.advance(2 * MINUTE);
    const points = [
      { ...HOME, timestamp: '2026-03-02T07:01:00Z' },
      { lat: '52,38', lng: '4,89', timestamp: '2026-03-02T07:02:00Z' },
      { lat: 0, lng: 0, timestamp: '2026-03-02T07:02:00Z' },
      { ...HOME, timestamp: '2025-11-01T07:02:00Z' },
      'nonsense',
    ];
    expect((await jan.post('ping', { points })).body).toEqual({
      ok: true,
      code: 'recorded',
      message: '2 positions recorded, 3 left out.',
      trip_id: start.body.trip_id,
      accepted: 2,
      rejected: 3,
      warnings: ['null_island', 'location_is_address', 'timestamp_too_old'],
    });
  });
});

describe('however an event is written, it counts', () => {
  test.each<[string, unknown, Record<string, string>, string]>([
    ['without a position', undefined, {}, 'no_location'],
    ['with broken JSON', '{"lat": ,"lng":4.9}', {}, 'body_unreadable'],
    ['with an address for a position', { lat: 'Damrak 1\n1012 LG Amsterdam' }, {}, 'location_is_address'],
    ['with a date alone', { ...HOME, timestamp: '2026-03-02' }, {}, 'timestamp_unreadable'],
    ['with a local time', { ...HOME, timestamp: '2026-03-02T08:00:00' }, {}, 'no_offset'],
    ['with a clock 4 min ahead', { ...HOME, timestamp: '2026-03-02T07:04:00Z' }, {}, 'clock_ahead'],
    ['with a clock an hour ahead', { ...HOME, timestamp: '2026-03-02T08:00:00Z' }, {}, 'timestamp_ignored'],
    ['with a car that is not theirs', { ...HOME, car_id: 'car_of_somebody' }, {}, 'unknown_car'],
    ['as a form', 'lat=91&lng=181', { 'content-type': 'application/x-www-form-urlencoded' }, 'location_out_of_range'],
  ])('%s', async (_, body, headers, warning) => {
    const { jan } = driver();
    const answer = await jan.post('start', body, headers);
    expect(answer).toMatchObject({ status: 200, body: { ok: true, code: 'started' } });
    expect(answer.body.warnings).toContain(warning);
    expect((await jan.get('/webhook/status')).body).toMatchObject({
      active: true,
      started_at: '2026-03-02T07:00:00.000Z',
    });
  });

  it('older than three days it waits and changes nothing', async () => {
    const { jan, deps } = driver();
    const { body } = await jan.post('start', { ...HOME, timestamp: '2026-02-26T06:59:59Z' });
    expect(body).toMatchObject({ code: 'no_active_trip', warnings: ['timestamp_too_old'] });
    expect(body.message).toBe('Too old to book by itself, this waits for your decision.');
    const [row] = await deps.store.forUser(JAN).list('event', { order: 'asc', limit: 9 });
    expect(row?.doc).toMatchObject({ waiting: 'too_old' });
    expect((await jan.get('/webhook/status')).body).toEqual({ active: false });
  });

  it('its position may come in a second request', async () => {
    const { jan } = driver();
    await jan.post('start', { event_id: 'a' });
    const second = await jan.post('start', { event_id: 'a', ...HOME });
    expect(second.body).toMatchObject({ code: 'already_active', duplicate: true, warnings: [] });
    expect((await jan.get('/webhook/status')).body.last_position).toMatchObject(HOME);
  });

  it('Idempotency-Key is an event id, quoted or not', async () => {
    const { jan, deps } = driver();
    const kept = async () => (await deps.store.forUser(JAN).list('event', { order: 'asc', limit: 9 })).length;
    await jan.post('start', HOME, { 'idempotency-key': '"a"' });
    expect((await jan.post('start', HOME, { 'idempotency-key': 'a' })).body.duplicate).toBe(true);
    expect(await kept()).toBe(1);
    await jan.post('start', HOME, { 'idempotency-key': 'b' });
    expect(await kept()).toBe(2);
  });

  it('what was sent is kept as it came, without the token in its address', async () => {
    const service = testApp({ auth: 'required' });
    const token = await service.tokenOf(JAN);
    const query = `token=${token}&user=${JAN}&lng=4.89`;
    const sent = await service.app.request(`/webhook/start?${query}`, { method: 'POST', body: '{"lat":52.37}' });
    expect(sent.status).toBe(200);
    const [row] = await service.deps.store.forUser(JAN).list('event', { order: 'asc', limit: 9 });
    expect(row?.doc).toMatchObject({ said: '{"lat":52.37}?lng=4.89', event: { fix: HOME } });
  });
});

describe('the car of a trip', () => {
  const carOf = async (body: unknown, tokenCar: boolean) => {
    const service = testApp({ auth: 'required' });
    await service.tokenOf(JAN);
    const store = service.deps.store.forUser(JAN);
    const by = { kind: 'open' } as const;
    const golf = await addCar(service.deps, store, { name: 'Golf', deviceNames: ['Golf CarPlay'] }, by);
    const polo = await addCar(service.deps, store, { name: 'Polo' }, by);
    const token = await service.tokenOf(JAN, tokenCar ? { carId: polo.id } : {});
    const jan = phone(service, { token });
    await jan.post('start', typeof body === 'function' ? body(golf.id) : body);
    const { car_id: id } = (await jan.get('/webhook/status')).body;
    return id === golf.id ? 'golf' : id === polo.id ? 'polo' : id;
  };

  it('is the one it names, else that of its device, else that of its token', async () => {
    expect(await carOf((id: string) => ({ car_id: id }), true)).toBe('golf');
    expect(await carOf({ car: ' golf carplay ' }, true)).toBe('golf');
    expect(await carOf({}, true)).toBe('polo');
    expect(await carOf({ device: 'a friend' }, false)).toBeNull();
  });
});

describe('the status', () => {
  const NOTHING = { active: false };

  it('tells of the open drive and changes nothing', async () => {
    const service = driver();
    expect(await service.jan.get('/webhook/status')).toMatchObject({ status: 200, body: NOTHING });
    expect(await service.deps.store.forUser(JAN).get('user', '')).toBeNull();
    await drive(service);
    const first = await service.jan.get('/webhook/status/');
    expect(first.body).toEqual({
      active: true,
      trip_id: expect.stringMatching(/^trip_/),
      phase: 'driving',
      started_at: '2026-03-02T07:00:00.000Z',
      car_id: null,
      start_odometer_km: null,
      last_odometer_km: null,
      distance_km: 10.008,
      last_seen_at: '2026-03-02T07:09:00.000Z',
      last_position: { lat: 52.46, lng: 4.89, at: '2026-03-02T07:09:00.000Z', accuracy_m: null },
    });
    expect((await service.jan.get('/webhook/status')).body).toEqual(first.body);
    await service.jan.post('end', WORK);
    expect((await service.jan.get('/webhook/status')).body).toEqual(NOTHING);
  });

  it('keeps the position from a token that may only send, and everything from everybody else', async () => {
    const service = testApp({ auth: 'required' });
    const all = phone(service, { token: await service.tokenOf(JAN) });
    const sender: Phone = phone(service, { token: await service.tokenOf(JAN, { scopes: ['events'] }) });
    const piet = phone(service, { token: await service.tokenOf(PIET) });
    await sender.post('start', HOME);
    expect((await all.get('/webhook/status')).body).toMatchObject({ active: true, last_position: HOME });
    expect((await sender.get('/webhook/status')).body).toMatchObject({ active: true, last_position: null });
    expect((await piet.get('/webhook/status')).body).toEqual(NOTHING);
  });
});
