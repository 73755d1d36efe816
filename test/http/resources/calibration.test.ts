import { describe, expect, it } from 'vitest';
import type { Trip } from '../../../src/domain/trips.ts';
import { JAN, PIET } from '../../support/app.ts';
import { tripsOf } from '../../support/book.ts';
import { dump } from '../../support/dump.ts';
import { tripOf } from '../../support/trips.ts';
import { fieldsOf, HOUR, NOW, openLogbook } from './logbook.ts';

/** The odometer said 1,000 km three days ago; since then the phone measured 10 and 20 km. */
async function withMeasured() {
  const logbook = openLogbook();
  const car = (await logbook.ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id as string;
  const drive = (id: string, hoursAgo: number, metres: number): Trip => {
    const startedAt = NOW - hoursAgo * HOUR;
    return tripOf({ id, carId: car, startedAt, endedAt: startedAt + HOUR, distanceMetres: metres });
  };
  const at = new Date(NOW - 71 * HOUR).toISOString();
  await logbook.ask(JAN, 'POST', '/odometer-readings', { car_id: car, odometer_km: 1_000, at });
  await logbook.book(drive('before', 90, 7_000), drive('t1', 60, 10_000), drive('t2', 50, 20_000));
  const calibrate = (body: object, query = '') =>
    logbook.ask(JAN, 'POST', `/odometer/calibrate${query}`, { car_id: car, ...body });
  return { ...logbook, car, calibrate };
}

describe('POST /odometer/calibrate', () => {
  it('spreads what the odometer says over the trips since it said something last', async () => {
    const { calibrate, deps, get } = await withMeasured();
    const answer = await calibrate({ odometer_km: 1_033 });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      changed: 2,
      reading: { odometer_km: 1_033, source: 'manual', suspicious: false },
      totals: { before: { total_km: 30 }, after: { total_km: 33 } },
    });
    expect((await get('/trips/t1')).body).toMatchObject({
      distance_km: 11,
      distance_source: 'odometer',
      gps_distance_km: 10,
      start_odometer_km: 1_000,
      end_odometer_km: 1_011,
      start_odometer_estimated: true,
    });
    expect((await get('/trips/before')).body.distance_km).toBe(7);
    expect((await get('/odometer/compare')).body.cars).toMatchObject([{ status: 'ok', gaps: [] }]);
    await tripsOf(deps.store.forUser(JAN));
  });

  it('is undone as one; the reading stays', async () => {
    const { ask, calibrate, get } = await withMeasured();
    const trips = (await get('/trips')).body.trips.map((trip: object) => ({ ...trip, updated_at: '' }));
    const { activity_id: id } = (await calibrate({ odometer_km: 1_033 })).body;
    const undone = await ask(JAN, 'POST', `/activity/${id}/undo`);
    expect(undone.body).toMatchObject({ cause: 'calibration', count: 2 });
    expect((await get('/trips')).body.trips.map((trip: object) => ({ ...trip, updated_at: '' }))).toEqual(trips);
    expect((await get('/odometer-readings')).body.odometer_readings).toHaveLength(2);
  });

  it('writes nothing on trial, and nothing when it cannot be spread', async () => {
    const { calibrate, storePath } = await withMeasured();
    const before = dump(storePath, JAN);
    expect((await calibrate({ odometer_km: 1_033 }, '?dry_run=true')).body).toMatchObject({
      changed: 2,
      reading: null,
    });
    const far = await calibrate({ odometer_km: 1_080 });
    expect([far.status, fieldsOf(far)]).toEqual([422, ['odometer_km']]);
    expect(dump(storePath, JAN)).toEqual(before);
  });

  it('names what is wrong', async () => {
    const { ask, calibrate } = await withMeasured();
    expect(fieldsOf(await calibrate({}))).toEqual(['odometer_km']);
    expect(fieldsOf(await calibrate({ odometer_km: 1_033, color: 1 }))).toEqual(['color']);
    const other = (await ask(PIET, 'POST', '/cars', { name: 'Polo' })).body.id;
    const theirs = await calibrate({ car_id: other, odometer_km: 1_033 });
    expect([theirs.status, fieldsOf(theirs)]).toEqual([422, ['car_id']]);
    const first = await ask(PIET, 'POST', '/odometer/calibrate', { car_id: other, odometer_km: 5 });
    expect([first.status, fieldsOf(first)]).toEqual([422, ['odometer_km']]);
  });

  it('leaves the trips to whoever decides about an odometer that is not believed', async () => {
    const { ask, calibrate, car, get } = await withMeasured();
    const at = new Date(NOW - 2 * HOUR).toISOString();
    await ask(JAN, 'POST', '/odometer-readings', { car_id: car, odometer_km: 1_033.5, at });
    const answer = await calibrate({ odometer_km: 1_030, at: new Date(NOW - HOUR).toISOString() });
    expect(answer.status).toBe(422);
    expect((await get('/trips/t1')).body.distance_km).toBe(10);
  });
});
