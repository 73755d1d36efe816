import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../src/seams/store.ts';
import { findBudget } from '../../../src/actions/budget.ts';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, openLogbook } from './logbook.ts';

const at = (iso: string) => Date.parse(iso);

async function withCars() {
  const logbook = openLogbook();
  const add = async (body: object, user = JAN) => (await logbook.ask(user, 'POST', '/cars', body)).body.id as string;
  const golf = await add({ name: 'Golf', company_car: true });
  const polo = await add({ name: 'Polo' });
  return { ...logbook, add, golf, polo };
}

describe('GET /stats/budget', () => {
  it('tells of a company car what is used and left, month by month, and as both taxes see it', async () => {
    const { golf, polo, book, get } = await withCars();
    const car = { carId: golf };
    await book(
      tripOf({ ...car, startedAt: at('2025-12-31T23:30Z'), distanceMetres: 30_000, type: 'P' }),
      tripOf({ ...car, startedAt: at('2025-12-31T22:30Z'), distanceMetres: 99_000, type: 'P' }),
      tripOf({ ...car, startedAt: at('2026-01-20T08:00Z'), distanceMetres: 20_000, commute: true }),
      tripOf({ ...car, startedAt: at('2026-02-20T08:00Z'), distanceMetres: 50_000, type: 'M', businessMetres: 35_000 }),
      tripOf({ ...car, startedAt: at('2026-02-21T08:00Z'), distanceMetres: 12_000 }),
      tripOf({ carId: polo, startedAt: at('2026-02-21T12:00Z'), distanceMetres: 77_000, type: 'P' }),
    );
    const { status, body } = await get('/stats/budget?year=2026');
    expect(status).toBe(200);
    const none = { business_km: 0, commute_km: 0, private_trips_km: 0, private_parts_km: 0, unexplained_km: 0 };
    expect(body).toEqual({
      year: 2026,
      cars: [
        {
          car_id: golf,
          company_car: true,
          limit_km: 500,
          private_km: 45,
          left_km: 455,
          crossed_on: null,
          business_km: 47,
          commute_km: 20,
          private_trips_km: 30,
          private_parts_km: 15,
          unexplained_km: 0,
          forecast: {
            status: 'by_pace',
            private_km: 238.044,
            crosses_on: null,
            known_from: '2026-01-01',
            known_days: 69,
          },
          views: {
            wage_tax: { business_km: 67, private_km: 45 },
            vat: { business_km: 47, private_km: 65, commute_km: 20 },
          },
          by_month: [
            { month: '2026-01', ...none, commute_km: 20, private_trips_km: 30, private_km: 30 },
            { month: '2026-02', ...none, business_km: 47, private_parts_km: 15, private_km: 15 },
            { month: '2026-03', ...none, private_km: 0 },
          ],
        },
      ],
    });
    expect((await get('/stats/budget')).body).toEqual(body);
  });

  it('counts what the odometer says and no trip explains, when that became known', async () => {
    const { golf, ask, book, get } = await withCars();
    const read = (odometer: number, iso: string) =>
      ask(JAN, 'POST', '/odometer-readings', { car_id: golf, odometer_km: odometer, at: iso });
    await read(1_000, '2025-12-20T12:00:00Z');
    await read(1_400, '2026-01-05T12:00:00Z');
    await read(1_400.9, '2026-01-06T12:00:00Z');
    await book(tripOf({ carId: golf, startedAt: at('2026-02-01T12:00Z'), distanceMetres: 50_000 }));
    await read(1_600.9, '2026-02-03T12:00:00Z');
    const [car] = (await get('/stats/budget?year=2026')).body.cars;
    expect(car).toMatchObject({ unexplained_km: 550, private_km: 550, left_km: 0, crossed_on: '2026-02-03' });
    expect(car.by_month.map((month: { unexplained_km: number }) => month.unexplained_km)).toEqual([400, 150, 0]);
    expect((await get('/stats/budget?year=2025')).body.cars[0]).toMatchObject({ unexplained_km: 0 });
  });

  it('answers a car that is named, company car or not, and archived ones that were driven', async () => {
    const { golf, polo, ask, book, get, clock } = await withCars();
    expect((await get(`/stats/budget?car_id=${polo}`)).body.cars).toMatchObject([{ car_id: polo, company_car: false }]);
    await book(tripOf({ carId: golf, startedAt: at('2025-06-01T12:00Z') }));
    await book(tripOf({ carId: golf, startedAt: at('2026-01-05T12:00Z') }));
    expect((await get('/stats/budget')).body.cars[0].forecast.status).toBe('by_pace');
    await ask(JAN, 'DELETE', `/cars/${golf}`);
    clock.advance(DAY);
    expect((await get('/stats/budget')).body.cars[0].forecast.status).toBe('final');
    expect((await get('/stats/budget?year=2025')).body.cars).toMatchObject([{ car_id: golf }]);
    expect((await get('/stats/budget?year=2027')).body.cars).toEqual([]);
  });

  it('of another’s car, or of none, is 404', async () => {
    const { golf, get } = await withCars();
    expect((await get(`/stats/budget?car_id=${golf}`, PIET)).status).toBe(404);
    expect((await get('/stats/budget?car_id=car_nobodys')).status).toBe(404);
    expect((await get('/stats/budget', PIET)).body).toEqual({ year: 2026, cars: [] });
  });

  it('reads one document per month besides the trips and readings of the chain', async () => {
    const { golf, book, deps } = await withCars();
    await book(
      ...Array.from({ length: 40 }, (_, i) =>
        tripOf({ carId: golf, startedAt: at('2026-02-01T08:00Z') + i * 43_200_000 }),
      ),
    );
    const read: Kind[] = [];
    const user = deps.store.forUser(JAN);
    const counted: typeof user = {
      ...user,
      list: async (kind, query) => {
        const rows = await user.list(kind, query);
        read.push(...rows.map(() => kind));
        return rows;
      },
    };
    await findBudget(deps, counted, { year: 2026, carId: golf });
    expect(read.filter((kind) => kind === 'month')).toHaveLength(1);
    expect(read.filter((kind) => kind === 'trip')).toHaveLength(40);
  });

  it.each([
    ['year=26', 'year'],
    ['year=3000', 'year'],
    ['year=2026.5', 'year'],
    ['car_id=a%20b', 'car_id'],
    ['month=3', 'month'],
    ['amounts=true', 'amounts'],
  ])('refuses %s with 400', async (query, field) => {
    const { get } = openLogbook();
    const answer = await get(`/stats/budget?${query}`);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, [field]]);
  });
});
