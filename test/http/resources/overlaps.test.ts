import { describe, expect, it } from 'vitest';
import { JAN } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, openLogbook } from './logbook.ts';

const CLOCK = (time: string) => `2026-03-09T${time}:00Z`;
const between = (from: string, to: string) => ({ started_at: CLOCK(from), ended_at: CLOCK(to) });

async function openGarage() {
  const logbook = openLogbook();
  const { ask } = logbook;
  const carOf = async (name: string): Promise<string> => (await ask(JAN, 'POST', '/cars', { name })).body.id;
  const [golf, polo] = [await carOf('Golf'), await carOf('Polo')];
  const enter = (from: string, to: string, car_id: string | null | undefined = golf) =>
    ask(JAN, 'POST', '/trips', { ...between(from, to), distance_km: 10, car_id });
  const patch = (id: string, body: object) => ask(JAN, 'PATCH', `/trips/${id}`, body);
  const undo = async () => {
    const { activity } = (await logbook.get('/activity')).body;
    return ask(JAN, 'POST', `/activity/${activity[0].id}/undo`);
  };
  return { ...logbook, golf, polo, enter, patch, undo };
}

describe('a car drives one trip at a time', () => {
  it.each([
    ['08:30', '09:30', 'started_at'],
    ['07:30', '08:30', 'ended_at'],
    ['08:15', '08:45', 'started_at'],
    ['07:00', '10:00', 'ended_at'],
    ['08:00', '09:00', 'started_at'],
  ])('so none from %s to %s is written down beside one from 08:00 to 09:00', async (from, to, field) => {
    const { enter, get } = await openGarage();
    const { id } = (await enter('08:00', '09:00')).body;
    const answer = await enter(from, to);
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual([field]);
    const message = `the car drives another trip then, ${id}, from 2026-03-09T08:00:00.000Z to 2026-03-09T09:00:00.000Z`;
    expect(answer.body.errors[0].message).toBe(message);
    expect((await get('/trips')).body.trips).toHaveLength(1);
  });

  it('but trips that touch are apart', async () => {
    const { enter } = await openGarage();
    await enter('08:00', '09:00');
    expect((await enter('07:00', '08:00')).status).toBe(201);
    expect((await enter('09:00', '10:00')).status).toBe(201);
  });

  it('but other cars drive at the same time, and of a trip without one nobody knows', async () => {
    const { enter, polo } = await openGarage();
    await enter('08:00', '09:00');
    expect((await enter('08:00', '09:00', polo)).status).toBe(201);
    expect((await enter('08:00', '09:00', null)).status).toBe(201);
    expect((await enter('08:00', '09:00', null)).status).toBe(201);
  });

  it('so no trip is moved into the time of another, or given its car', async () => {
    const { enter, patch, golf, polo } = await openGarage();
    const first = (await enter('08:00', '09:00')).body;
    const second = (await enter('09:00', '10:00')).body;
    const other = (await enter('08:00', '09:00', polo)).body;
    expect(fieldsOf(await patch(second.id, { started_at: CLOCK('08:59') }))).toEqual(['started_at']);
    expect(fieldsOf(await patch(first.id, { ended_at: CLOCK('09:01') }))).toEqual(['ended_at']);
    expect(fieldsOf(await patch(other.id, { car_id: golf }))).toEqual(['car_id']);
    expect(fieldsOf(await patch(other.id, { car_id: golf, ...between('08:30', '09:30') }))).toEqual(['ended_at']);
    expect((await patch(other.id, { car_id: golf, ...between('10:00', '11:00') })).status).toBe(200);
    expect((await patch(first.id, { notes: 'x', distance_km: 12 })).status).toBe(200);
  });

  it('also the one under way', async () => {
    const { ask, enter, clock, golf, polo } = await openGarage();
    const start = await ask(JAN, 'POST', '/webhook/start', { car_id: golf, timestamp: '2026-03-10T11:00:00Z' });
    clock.advance(60_000);
    const day = (time: string) => `2026-03-10T${time}:00Z`;
    const drive = { started_at: day('10:00'), ended_at: day('11:30'), distance_km: 10 };
    const answer = await ask(JAN, 'POST', '/trips', { ...drive, car_id: golf });
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual(['ended_at']);
    expect(answer.body.errors[0].message).toContain(`${start.body.trip_id}, from 2026-03-10T11:00:00.000Z on`);
    expect((await ask(JAN, 'POST', '/trips', { ...drive, car_id: polo })).status).toBe(201);
    expect((await ask(JAN, 'POST', '/trips', { ...drive, ended_at: day('11:00'), car_id: golf })).status).toBe(201);
    expect((await enter('08:00', '09:00')).status).toBe(201);
  });
});

describe('trips that are in each other’s way already', () => {
  async function withTwoAtOnce() {
    const garage = await openGarage();
    const at = (time: string) => Date.parse(CLOCK(time));
    const first = tripOf({ carId: garage.golf, startedAt: at('08:00'), endedAt: at('09:00') });
    const second = tripOf({ carId: garage.golf, startedAt: at('08:30'), endedAt: at('09:30') });
    await garage.book(first, second);
    return { ...garage, first, second };
  }

  it('are put right one step at a time', async () => {
    const { patch, first, second } = await withTwoAtOnce();
    expect((await patch(second.id, { started_at: CLOCK('08:45') })).status).toBe(200);
    expect((await patch(second.id, { started_at: CLOCK('09:00') })).status).toBe(200);
    expect(fieldsOf(await patch(first.id, { ended_at: CLOCK('09:10') }))).toEqual(['ended_at']);
  });

  it('are not moved into a third', async () => {
    const { enter, patch, second } = await withTwoAtOnce();
    const third = (await enter('10:00', '11:00')).body;
    const answer = await patch(second.id, { ended_at: CLOCK('10:30') });
    expect(fieldsOf(answer)).toEqual(['ended_at']);
    expect(answer.body.detail).toContain(third.id);
  });
});

describe('what is taken back', () => {
  it('does not make a car drive two trips either', async () => {
    const { enter, patch, undo, golf, polo, ask, get } = await openGarage();
    const first = (await enter('08:00', '09:00')).body;
    await patch(first.id, { car_id: polo });
    const [{ id }] = (await get('/activity')).body.activity;
    const second = (await enter('08:30', '09:30')).body;
    const answer = await ask(JAN, 'POST', `/activity/${id}/undo`);
    expect(answer.status).toBe(409);
    expect(answer.body.detail).toContain(second.id);
    await patch(second.id, { car_id: polo, ...between('09:00', '10:00') });
    expect((await ask(JAN, 'POST', `/activity/${id}/undo`)).body.after.car_id).toBe(golf);
    expect((await undo()).status).toBe(200);
  });

  it('does not lie in the time of a trip that was moved there since', async () => {
    const { enter, patch, ask, get } = await openGarage();
    const first = (await enter('08:00', '09:00')).body;
    const second = (await enter('10:00', '11:00')).body;
    await ask(JAN, 'DELETE', `/trips/${first.id}`);
    const [{ id }] = (await get('/activity')).body.activity;
    await patch(second.id, between('08:30', '09:30'));
    const answer = await ask(JAN, 'POST', `/activity/${id}/undo`);
    expect(answer.status).toBe(409);
    expect(answer.body.detail).toContain(second.id);
  });

  it('may lie beside a trip of another car, but not beside one that may be the same drive', async () => {
    const { enter, ask, get, polo } = await openGarage();
    const first = (await enter('08:00', '09:00')).body;
    await ask(JAN, 'DELETE', `/trips/${first.id}`);
    const [{ id }] = (await get('/activity')).body.activity;
    const unknown = (await enter('08:00', '09:00', null)).body;
    expect((await ask(JAN, 'POST', `/activity/${id}/undo`)).status).toBe(409);
    await ask(JAN, 'PATCH', `/trips/${unknown.id}`, { car_id: polo });
    expect((await ask(JAN, 'POST', `/activity/${id}/undo`)).status).toBe(200);
  });
});

describe('a drive that is told late, in the time of a trip written down', () => {
  it('is not counted twice unsaid: it waits for its driver', async () => {
    const { ask, get } = openLogbook();
    await ask(JAN, 'POST', '/cars', { name: 'Golf' });
    const span = { started_at: '2026-03-10T08:00:00Z', ended_at: '2026-03-10T09:00:00Z', distance_km: 40 };
    const written = await ask(JAN, 'POST', '/trips', { ...span, trip_type: 'B' });
    await ask(JAN, 'POST', '/webhook/start', { lat: 52, lng: 5, timestamp: '2026-03-10T08:10:00Z' });
    await ask(JAN, 'POST', '/webhook/end', { lat: 52.3, lng: 5, timestamp: '2026-03-10T08:50:00Z' });
    const [told, ...others] = (await get('/trips')).body.trips.filter(
      ({ id }: { id: string }) => id !== written.body.id,
    );
    expect(others).toEqual([]);
    expect(told).toMatchObject({ needs_review: true, review_reasons: expect.arrayContaining(['overlap']) });
    const { review } = (await get('/review')).body;
    expect(review).toMatchObject([{ id: told.id, kind: 'trip', actions: ['confirm', 'passenger'] }]);
    await ask(JAN, 'POST', `/review/${told.id}`, { action: 'passenger' });
    expect((await get('/stats')).body).toMatchObject({ trip_count: 1, total_km: 40 });
  });

  it('is one like any other where the two do not meet', async () => {
    const { ask, get } = openLogbook();
    await ask(JAN, 'POST', '/cars', { name: 'Golf' });
    const span = { started_at: '2026-03-10T09:00:00Z', ended_at: '2026-03-10T10:00:00Z', distance_km: 40 };
    await ask(JAN, 'POST', '/trips', { ...span, trip_type: 'B' });
    await ask(JAN, 'POST', '/webhook/start', { lat: 52, lng: 5, timestamp: '2026-03-10T08:10:00Z' });
    await ask(JAN, 'POST', '/webhook/end', { lat: 52.3, lng: 5, timestamp: '2026-03-10T09:00:00Z' });
    const [, first] = (await get('/trips')).body.trips;
    expect(first.review_reasons).toEqual(['no_rule_matched']);
  });
});
