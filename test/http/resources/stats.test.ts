import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../src/seams/store.ts';
import { statsOf } from '../../../src/actions/stats.ts';
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
