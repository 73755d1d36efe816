import { describe, expect, it } from 'vitest';
import { gapsOf, linksOf, type ChainTrip } from '../../src/domain/odometer-chain.ts';
import type { OdometerReading } from '../../src/domain/odometer-readings.ts';
import {
  daysAvailable,
  odometerAt,
  odometersOf,
  unexplainedMetres,
  wasAvailable,
} from '../../src/domain/reports/car-facts.ts';
import { DUTCH_KEYS, ENGLISH_KEYS } from '../support/report-words.ts';
import { GOLF } from '../http/reports/book.ts';
import { tripOf } from '../support/trips.ts';

const ZONE = 'Europe/Amsterdam';
const YEAR = { from: '2026-01-01', to: '2026-12-31' };

function trip(start: string, from: number | null, to: number | null, metres = 10_000): ChainTrip {
  const startedAt = Date.parse(start);
  const odometers = { startOdometerMetres: from, endOdometerMetres: to };
  return tripOf({ startedAt, endedAt: startedAt + 3_600_000, distanceMetres: metres, ...odometers });
}

function reading(at: string, odometerMetres: number): OdometerReading {
  const said = { carId: 'c', source: 'manual', suspicious: false, note: null, createdAt: 0 };
  return { id: at, at: Date.parse(at), odometerMetres, ...said };
}

describe('the odometer on a day', () => {
  const links = linksOf(
    [reading('2026-06-30T21:59:59Z', 70_000)],
    [trip('2026-03-01T08:00:00Z', 50_000, 60_000), trip('2026-12-31T22:30:00Z', 70_000, 80_000)],
  );

  it('is what was last known by then, by the clock of the driver', () => {
    expect(odometerAt(links, '2026-03-01', 'end', ZONE)).toEqual({ date: '2026-03-01', metres: 60_000, knownOn: null });
    expect(odometerAt(links, '2026-07-01', 'start', ZONE)).toEqual({
      date: '2026-07-01',
      metres: 70_000,
      knownOn: '2026-06-30',
    });
    expect(odometerAt(links, '2026-06-30', 'start', ZONE)).toMatchObject({ metres: 60_000, knownOn: '2026-03-01' });
  });

  it('is that before a drive into the new year', () => {
    expect(odometerAt(links, '2026-12-31', 'end', ZONE)).toMatchObject({ metres: 70_000 });
  });

  it('is what was first known where nothing was before, and nothing of nothing', () => {
    expect(odometerAt(links, '2026-01-01', 'start', ZONE)).toMatchObject({ metres: 50_000, knownOn: '2026-03-01' });
    expect(odometerAt([], '2026-01-01', 'start', ZONE)).toEqual({ date: '2026-01-01', metres: null, knownOn: null });
  });

  it('is told at both ends of the period, of whole years where they are asked for, and of no day to come', () => {
    const dates = (from: string | null, to: string | null, today: string, years: boolean) =>
      odometersOf(links, { from, to }, today, years, ZONE).map(({ date }) => date);
    expect(dates('2026-02-01', '2026-03-31', '2027-01-05', false)).toEqual(['2026-02-01', '2026-03-31']);
    expect(dates('2026-02-01', '2026-03-31', '2027-01-05', true)).toEqual([
      '2026-01-01',
      '2026-02-01',
      '2026-03-31',
      '2026-12-31',
    ]);
    expect(dates('2026-01-01', '2026-12-31', '2026-05-05', true)).toEqual(['2026-01-01', '2026-05-05']);
    expect(dates(null, null, '2027-01-05', true)).toEqual([
      '2026-01-01',
      '2026-03-01',
      '2026-12-31',
      '2027-01-01',
      '2027-01-05',
    ]);
  });
});

describe('the days a car was there', () => {
  const links = linksOf([], [trip('2026-03-01T08:00:00Z', 50_000, 60_000)]);
  const datesOf = (from: string | null, to: string | null) => {
    const car = { ...GOLF, availableFrom: '2026-02-01', availableTo: '2026-09-30' };
    const days = daysAvailable(car, { from, to });
    return odometersOf(links, days, '2028-01-05', true, ZONE, car).map(({ date }) => date);
  };

  it.each([
    ['2025-11-20', '2026-03-31', ['2026-02-01', '2026-03-31']],
    ['2026-01-01', '2026-12-31', ['2026-02-01', '2026-09-30']],
    [null, null, ['2026-02-01', '2026-09-30']],
    ['2027-01-01', '2027-12-31', ['2027-01-01', '2027-12-31']],
  ])('of %s to %s', (from, to, dates) => expect(datesOf(from, to)).toEqual(dates));
});

describe('what is unexplained', () => {
  const sum = (trips: readonly ChainTrip[], readings: readonly OdometerReading[] = []) =>
    unexplainedMetres(gapsOf(linksOf(readings, trips), trips), YEAR, ZONE);

  it('is what the odometer tells and no trip, beyond what rounding can hide', () => {
    expect(sum([trip('2026-03-01T08:00:00Z', 0, 10_000), trip('2026-03-02T08:00:00Z', 15_000, 25_000)])).toBe(5_000);
    expect(sum([trip('2026-03-01T08:00:00Z', 0, 10_000), trip('2026-03-02T08:00:00Z', 11_000, 21_000)])).toBe(0);
  });

  it('is less what trips without odometers account for, and never less than nothing', () => {
    const between = trip('2026-03-01T12:00:00Z', null, null, 3_000);
    const ends = [trip('2026-03-01T08:00:00Z', 0, 10_000), trip('2026-03-02T08:00:00Z', 15_000, 25_000)];
    expect(sum([...ends, between])).toBe(2_000);
    expect(sum([trip('2026-03-01T08:00:00Z', 0, 10_000), trip('2026-03-02T08:00:00Z', 5_000, 15_000)])).toBe(0);
  });

  it('is of the period in which it became known', () => {
    const readings = [reading('2025-12-30T12:00:00Z', 0), reading('2025-12-31T12:00:00Z', 9_000)];
    expect(sum([], [...readings, reading('2026-01-02T12:00:00Z', 20_000)])).toBe(11_000);
  });
});

describe('a car belongs into a report', () => {
  const isIn = (parts: object) => wasAvailable({ ...GOLF, availableFrom: null, ...parts }, YEAR, ZONE);

  it('of a period in which it was there', () => {
    expect(isIn({})).toBe(true);
    expect(isIn({ availableTo: '2026-01-01' })).toBe(true);
    expect(isIn({ availableTo: '2025-12-31' })).toBe(false);
    expect(isIn({ availableFrom: '2027-01-01' })).toBe(false);
    expect(isIn({ archivedAt: Date.parse('2025-06-01') })).toBe(false);
    expect(isIn({ ignored: true })).toBe(false);
  });
});

describe('the words of reports', () => {
  it('are there in both languages, every one', () => {
    expect(DUTCH_KEYS).toEqual(ENGLISH_KEYS);
    expect(ENGLISH_KEYS.length).toBeGreaterThan(100);
  });
});
