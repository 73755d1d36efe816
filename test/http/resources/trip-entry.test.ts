import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { fieldsOf, NOW, openLogbook, type Answer, type Logbook } from './logbook.ts';

const CLOCK = (time: string) => `2026-03-09T${time}:00+01:00`;
const DRIVE = { started_at: CLOCK('08:00'), ended_at: CLOCK('09:00'), distance_km: 40 };

interface Desk extends Logbook {
  enter(body: unknown): Promise<Answer>;
  carOf(body?: object): Promise<string>;
  totals(): Promise<Answer['body']>;
}

function openDesk(): Desk {
  const logbook = openLogbook();
  return {
    ...logbook,
    enter: (body) => logbook.ask(JAN, 'POST', '/trips', body),
    carOf: async (body = {}) => (await logbook.ask(JAN, 'POST', '/cars', { name: 'Golf', ...body })).body.id,
    totals: async () => (await logbook.get('/stats')).body,
  };
}

describe('POST /trips', () => {
  it('books a trip, says where it is, and with which tag', async () => {
    const { enter, get, totals } = openDesk();
    const answer = await enter(DRIVE);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/trips/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      car_id: null,
      started_at: '2026-03-09T07:00:00.000Z',
      time_zone: 'Europe/Amsterdam',
      start_time: '08:00',
      duration_min: 60,
      from: null,
      stops: [],
      distance_km: 40,
      distance_source: 'manual',
      trip_type: 'B',
      business_km: 40,
      private_km: 0,
      classified_by: 'default',
      needs_review: true,
      review_reasons: ['no_rule_matched'],
      opened_by: 'user',
      closed_by: 'user',
      reconstructed: false,
      locked: false,
      odometer_pending: false,
    });
    const read = await get(`/trips/${answer.body.id}`);
    expect(read.body).toEqual(answer.body);
    expect(read.headers.get('etag')).toBe(answer.headers.get('etag'));
    expect(await totals()).toMatchObject({ trip_count: 1, total_km: 40, business_km: 40, duration_min: 60 });
  });

  it('takes every field that can be edited', async () => {
    const { enter, carOf, get, deps } = openDesk();
    const body = {
      ...DRIVE,
      car_id: await carOf(),
      time_zone: 'Europe/London',
      from: { address: 'Damrak 1' },
      to: { lat: 52, lng: 4.0001, address: null },
      start_odometer_km: 10_000,
      end_odometer_km: 10_040.1,
      trip_type: 'M',
      business_km: 30.5,
      commute: true,
      purpose: 'Overleg',
      business_partner: 'De Vries BV',
      route_note: 'A4 dicht',
      detour_km: 3.2,
      notes: 'x',
    };
    const answer = await enter(body);
    expect(answer.body).toMatchObject({
      ...body,
      started_at: '2026-03-09T07:00:00.000Z',
      ended_at: '2026-03-09T08:00:00.000Z',
      from: { lat: null, lng: null, address: 'Damrak 1', location_id: null },
      distance_source: 'odometer',
      private_km: 9.5,
      classified_by: 'user',
      needs_review: false,
      review_reasons: [],
    });
    const stored = await deps.store.forUser(JAN).get('trip', answer.body.id);
    expect(stored?.setByUser).toEqual(Object.keys(body).toSorted());
    expect((await get('/activity')).body.activity[0]).toMatchObject({ kind: 'created', noun_id: answer.body.id });
  });

  it('takes its distance from both odometers', async () => {
    const { enter } = openDesk();
    const { distance_km: _, ...drive } = DRIVE;
    const answer = await enter({ ...drive, start_odometer_km: 1_000, end_odometer_km: 1_040.25 });
    expect(answer.body).toMatchObject({ distance_km: 40.25, distance_source: 'odometer' });
  });

  it.each([
    [{ distance_km: undefined }, ['distance_km']],
    [{ distance_km: undefined, start_odometer_km: 1_000 }, ['distance_km']],
    [{ distance_km: undefined, start_odometer_km: 1_000, end_odometer_km: null }, ['distance_km']],
    [{ distance_km: null }, ['distance_km']],
    [{ started_at: undefined }, ['started_at']],
    [{ ended_at: undefined }, ['ended_at']],
    [{ started_at: undefined, ended_at: undefined, distance_km: undefined }, ['started_at', 'ended_at', 'distance_km']],
    [{ started_at: '2026-03-09T08:00:00' }, ['started_at']],
    [{ car: 'x' }, ['car']],
    [{ from: { place: 'x' } }, ['from.place']],
    [{ from: { lat: 52 } }, ['from.lng']],
    [{ time_zone: 'CET+1' }, ['time_zone']],
    [{ trip_type: 'X' }, ['trip_type']],
    [{ distance_km: -1 }, ['distance_km']],
    [{ id: 'trip_1' }, ['id']],
  ])('answers 400 to %j and names what is missing or malformed', async (parts, fields) => {
    const { enter, get } = openDesk();
    const answer = await enter({ ...DRIVE, ...parts });
    expect(answer.status).toBe(400);
    expect(fieldsOf(answer).toSorted()).toEqual(fields.toSorted());
    expect((await get('/trips')).body.trips).toEqual([]);
  });

  it.each([
    [{ start_odometer_km: 1_000, end_odometer_km: 1_040.2 }, ['distance_km']],
    [{ start_odometer_km: 1_000, end_odometer_km: 999 }, ['end_odometer_km']],
    [{ ended_at: CLOCK('08:00') }, ['ended_at']],
    [{ ended_at: CLOCK('07:00') }, ['ended_at']],
    [{ ended_at: '2026-03-10T13:10:00+01:00' }, ['ended_at']],
    [{ started_at: '2026-03-01T08:59:00+01:00' }, ['ended_at']],
    [{ car_id: 'car_00000000000000000000' }, ['car_id']],
    [{ from: { location_id: 'loc_00000000000000000000' } }, ['from.location_id']],
    [{ business_km: 10 }, ['business_km']],
    [{ trip_type: 'M', business_km: 41 }, ['business_km']],
    [{ trip_type: 'M', business_km: 10, private_km: 10 }, ['private_km']],
    [{ detour_km: 3 }, ['route_note']],
    [{ detour_km: 50, route_note: 'A4' }, ['detour_km']],
    [
      { car_id: 'car_0', to: { location_id: 'loc_0' }, ended_at: CLOCK('07:00') },
      ['ended_at', 'car_id', 'to.location_id'],
    ],
  ])('answers 422 to %j and names what contradicts', async (parts, fields) => {
    const { enter, get } = openDesk();
    const answer = await enter({ ...DRIVE, ...parts });
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual(fields);
    expect((await get('/activity')).body.activity).toEqual([]);
  });

  it('knows places by position, and takes the position of a place it is given', async () => {
    const { ask, enter } = openDesk();
    await ask(JAN, 'POST', '/locations', { name: 'Thuis', kind: 'home', lat: 52, lng: 4 });
    await ask(JAN, 'POST', '/locations', { name: 'Werk', kind: 'office', lat: 52.1, lng: 4 });
    const [home, work] = (await ask(JAN, 'GET', '/locations')).body.locations.map(({ id }: { id: string }) => id);
    const places = { from: { lat: 52.0001, lng: 4 }, to: { location_id: work } };
    const { body } = await enter({ ...DRIVE, ...places });
    expect(body.from).toEqual({ lat: 52.0001, lng: 4, address: null, location_id: home });
    expect(body.to).toEqual({ lat: 52.1, lng: 4, address: null, location_id: work });
    expect(body.commute).toBe(true);
    expect((await enter({ ...DRIVE, ...places, commute: false })).body.commute).toBe(false);
  });

  it('is classified by the rules of the user, unless it says itself', async () => {
    const { ask, enter, carOf } = openDesk();
    const car = await carOf();
    const rule = { when: { car_id: car }, trip_type: 'M', business_share: 0.25, purpose: 'Bezorgen' };
    const rules = await ask(JAN, 'PUT', '/rules', { rules: [rule] });
    expect(rules.status).toBe(200);
    const { body } = await enter(DRIVE);
    expect(body).toMatchObject({ trip_type: 'M', business_km: 10, purpose: 'Bezorgen', needs_review: false });
    expect(body.classified_by).toBe(`rule:${rules.body.rules[0].id}`);
    const said = await enter({ ...DRIVE, started_at: CLOCK('09:00'), ended_at: CLOCK('10:00'), trip_type: 'P' });
    expect(said.body).toMatchObject({ trip_type: 'P', business_km: 0, classified_by: 'user', purpose: null });
  });

  it('splits a mixed trip by the usual share', async () => {
    const { ask, enter } = openDesk();
    await ask(JAN, 'PATCH', '/settings', { mixed_business_share: 0.4 });
    expect((await enter({ ...DRIVE, trip_type: 'M' })).body).toMatchObject({ business_km: 16, private_km: 24 });
    const kept = await enter({ ...DRIVE, trip_type: 'M', private_km: 1 });
    expect(kept.body).toMatchObject({ business_km: 39, private_km: 1 });
  });

  it('is found by its words and its filters, and pages stay right while trips are written down', async () => {
    const { enter, get, carOf } = openDesk();
    const car = await carOf();
    const day = (nth: number) => ({
      started_at: `2026-02-${String(nth).padStart(2, '0')}T08:00:00+01:00`,
      ended_at: `2026-02-${String(nth).padStart(2, '0')}T09:00:00+01:00`,
      distance_km: nth,
    });
    for (let nth = 1; nth <= 6; nth += 1) await enter({ ...day(nth), car_id: nth % 2 === 0 ? car : null });
    await enter({ ...day(7), trip_type: 'P', from: { address: 'Kerkstraat 1, Gouda' }, notes: 'Brood' });
    const km = (answer: Answer) => answer.body.trips.map((trip: { distance_km: number }) => trip.distance_km);
    expect(km(await get('/trips?q=gouda%20brood'))).toEqual([7]);
    expect(km(await get(`/trips?car_id=${car}&trip_type=B&needs_review=true`))).toEqual([6, 4, 2]);
    const first = await get('/trips?limit=3');
    await enter({ ...day(20), car_id: null });
    await enter({ ...day(3), started_at: '2026-02-03T10:00:00+01:00', ended_at: '2026-02-03T11:00:00+01:00' });
    const second = await get(`/trips?limit=200&cursor=${first.body.next_cursor}`);
    expect(km(first)).toEqual([7, 6, 5]);
    expect(km(second)).toEqual([4, 3, 3, 2, 1]);
  });

  it('can be taken back, and back again', async () => {
    const { ask, enter, get, totals } = openDesk();
    const { body } = await enter(DRIVE);
    const [{ id }] = (await get('/activity')).body.activity;
    const undone = await ask(JAN, 'POST', `/activity/${id}/undo`);
    expect(undone.status).toBe(200);
    expect((await get(`/trips/${body.id}`)).status).toBe(404);
    expect((await totals()).trip_count).toBe(0);
    await ask(JAN, 'POST', `/activity/${undone.body.id}/undo`);
    const back = (await get(`/trips/${body.id}`)).body;
    expect({ ...back, updated_at: null }).toEqual({ ...body, updated_at: null });
    expect((await totals()).trip_count).toBe(1);
  });

  it('leaves a drive under way alone', async () => {
    const { ask, enter, get, clock } = openDesk();
    await ask(JAN, 'POST', '/webhook/start', { lat: 52, lng: 4 });
    const { body } = await enter(DRIVE);
    clock.advance(20 * 60_000);
    const end = await ask(JAN, 'POST', '/webhook/end', { lat: 52.2, lng: 4 });
    expect(end.body).toMatchObject({ code: 'finished' });
    const { trips } = (await get('/trips')).body;
    expect(trips.map(({ id }: { id: string }) => id)).toEqual([end.body.trip_id, body.id]);
  });
});

describe('the car of a trip that does not say', () => {
  it('is the only one', async () => {
    const { enter, carOf } = openDesk();
    const car = await carOf();
    expect((await enter({ ...DRIVE, trip_type: 'B' })).body).toMatchObject({ car_id: car, needs_review: false });
  });

  it('is the default one of several, and that is to be confirmed', async () => {
    const { ask, enter, carOf } = openDesk();
    await carOf();
    const car = await carOf({ name: 'Polo' });
    expect((await enter(DRIVE)).body.car_id).toBeNull();
    await ask(JAN, 'PATCH', '/settings', { default_car_id: car });
    const guessed = await enter({ ...DRIVE, trip_type: 'B' });
    expect(guessed.body).toMatchObject({ car_id: car, needs_review: true, review_reasons: ['uncertain_car'] });
  });

  it('is none, where none is meant or none is the user’s business', async () => {
    const { ask, enter, carOf } = openDesk();
    const car = await carOf();
    expect((await enter({ ...DRIVE, car_id: null })).body.car_id).toBeNull();
    await ask(JAN, 'PATCH', `/cars/${car}`, { ignored: true });
    expect((await enter(DRIVE)).body.car_id).toBeNull();
    expect((await enter({ ...DRIVE, car_id: car })).body.car_id).toBe(car);
  });

  it('may be one that is out of use by now', async () => {
    const { ask, enter, carOf } = openDesk();
    const car = await carOf();
    await enter({ ...DRIVE, car_id: car });
    await ask(JAN, 'DELETE', `/cars/${car}`);
    const answer = await enter({ ...DRIVE, started_at: CLOCK('10:00'), ended_at: CLOCK('11:00'), car_id: car });
    expect(answer.body.car_id).toBe(car);
    expect((await enter(DRIVE)).body.car_id).toBeNull();
  });

  it('is never somebody else’s', async () => {
    const { ask, enter } = openDesk();
    const { body } = await ask(PIET, 'POST', '/cars', { name: 'Kever' });
    expect(fieldsOf(await enter({ ...DRIVE, car_id: body.id }))).toEqual(['car_id']);
  });
});

describe('what a trip says of its car’s odometer', () => {
  const READ = { started_at: CLOCK('08:00'), ended_at: CLOCK('09:00') };
  const drive = async ({ ask, clock }: Desk, car: string) => {
    await ask(JAN, 'POST', '/webhook/start', { lat: 52, lng: 4, car_id: car });
    clock.advance(20 * 60_000);
    return (await ask(JAN, 'POST', '/webhook/end', { lat: 52.2, lng: 4, car_id: car })).body.trip;
  };

  it('is where the next drive begins', async () => {
    const desk = openDesk();
    const car = await desk.carOf();
    await desk.enter({ ...READ, start_odometer_km: 1_000, end_odometer_km: 1_040 });
    expect(await drive(desk, car)).toMatchObject({ start_odometer_km: 1_040, start_odometer_estimated: false });
  });

  it('is no value to begin from when a later one says nothing', async () => {
    const desk = openDesk();
    const car = await desk.carOf();
    await desk.ask(JAN, 'POST', '/odometer-readings', { car_id: car, odometer_km: 1_000, at: CLOCK('07:00') });
    const { body } = await desk.enter({ ...READ, distance_km: 40 });
    expect((await drive(desk, car)).start_odometer_km).toBeNull();
    await desk.ask(JAN, 'PATCH', `/trips/${body.id}`, { start_odometer_km: 1_000, end_odometer_km: 1_040 });
    desk.clock.advance(3 * 3_600_000);
    expect((await drive(desk, car)).start_odometer_km).toBeNull();
  });

  it('goes with the trip, and comes back with it', async () => {
    const desk = openDesk();
    const car = await desk.carOf();
    await desk.ask(JAN, 'POST', '/odometer-readings', { car_id: car, odometer_km: 1_000, at: CLOCK('07:00') });
    const memory = async () => (await desk.deps.store.forUser(JAN).get('memory', 'memory'))?.memory;
    const before = await memory();
    const { body } = await desk.enter({ ...READ, start_odometer_km: 1_000, end_odometer_km: 1_040 });
    const known = (await memory())?.byHand;
    expect(known?.[car]).toMatchObject({ tripId: body.id, odometer: { metres: 1_040_000 } });
    const undo = async () => {
      const [{ id }] = (await desk.get('/activity')).body.activity;
      return desk.ask(JAN, 'POST', `/activity/${id}/undo`);
    };
    await undo();
    expect((await memory())?.byHand).toBeUndefined();
    expect((await memory())?.cars).toEqual(before?.cars);
    await undo();
    expect((await memory())?.byHand).toEqual(known);
    await desk.ask(JAN, 'DELETE', `/trips/${body.id}`);
    expect(await drive(desk, car)).toMatchObject({ start_odometer_km: 1_000 });
  });

  it('counts for a drive that was recorded, too, once somebody corrected it', async () => {
    const desk = openDesk();
    const car = await desk.carOf();
    const { id } = await drive(desk, car);
    const edit = { ended_at: '2026-03-10T12:15:00Z', start_odometer_km: 1_000, end_odometer_km: 1_025 };
    expect((await desk.ask(JAN, 'PATCH', `/trips/${id}`, edit)).status).toBe(200);
    desk.clock.advance(3 * 3_600_000);
    expect(await drive(desk, car)).toMatchObject({ start_odometer_km: 1_025, start_odometer_estimated: false });
  });

  it('outlives events that come late', async () => {
    const desk = openDesk();
    const car = await desk.carOf();
    await desk.enter({ ...READ, start_odometer_km: 1_000, end_odometer_km: 1_040 });
    await desk.ask(JAN, 'POST', '/webhook/start', { lat: 52, lng: 4, timestamp: '2026-03-10T08:00:00Z' });
    await desk.ask(JAN, 'POST', '/webhook/end', { lat: 52.1, lng: 4, timestamp: '2026-03-10T08:30:00Z' });
    await desk.ask(JAN, 'POST', '/webhook/start', { lat: 52, lng: 4, timestamp: '2026-03-10T06:00:00Z' });
    await desk.ask(JAN, 'POST', '/webhook/end', { lat: 52.1, lng: 4, timestamp: '2026-03-10T06:30:00Z' });
    const { trips } = (await desk.get(`/trips?car_id=${car}`)).body;
    expect(trips.map((trip: { start_odometer_km: number | null }) => trip.start_odometer_km)).toEqual([
      null,
      1_040,
      1_000,
    ]);
    expect(NOW).toBe(desk.clock.now());
  });
});
