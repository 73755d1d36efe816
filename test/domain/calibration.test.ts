import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied, calibrationOf } from '../../src/domain/calibration.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { runs } from '../support/runs.ts';
import { tripOf } from '../support/trips.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const FROM = { metres: 1_000_000, at: NOON };

function drive(hours: number, metres: number, change: Partial<Trip> = {}): Trip {
  return tripOf({ id: `t${hours}`, startedAt: NOON + hours * HOUR, distanceMetres: metres, ...change });
}

function to(metres: number) {
  return { metres: FROM.metres + metres, at: NOON + 1_000 * HOUR };
}

describe('a real reading', () => {
  it('is spread in proportion, and the odometers follow one another', () => {
    const plan = calibrationOf([drive(2, 20_000), drive(1, 10_000)], FROM, to(33_000));
    expect([...plan]).toEqual([
      ['t1', { distanceMetres: 11_000, startOdometerMetres: 1_000_000, endOdometerMetres: 1_011_000 }],
      ['t2', { distanceMetres: 22_000, startOdometerMetres: 1_011_000, endOdometerMetres: 1_033_000 }],
    ]);
  });

  it('leaves alone what was given by hand, and what is closed', () => {
    const trips = [
      drive(1, 10_000, { setByUser: ['distance_km'] }),
      drive(2, 5_000, { locked: true }),
      drive(3, 20_000),
    ];
    const plan = calibrationOf(trips, FROM, to(37_000));
    expect([...plan.values()].map(({ distanceMetres }) => distanceMetres)).toEqual([10_000, 5_000, 22_000]);
    const [byHand, closed, measured] = trips.map((trip) => {
      const share = plan.get(trip.id);
      return share ? applied(trip, share, 0.5) : null;
    });
    expect(closed).toBeNull();
    expect(byHand).toMatchObject({ distanceMetres: 10_000, distanceSource: 'gps', endOdometerMetres: 1_010_000 });
    expect(measured).toMatchObject({
      distanceSource: 'odometer',
      startOdometerEstimated: true,
      businessMetres: 22_000,
    });
  });

  it('keeps the share of a mixed trip', () => {
    const trip = drive(1, 10_000, { type: 'M', businessMetres: 2_500 });
    const share = calibrationOf([trip], FROM, to(12_000)).get('t1');
    expect(share && applied(trip, share, 0.5)).toMatchObject({ distanceMetres: 12_000, businessMetres: 3_000 });
  });

  it.each<[string, readonly Trip[], number]>([
    ['no trip', [], 5_000],
    ['only trips by hand', [drive(1, 5_000, { setByUser: ['distance_km'] })], 5_000],
    ['far more than was measured', [drive(1, 10_000)], 14_501],
    ['far less', [drive(1, 10_000)], 5_499],
    ['less than is fixed', [drive(1, 9_000, { locked: true }), drive(2, 1_000)], 9_000],
  ])('is not spread over %s', (_, trips, metres) => {
    expect(() => calibrationOf(trips, FROM, to(metres))).toThrow(Problem);
  });

  it('adds up to the metre, whatever the trips', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: -20, max: 20 }), (metres, percent) => {
        const trips = metres.map((length, i) => drive(i * 2, length));
        const driven = Math.max(1, Math.round((metres.reduce((sum, one) => sum + one, 0) * (100 + percent)) / 100));
        const plan = [...calibrationOf(trips, FROM, to(driven)).values()];
        expect(plan.reduce((sum, { distanceMetres }) => sum + distanceMetres, 0)).toBe(driven);
        expect(plan.at(-1)?.endOdometerMetres).toBe(FROM.metres + driven);
        for (const { distanceMetres } of plan) expect(distanceMetres).toBeGreaterThanOrEqual(0);
      }),
      runs(100, 2_000),
    );
  });
});
