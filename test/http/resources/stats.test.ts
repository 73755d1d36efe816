import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../src/seams/store.ts';
import { statsOf } from '../../../src/actions/stats.ts';
import { GROUPINGS } from '../../../src/http/wire/stats.ts';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, HOUR, NOW, openLogbook } from './logbook.ts';
import { runs } from '../../support/runs.ts';

const at = (iso: string) => Date.parse(iso);
const NOTHING = { total_km: 0, business_km: 0, private_km: 0, trip_count: 0, duration_min: 0 };

describe('GET /stats', () => {
  it('of nobody and of nothing are zeros', async () => {
    const { get } = openLogbook();
    expect((await get('/stats')).body).toEqual({ ...NOTHING, by_month: [], by_car: [], by_type: [] });
  });

  it('add up every trip, by month, car and type', async () => {
    const { book, get } = openLogbook();
    await book(
      tripOf({ startedAt: at('2026-01-31T22:30Z'), distanceMetres: 10_001, carId: 'car_b' }),
      tripOf({ startedAt: at('2026-01-31T23:30Z'), distanceMetres: 20_002, type: 'P' }),
      tripOf({
        startedAt: at('2026-02-02T08:00Z'),
        distanceMetres: 30_003,
        type: 'M',
        businessMetres: 10_000,
        carId: 'car_a',
      }),
    );
    const february = { total_km: 50.005, business_km: 10, private_km: 40.005, trip_count: 2, duration_min: 50 };
    const january = { total_km: 10.001, business_km: 10.001, private_km: 0, trip_count: 1, duration_min: 25 };
    const mixed = { total_km: 30.003, business_km: 10, private_km: 20.003, trip_count: 1, duration_min: 25 };
    const own = { total_km: 20.002, business_km: 0, private_km: 20.002, trip_count: 1, duration_min: 25 };
    expect((await get('/stats')).body).toEqual({
      total_km: 60.006,
      business_km: 20.001,
      private_km: 40.005,
      trip_count: 3,
      duration_min: 75,
      by_month: [
        { month: '2026-01', ...january },
        { month: '2026-02', ...february },
      ],
      by_car: [
        { car_id: 'car_a', ...mixed },
        { car_id: 'car_b', ...january },
        { car_id: null, ...own },
      ],
      by_type: [
        { trip_type: 'B', ...january },
        { trip_type: 'M', ...mixed },
        { trip_type: 'P', ...own },
      ],
    });
  });

  it('keep to the period, to the day, in the trip’s own zone', async () => {
    const { book, get } = openLogbook();
    await book(
      tripOf({ startedAt: at('2026-02-28T23:30Z'), distanceMetres: 1_000 }),
      tripOf({ startedAt: at('2026-02-28T23:30Z'), distanceMetres: 2_000, timeZone: 'UTC' }),
      tripOf({ startedAt: at('2025-12-31T12:00Z'), distanceMetres: 4_000 }),
    );
    const km = async (query: string) => (await get(`/stats?${query}`)).body.total_km;
    expect(await km('from=2026-03-01')).toBe(1);
    expect(await km('to=2026-02-28')).toBe(6);
    expect(await km('from=2026-02-28&to=2026-02-28')).toBe(2);
    expect(await km('year=2026')).toBe(3);
    expect(await km('year=2026&month=2')).toBe(2);
    expect(await km('year=2025')).toBe(4);
  });

  it.each([
    ['day', ['2026-03-01', '2026-03-02', '2026-07-01']],
    ['week', ['2026-W09', '2026-W10', '2026-W27']],
    ['month', ['2026-03', '2026-07']],
    ['quarter', ['2026-Q1', '2026-Q3']],
    ['year', ['2026']],
    ['tax_year', ['2026']],
    ['car', ['car_1', null]],
    ['type', ['B', 'P']],
    ['commute', [false, true]],
    ['purpose', ['beurs', null]],
    ['location_pair', ['>', 'loc_a>loc_b']],
  ])('are grouped by %s', async (grouping, keys) => {
    const { book, get } = openLogbook();
    const place = (locationId: string) => ({ lat: 52, lng: 4, address: null, locationId });
    await book(
      tripOf({ startedAt: at('2026-03-01T10:00Z'), carId: 'car_1', purpose: 'beurs' }),
      tripOf({ startedAt: at('2026-03-02T10:00Z'), commute: true, from: place('loc_a'), to: place('loc_b') }),
      tripOf({ startedAt: at('2026-07-01T10:00Z'), type: 'P' }),
    );
    const { body } = await get(`/stats?group_by=${grouping}`);
    expect(body.groups.map(({ key }: { key: unknown }) => key)).toEqual(keys);
    const count = body.groups.reduce((sum: number, group: { trip_count: number }) => sum + group.trip_count, 0);
    expect(count).toBe(3);
    if (grouping === 'location_pair') {
      expect(body.groups[1]).toMatchObject({ from_location_id: 'loc_a', to_location_id: 'loc_b', trip_count: 1 });
      expect(body.groups[0]).toMatchObject({ from_location_id: null, to_location_id: null, trip_count: 2 });
    }
  });

  it('group only the period', async () => {
    const { book, get } = openLogbook();
    await book(tripOf({ startedAt: NOW - 40 * DAY, purpose: 'old' }), tripOf({ startedAt: NOW - DAY, purpose: 'new' }));
    for (const grouping of ['purpose', 'month']) {
      expect((await get(`/stats?from=2026-03-01&group_by=${grouping}`)).body.groups).toHaveLength(1);
    }
  });

  it('read one document per month, however many trips', async () => {
    const { book, deps } = openLogbook();
    await book(...Array.from({ length: 300 }, (_, i) => tripOf({ startedAt: NOW - i * 6 * HOUR })));
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
    const stats = await statsOf(counted, { from: '2026-01-01', to: '2026-03-31' }, 'day');
    expect(stats.total.trips).toBeGreaterThan(250);
    expect(read).toEqual(['month', 'month', 'month']);
  });

  it.each([
    ['month=3', 'month'],
    ['year=26', 'year'],
    ['from=2026-02-30', 'from'],
    ['from=2026-03-02&to=2026-03-01', 'to'],
    ['year=2026&to=2026-03-01', 'year'],
    ['group_by=moon', 'group_by'],
    ['amounts=yes', 'amounts'],
    ['unit=m', 'unit'],
    ['limit=5', 'limit'],
  ])('refuse %s with 400', async (query, field) => {
    const { get } = openLogbook();
    const answer = await get(`/stats?${query}`);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, [field]]);
  });

  it('are nobody else’s', async () => {
    const { book, get } = openLogbook();
    await book(tripOf());
    expect((await get('/stats', PIET)).body).toMatchObject(NOTHING);
  });
});

describe('tax years', () => {
  it.each([
    ['NL', ['2025', '2026']],
    ['US', ['2025', '2026']],
    ['GB', ['2024/25', '2025/26', '2026/27']],
  ])('begin as the scheme of %s says', async (scheme, keys) => {
    const { ask, book, get } = openLogbook();
    await ask(JAN, 'PUT', '/rates', { scheme });
    await book(
      tripOf({ startedAt: at('2025-04-05T12:00Z') }),
      tripOf({ startedAt: at('2025-04-06T12:00Z') }),
      tripOf({ startedAt: at('2026-04-05T12:00Z') }),
      tripOf({ startedAt: at('2026-04-06T12:00Z') }),
    );
    const { body } = await get('/stats?group_by=tax_year');
    expect(body.groups.map(({ key }: { key: unknown }) => key)).toEqual(keys);
    expect(body.groups.reduce((sum: number, group: Sums) => sum + group.trip_count, 0)).toBe(4);
  });
});

describe('miles', () => {
  it('come beside the kilometres, where they are asked for', async () => {
    const { book, get } = openLogbook();
    await book(
      tripOf({ distanceMetres: 16_093, type: 'M', businessMetres: 8_047, startedAt: at('2026-03-01T10:00Z') }),
    );
    const miles = { total_mi: 10, business_mi: 5, private_mi: 5 };
    const { body } = await get('/stats?unit=mi&group_by=month');
    for (const sums of [body, body.by_month[0], body.by_car[0], body.by_type[0], body.groups[0]]) {
      expect(sums).toMatchObject({ total_km: 16.093, ...miles });
    }
    expect((await get('/stats?unit=km')).body).not.toHaveProperty('total_mi');
  });
});

describe('amounts', () => {
  const MILES_9_990 = 16_077_347;

  it('are what business kilometres bring by the rate of their day, each trip rounded by itself', async () => {
    const { book, get } = openLogbook();
    await book(
      tripOf({ startedAt: at('2022-12-31T12:00Z'), distanceMetres: 100_000 }),
      tripOf({ startedAt: at('2023-01-01T12:00Z'), distanceMetres: 100_000 }),
      tripOf({ startedAt: at('2026-03-01T12:00Z'), distanceMetres: 12_345, commute: true }),
      tripOf({ startedAt: at('2026-03-01T13:00Z'), distanceMetres: 12_345 }),
      tripOf({ startedAt: at('2026-03-02T13:00Z'), distanceMetres: 50_000, type: 'M', businessMetres: 10_000 }),
      tripOf({ startedAt: at('2027-01-01T13:00Z'), distanceMetres: 7_000 }),
      tripOf({ startedAt: at('2027-01-01T14:00Z'), distanceMetres: 7_000, type: 'P' }),
    );
    const { body } = await get('/stats?amounts=true&group_by=year');
    expect(body.reimbursement).toEqual({ amount: 47.98, currency: 'EUR', unrated_km: 7 });
    expect(body.groups.map((group: { reimbursement: object }) => group.reimbursement)).toEqual([
      { amount: 19, currency: 'EUR', unrated_km: 0 },
      { amount: 21, currency: 'EUR', unrated_km: 0 },
      { amount: 7.98, currency: 'EUR', unrated_km: 0 },
      { amount: null, currency: 'EUR', unrated_km: 7 },
    ]);
    expect((await get('/stats')).body).not.toHaveProperty('reimbursement');
  });

  it('are none, not zero, without rates or trips', async () => {
    const { ask, book, get } = openLogbook();
    expect((await get('/stats?amounts=true')).body.reimbursement).toEqual({
      amount: null,
      currency: 'EUR',
      unrated_km: 0,
    });
    await ask(JAN, 'PUT', '/rates', { scheme: 'own' });
    await book(tripOf({ distanceMetres: 1_000 }));
    expect((await get('/stats?amounts=true')).body.reimbursement).toEqual({
      amount: null,
      currency: null,
      unrated_km: 1,
    });
  });

  it('of a period know what was driven before it in the tax year', async () => {
    const { ask, book, get } = openLogbook();
    await ask(JAN, 'PUT', '/rates', { scheme: 'GB' });
    await book(
      tripOf({ startedAt: at('2025-04-04T12:00Z'), distanceMetres: 90_000_000 }),
      tripOf({ startedAt: at('2025-04-07T12:00Z'), distanceMetres: MILES_9_990 }),
      tripOf({ startedAt: at('2026-03-01T12:00Z'), distanceMetres: 32_187 }),
    );
    const { body } = await get('/stats?year=2026&month=3&amounts=true');
    expect(body).toMatchObject({ trip_count: 1, reimbursement: { amount: 7, currency: 'GBP' } });
  });

  it('leave out company cars, which an employer pays for', async () => {
    const { ask, book, get } = openLogbook();
    const company = (await ask(JAN, 'POST', '/cars', { name: 'Golf', company_car: true })).body.id;
    const own = (await ask(JAN, 'POST', '/cars', { name: 'Polo' })).body.id;
    await book(tripOf({ carId: company, distanceMetres: 10_000 }), tripOf({ carId: own, distanceMetres: 10_000 }));
    const { body } = await get('/stats?amounts=true');
    const paid = new Map(
      body.by_car.map((car: { car_id: string; reimbursement: object }) => [car.car_id, car.reimbursement]),
    );
    expect(paid.get(company)).toEqual({ amount: null, currency: 'EUR', unrated_km: 0 });
    expect(paid.get(own)).toEqual({ amount: 2.3, currency: 'EUR', unrated_km: 0 });
  });

  const anyTrip = fc.record({
    startedAt: fc.integer({ min: at('2025-12-01T00:00Z'), max: at('2026-06-30T00:00Z') }),
    carId: fc.constantFrom(null, 'car_1', 'car_2'),
    type: fc.constantFrom('B' as const, 'P' as const, 'M' as const),
    commute: fc.boolean(),
    purpose: fc.constantFrom(null, 'beurs', 'klant'),
    distanceMetres: fc.integer({ min: 0, max: 300_000 }),
  });

  it('and all other sums of groups, however they are grouped, add up to the total', { timeout: 60_000 }, async () => {
    const rates = [
      {
        valid_from: '2026-01-01',
        valid_to: '2026-05-31',
        per: 'mi',
        amount: 0.333,
        currency: 'EUR',
        tiers: [{ over: 100, amount: 0.111 }],
      },
      { valid_from: '2026-02-01', per: 'km', amount: 0.21, currency: 'EUR', car_id: null },
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTrip, { maxLength: 25 }),
        fc.constantFrom('NL', 'US', 'GB', 'own'),
        async (trips, scheme) => {
          const { ask, book, get } = openLogbook();
          await ask(JAN, 'PUT', '/rates', { scheme, rates });
          await book(...trips.map((trip) => tripOf(trip)));
          for (const grouping of GROUPINGS) {
            const { body } = await get(`/stats?amounts=true&group_by=${grouping}`);
            const parts: readonly Paid[] = body.groups;
            expect(paidSum(parts)).toEqual(paidSum([body]));
            for (const list of [body.by_month, body.by_car, body.by_type])
              expect(paidSum(list)).toEqual(paidSum([body]));
            const plain = (await get(`/stats?group_by=${grouping}`)).body;
            expect(parts.map(unpaid)).toEqual(plain.groups);
          }
        },
      ),
      runs(6, 60),
    );
  });
});

interface Paid extends Sums {
  readonly reimbursement: { readonly amount: number | null; readonly unrated_km: number };
}

function unpaid(part: Paid): Sums {
  const { reimbursement: _, ...sums } = part;
  return sums;
}

function paidSum(parts: readonly Paid[]) {
  const sum = (of: (part: Paid) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    total: sum((part) => metres(part.total_km)),
    business: sum((part) => metres(part.business_km)),
    rest: sum((part) => metres(part.private_km)),
    count: sum((part) => part.trip_count),
    cents: sum(({ reimbursement }) => Math.round((reimbursement.amount ?? 0) * 100)),
    unrated: sum(({ reimbursement }) => metres(reimbursement.unrated_km)),
  };
}

describe('totals are sums', () => {
  const anyEdit = fc.record(
    {
      started_at: fc
        .integer({ min: at('2025-12-20T00:00Z'), max: at('2026-01-10T00:00Z') })
        .map((ms) => new Date(ms).toISOString()),
      time_zone: fc.constantFrom('UTC', 'Pacific/Auckland', 'Pacific/Honolulu'),
      trip_type: fc.constantFrom('B', 'P', 'M'),
      commute: fc.boolean(),
      distance_km: fc.integer({ min: 0, max: 90_000 }).map((metres) => metres / 1_000),
      business_km: fc.integer({ min: 0, max: 90_000 }).map((metres) => metres / 1_000),
    },
    { requiredKeys: [] },
  );
  const anyStep = fc.record({ pick: fc.nat(9), edit: fc.option(anyEdit, { freq: 4 }) });

  it('after any mix of edits and deletes', { timeout: 60_000 }, async () => {
    const { ask, book, get } = openLogbook();
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 25 }), async (steps) => {
        for (const { id } of (await get('/trips?limit=200')).body.trips) await ask(JAN, 'DELETE', `/trips/${id}`);
        const trips = Array.from({ length: 6 }, (_, i) =>
          tripOf({ startedAt: at('2025-12-31T20:00Z') + i * HOUR, endedAt: at('2026-01-20T00:00Z') }),
        );
        await book(...trips);
        for (const { pick, edit } of steps) {
          const path = `/trips/${trips[pick % trips.length]?.id}`;
          const answer = edit ? await ask(JAN, 'PATCH', path, edit) : await ask(JAN, 'DELETE', path);
          expect([200, 204, 404, 422]).toContain(answer.status);
        }
        const left = (await get('/trips')).body.trips;
        for (const trip of left)
          expect(metres(trip.business_km) + metres(trip.private_km)).toBe(metres(trip.distance_km));
        const { body } = await get('/stats');
        expect(summed(body)).toEqual(sumsOf(left));
        for (const { month, ...sums } of body.by_month) {
          expect(summed(sums)).toEqual(sumsOf(left.filter(({ date }: { date: string }) => date.startsWith(month))));
        }
        for (const { trip_type: type, ...sums } of body.by_type) {
          expect(summed(sums)).toEqual(sumsOf(left.filter((trip: { trip_type: string }) => trip.trip_type === type)));
        }
      }),
      runs(25, 300),
    );
  });
});

interface Sums {
  readonly total_km: number;
  readonly business_km: number;
  readonly private_km: number;
  readonly trip_count: number;
}

const metres = (km: number) => Math.round(km * 1_000);

function summed({ total_km: total, business_km: business, private_km: rest, trip_count: count }: Sums) {
  return { total: metres(total), business: metres(business), rest: metres(rest), count };
}

function sumsOf(trips: readonly { distance_km: number; business_km: number; private_km: number }[]) {
  const sum = (field: 'distance_km' | 'business_km' | 'private_km') =>
    trips.reduce((total, trip) => total + metres(trip[field]), 0);
  return { total: sum('distance_km'), business: sum('business_km'), rest: sum('private_km'), count: trips.length };
}
