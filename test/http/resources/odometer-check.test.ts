import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, HOUR, NOW, openLogbook } from './logbook.ts';

async function withCar() {
  const logbook = openLogbook();
  const car = (await logbook.ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id as string;
  const drive = (id: string, hoursAgo: number, fromKm: number, toKm: number) => {
    const startedAt = NOW - hoursAgo * HOUR;
    const odometers = { startOdometerMetres: fromKm * 1_000, endOdometerMetres: toKm * 1_000 };
    const distanceMetres = (toKm - fromKm) * 1_000;
    return tripOf({ id, carId: car, startedAt, endedAt: startedAt + HOUR, distanceMetres, ...odometers });
  };
  const read = (km: number, at: number) =>
    logbook.ask(JAN, 'POST', '/odometer-readings', { car_id: car, odometer_km: km, at: new Date(at).toISOString() });
  return { ...logbook, car, drive, read };
}

describe('GET /odometer/compare', () => {
  it('closes each car’s odometer with what no trip accounts for', async () => {
    const { book, car, drive, get, read } = await withCar();
    await book(drive('t1', 60, 100, 120), drive('t2', 50, 155, 165));
    const reading = await read(166, NOW - 40 * HOUR);
    const { cars } = (await get('/odometer/compare')).body;
    expect(cars).toEqual([
      {
        car_id: car,
        status: 'warning',
        readings: 1,
        trips: 2,
        first_odometer_km: 100,
        last_odometer_km: 166,
        gaps: [
          {
            id: 'gap-t1-t2',
            km: 35,
            logged_km: 0,
            from_odometer_km: 120,
            to_odometer_km: 155,
            from_at: new Date(NOW - 59 * HOUR).toISOString(),
            to_at: new Date(NOW - 50 * HOUR).toISOString(),
            after_trip_id: 't1',
            before_trip_id: 't2',
          },
          expect.objectContaining({ id: `gap-t2-${reading.body.id}`, km: 1, before_trip_id: null }),
        ],
        by_month: [{ month: '2026-03', driven_km: 66, logged_km: 30, gap_km: 36 }],
      },
    ]);
  });

  it('is content with what rounding hides', async () => {
    const { book, drive, get } = await withCar();
    await book(drive('t1', 60, 100, 120), drive('t2', 50, 121, 130));
    expect((await get('/odometer/compare')).body.cars).toMatchObject([{ status: 'ok', gaps: [{ km: 1 }] }]);
  });

  it('says the same bytes for the same data, under its old name too, and for one car alone', async () => {
    const { ask, book, car, drive, get } = await withCar();
    await book(drive('t2', 50, 155, 165), drive('t1', 60, 100, 120));
    const first = (await get('/odometer/compare')).text;
    await ask(JAN, 'POST', '/cars', { name: 'Polo' });
    const both = (await get('/audi/compare')).text;
    expect(JSON.parse(both).cars).toHaveLength(2);
    expect((await get(`/odometer/compare?car_id=${car}`)).text).toBe(first);
    expect((await get('/odometer/compare')).text).toBe(both);
  });

  it('changes with a trip that is deleted, and back again', async () => {
    const { ask, book, drive, get } = await withCar();
    await book(drive('t1', 60, 100, 120), drive('t2', 50, 120, 140), drive('t3', 40, 140, 150));
    const before = (await get('/odometer/compare')).text;
    await ask(JAN, 'DELETE', '/trips/t2');
    expect((await get('/odometer/compare')).body.cars).toMatchObject([{ gaps: [{ id: 'gap-t1-t3', km: 20 }] }]);
    const [entry] = (await get('/activity')).body.activity;
    await ask(JAN, 'POST', `/activity/${entry.id}/undo`);
    expect((await get('/odometer/compare')).text).toBe(before);
  });

  it('knows nobody else’s cars, and names what is wrong', async () => {
    const { get } = await withCar();
    expect((await get('/odometer/compare', PIET)).body).toEqual({ cars: [] });
    expect((await get('/odometer/compare?car_id=car_none')).status).toBe(404);
    expect(fieldsOf(await get('/odometer/compare?car=1'))).toEqual(['car']);
  });

  it('knows a long logbook whole', async () => {
    const { book, drive, get } = await withCar();
    for (let i = 0; i < 2_000; i += 500) {
      await book(
        ...Array.from({ length: 500 }, (_, j) =>
          drive(`t${i + j}`, 3 * DAY + (2_000 - i - j) * 3, (i + j) * 10, (i + j) * 10 + 9),
        ),
      );
    }
    const { cars } = (await get('/odometer/compare')).body;
    expect(cars[0]).toMatchObject({ trips: 2_000, status: 'ok' });
    expect(cars[0].gaps).toHaveLength(1_999);
  });
});
