import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainOf, isOpen } from '../../src/domain/odometer-chain.ts';
import type { OdometerReading } from '../../src/domain/odometer-readings.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { runs } from '../support/runs.ts';
import { tripOf } from '../support/trips.ts';

const ZONE = 'Europe/Amsterdam';
const NOON = Date.parse('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;

function reading(id: string, hours: number, km: number, suspicious = false): OdometerReading {
  const at = NOON + hours * HOUR;
  return { id, carId: 'car', odometerMetres: km * 1_000, at, source: 'manual', suspicious, note: null, createdAt: at };
}

/** An hour long; `null`: that odometer is not known. */
function trip(id: string, hours: number, fromKm: number | null, toKm: number | null, km?: number): Trip {
  const startedAt = NOON + hours * HOUR;
  const metresOf = (value: number | null) => value && value * 1_000;
  const driven = fromKm !== null && toKm !== null ? toKm - fromKm : 0;
  return tripOf({
    id,
    startedAt,
    endedAt: startedAt + HOUR,
    startOdometerMetres: metresOf(fromKm),
    endOdometerMetres: metresOf(toKm),
    distanceMetres: (km ?? driven) * 1_000,
  });
}

describe('the chain of an odometer', () => {
  it('has no gap where each trip begins where the one before ended', () => {
    const chain = chainOf(
      [reading('r1', -1, 100), reading('r2', 9, 130)],
      [trip('t1', 0, 100, 120), trip('t2', 3, 120, 130)],
      ZONE,
    );
    expect(chain).toMatchObject({ readings: 2, trips: 2, firstMetres: 100_000, lastMetres: 130_000, gaps: [] });
    expect(chain.byMonth).toEqual([{ month: '2026-03', drivenMetres: 30_000, loggedMetres: 30_000 }]);
  });

  it('names a gap with all that bounds it, the same each time', () => {
    const trips = [trip('t1', 0, 100, 120), trip('t2', 5, 150, 160)];
    const { gaps } = chainOf([reading('r1', 2, 140)], trips, ZONE);
    expect(gaps).toEqual([
      {
        id: 'gap-t1-r1',
        metres: 20_000,
        loggedMetres: 0,
        fromMetres: 120_000,
        toMetres: 140_000,
        fromAt: NOON + HOUR,
        toAt: NOON + 2 * HOUR,
        afterTripId: 't1',
        beforeTripId: 't2',
      },
      expect.objectContaining({ id: 'gap-r1-t2', metres: 10_000, afterTripId: 't1', beforeTripId: 't2' }),
    ]);
    expect(chainOf([reading('r1', 2, 140)], trips.toReversed(), ZONE).gaps).toEqual(gaps);
  });

  it('has no trip before its first gap, and none behind its last', () => {
    const { gaps } = chainOf([reading('a', -9, 90), reading('b', 9, 125)], [trip('t', 0, 100, 120)], ZONE);
    expect(gaps).toMatchObject([
      { afterTripId: null, beforeTripId: 't', metres: 10_000 },
      { afterTripId: 't', beforeTripId: null, metres: 5_000 },
    ]);
  });

  it('counts an overlap as a negative gap', () => {
    const { gaps } = chainOf([], [trip('t1', 0, 100, 120), trip('t2', 3, 115, 130)], ZONE);
    expect(gaps).toMatchObject([{ metres: -5_000, fromMetres: 120_000, toMetres: 115_000 }]);
  });

  it('does not ask readings that are not believed, nor those within a trip that knows both', () => {
    const readings = [reading('wild', 2, 900, true), reading('inside', 0.5, 107), reading('edge', 1, 121)];
    expect(chainOf(readings, [trip('t1', 0, 100, 120), trip('t2', 3, 120, 130)], ZONE).gaps).toEqual([]);
  });

  it('is not interrupted by a trip within another', () => {
    const trips = [trip('long', 0, 100, 120), { ...trip('short', 0.25, 105, 110), endedAt: NOON + 0.5 * HOUR }];
    const { gaps, lastMetres } = chainOf([reading('inside', 0.75, 500), reading('r', 4, 120)], trips, ZONE);
    expect(gaps.map(({ metres }) => metres)).toEqual([-15_000, 10_000]);
    expect(lastMetres).toBe(120_000);
  });

  it('says what trips without odometers account for in a gap', () => {
    const trips = [
      trip('t1', 0, 100, 120),
      trip('gps', 2, null, null, 18),
      trip('half', 4, null, 150, 11),
      trip('t2', 6, 150, 160),
    ];
    const { gaps } = chainOf([], trips, ZONE);
    expect(gaps).toMatchObject([{ id: 'gap-t1-half', metres: 30_000, loggedMetres: 29_000, beforeTripId: 'half' }]);
    expect(gaps.map(isOpen)).toEqual([false]);
  });

  it('counts a trip that knows only its start in the gap behind it', () => {
    const { gaps } = chainOf([reading('r', 5, 130)], [trip('half', 0, 100, null, 25)], ZONE);
    expect(gaps).toMatchObject([{ metres: 30_000, loggedMetres: 25_000, afterTripId: 'half' }]);
    expect(gaps.map(isOpen)).toEqual([true]);
  });

  it('gives a trip to the month of its own zone, and a gap to the month it became known in', () => {
    const night = Date.parse('2026-02-28T23:30:00Z');
    const first = { ...trip('t1', 0, 100, 120), startedAt: night, endedAt: night + HOUR, timeZone: 'Europe/London' };
    const { byMonth } = chainOf([], [first, trip('t2', 0, 125, 135)], ZONE);
    expect(byMonth).toEqual([
      { month: '2026-02', drivenMetres: 20_000, loggedMetres: 20_000 },
      { month: '2026-03', drivenMetres: 15_000, loggedMetres: 10_000 },
    ]);
  });

  it('is empty where nothing was said', () => {
    expect(chainOf([], [], ZONE)).toEqual({
      readings: 0,
      trips: 0,
      firstMetres: null,
      lastMetres: null,
      gaps: [],
      byMonth: [],
    });
  });

  it('closes: whole trips and signed gaps add up to last minus first, and the months to all of it', () => {
    const km = fc.integer({ min: 0, max: 1_000 });
    const hours = fc.integer({ min: 0, max: 2_000 });
    const anyTrip = fc
      .tuple(hours, fc.option(km), fc.option(km), km)
      .map(([at, from, to, far]) => ({ at, from, to, far }));
    const anyReading = fc.tuple(hours, km, fc.boolean());
    fc.assert(
      fc.property(fc.array(anyTrip, { maxLength: 20 }), fc.array(anyReading, { maxLength: 20 }), (drives, said) => {
        const trips = drives.map(({ at, from, to, far }, i) => trip(`t${i}`, at, from, to, far));
        const readings = said.map(([at, value, suspicious], i) => reading(`r${i}`, at, value, suspicious));
        const chain = chainOf(readings, trips, ZONE);
        const whole = trips.flatMap(({ startOdometerMetres: from, endOdometerMetres: to }) =>
          from === null || to === null ? [] : [to - from],
        );
        const driven = [...whole, ...chain.gaps.map(({ metres }) => metres)].reduce((sum, metres) => sum + metres, 0);
        expect(driven).toBe((chain.lastMetres ?? 0) - (chain.firstMetres ?? 0));
        expect(chain.byMonth.reduce((sum, { drivenMetres }) => sum + drivenMetres, 0)).toBe(driven);
        const logged = trips.reduce((sum, { distanceMetres }) => sum + distanceMetres, 0);
        expect(chain.byMonth.reduce((sum, { loggedMetres }) => sum + loggedMetres, 0)).toBe(logged);
        expect(chainOf(readings.toReversed(), trips.toReversed(), ZONE)).toEqual(chain);
      }),
      runs(200, 5_000),
    );
  });
});
