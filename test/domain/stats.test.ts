import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate } from '../../src/domain/calendar.ts';
import { holds, monthPeriod, yearPeriod } from '../../src/domain/periods.ts';
import {
  addRow,
  Groups,
  NOTHING,
  pairKey,
  pairOf,
  plus,
  removeRow,
  ROW_KEYS,
  rowOf,
  rowsWithin,
  type MonthRows,
  type StatRow,
} from '../../src/domain/stats.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { tripOf } from '../support/trips.ts';

const anyTrip: fc.Arbitrary<Trip> = fc
  .record({
    startedAt: fc.integer({ min: Date.parse('2026-03-01T00:00Z'), max: Date.parse('2026-03-31T20:00Z') }),
    carId: fc.constantFrom(null, 'car_1', 'car_2'),
    type: fc.constantFrom('B' as const, 'P' as const, 'M' as const),
    commute: fc.boolean(),
    distanceMetres: fc.integer({ min: 0, max: 500_000 }),
  })
  .map(tripOf);

const rowOfTrip = (trip: Trip) => rowOf(trip, localDate(trip.startedAt, trip.timeZone));
const EMPTY: MonthRows = { month: '2026-03', rows: {} };

describe('month rows', () => {
  it('add up to the trips that are left after any mix of adding and taking out', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyTrip, fc.boolean()), { maxLength: 40 }), (trips) => {
        let month = trips.reduce((rows, [trip]) => addRow(rows, rowOfTrip(trip)), EMPTY);
        for (const [trip, goes] of trips) if (goes) month = removeRow(month, rowOfTrip(trip));
        const left = trips.filter(([, goes]) => !goes).map(([trip]) => rowOfTrip(trip));
        const rows = Object.values(month.rows);
        expect(rows.reduce(plus, NOTHING)).toEqual(left.reduce(plus, NOTHING));
        expect(rows.every(({ trips: count }) => count > 0)).toBe(true);
      }),
    );
  });

  it('are chosen by the day', () => {
    const rows = ['2026-03-01', '2026-03-02', '2026-03-03'].map((date) => rowOf(tripOf(), date));
    const month = rows.reduce(addRow, EMPTY);
    expect(rowsWithin(month, { from: '2026-03-02', to: null }).map(({ date }) => date)).toEqual([
      '2026-03-02',
      '2026-03-03',
    ]);
    expect(rowsWithin(month, { from: '2026-03-02', to: '2026-03-02' })).toHaveLength(1);
  });
});

describe('groups', () => {
  it.each([
    ['day', '2026-01-01', '2026-01-01'],
    ['week', '2026-01-01', '2026-W01'],
    ['week', '2027-01-01', '2026-W53'],
    ['month', '2026-12-31', '2026-12'],
    ['quarter', '2026-03-31', '2026-Q1'],
    ['quarter', '2026-04-01', '2026-Q2'],
    ['quarter', '2026-12-31', '2026-Q4'],
    ['year', '2026-12-31', '2026'],
    ['tax_year', '2026-12-31', '2026'],
  ] as const)('by %s put %s under %s', (grouping, date, key) => {
    const row: StatRow = rowOf(tripOf(), date);
    expect(ROW_KEYS[grouping](row, 'NL')).toBe(key);
  });

  it.each([
    ['2026-04-05', '2025/26'],
    ['2026-04-06', '2026/27'],
  ])('by tax year, in Britain, put %s under %s', (date, key) => {
    expect(ROW_KEYS.tax_year(rowOf(tripOf(), date), 'GB')).toBe(key);
  });

  it('come in the order of their keys, those of none last', () => {
    const groups = new Groups();
    for (const key of ['b', null, 'a', 'b']) groups.add(key, { ...NOTHING, trips: 1 });
    expect(groups.inOrder().map(({ key, sum }) => [key, sum.trips])).toEqual([
      ['a', 1],
      ['b', 2],
      [null, 1],
    ]);
  });

  it('tell the ways between locations apart', () => {
    const at = (locationId: string | null) => ({ lat: null, lng: null, address: null, locationId });
    for (const [from, to] of [
      ['loc_a', 'loc_b'],
      [null, 'loc_b'],
      ['loc_a', null],
      [null, null],
    ] as const) {
      expect(pairOf(pairKey(at(from), at(to)))).toEqual({ from, to });
    }
    expect(pairKey(null, null)).toBe(pairKey(at(null), at(null)));
  });
});

describe('periods', () => {
  it('hold their first and their last day', () => {
    const february = monthPeriod(2028, 2);
    expect(february).toEqual({ from: '2028-02-01', to: '2028-02-29' });
    expect(['2028-01-31', '2028-02-01', '2028-02-29', '2028-03-01'].map((date) => holds(february, date))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(holds(yearPeriod(2026), '2026-12-31')).toBe(true);
    expect(holds({ from: null, to: null }, '1999-01-01')).toBe(true);
  });
});
