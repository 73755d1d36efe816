import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { truthAt } from '../../../src/adapters/simulator/car.ts';
import { distanceMetres } from '../../../src/domain/geo.ts';
import { runs } from '../../support/runs.ts';
import { BACK, OUT, SIMULATED } from '../../support/simulated.ts';

const at = (clock: string) => Date.parse(`2026-03-02T${clock}Z`);
const HOME = SIMULATED.parkedAt;
const START = SIMULATED.odometerMetres;

describe('a simulated car drives its drives and nothing else', () => {
  const car = { ...SIMULATED, drives: [BACK, OUT] };

  test.each<[string, 'driving' | 'parked', number, { lat: number; lng: number }]>([
    ['00:00:00', 'parked', 0, HOME],
    ['07:59:59.999', 'parked', 0, HOME],
    ['08:00:00', 'driving', 0, HOME],
    ['08:00:00.100', 'driving', 1, HOME],
    ['08:15:00', 'driving', 12_000, { lat: 52.1207, lng: 5.243 }],
    ['08:29:59.999', 'driving', 23_999, OUT.to],
    ['08:30:00', 'parked', 24_000, OUT.to],
    ['08:59:59.999', 'parked', 24_000, OUT.to],
    ['09:00:00', 'driving', 24_000, OUT.to],
    ['09:20:00', 'driving', 37_000, { lat: 52.1207, lng: 5.243 }],
    ['09:40:00', 'parked', 50_000, HOME],
    ['23:59:59', 'parked', 50_000, HOME],
  ])('at %s it is %s after %i m', (clock, state, drivenMetres, place) => {
    const truth = truthAt(car, at(clock));
    expect(truth.state).toBe(state);
    expect(truth.odometerMetres - START).toBe(drivenMetres);
    expect(distanceMetres(truth.position, place)).toBeLessThan(3);
  });

  test.each<[string, number]>([
    ['07:00:00', -Infinity],
    ['08:15:00', at('08:00:00')],
    ['08:45:00', at('08:30:00')],
    ['09:39:00', at('09:00:00')],
    ['20:00:00', at('09:40:00')],
  ])('at %s it knows since when', (clock, since) => expect(truthAt(car, at(clock)).since).toBe(since));

  test('midnight is a moment like any other', () => {
    const night = { ...OUT, startsAt: Date.parse('2026-12-31T23:45:00Z') };
    const truth = (clock: string) => truthAt({ ...SIMULATED, drives: [night] }, Date.parse(clock));
    expect(truth('2026-12-31T23:59:59.999Z')).toMatchObject({ state: 'driving', odometerMetres: START + 11_999 });
    expect(truth('2027-01-01T00:00:00Z')).toMatchObject({ state: 'driving', odometerMetres: START + 12_000 });
  });

  test('a drive that would begin in another begins when that one ended', () => {
    const early = { ...BACK, startsAt: at('08:10:00') };
    const clash = { ...SIMULATED, drives: [early, OUT] };
    expect(truthAt(clash, at('08:29:00'))).toEqual(truthAt(car, at('08:29:00')));
    expect(truthAt(clash, at('08:30:00'))).toMatchObject({ state: 'driving', since: at('08:00:00') });
    expect(truthAt(clash, at('09:09:59'))).toMatchObject({ state: 'driving' });
    expect(truthAt(clash, at('09:10:00'))).toMatchObject({ state: 'parked', odometerMetres: START + 50_000 });
  });

  test('drives that follow one another at once are one to whoever asks since when', () => {
    const on = { ...BACK, startsAt: at('08:30:00') };
    const trip = { ...SIMULATED, drives: [OUT, on] };
    expect(truthAt(trip, at('08:29:59'))).toMatchObject({ state: 'driving', since: at('08:00:00') });
    expect(truthAt(trip, at('08:30:00'))).toMatchObject({ state: 'driving', since: at('08:00:00') });
    expect(truthAt(trip, at('09:10:00'))).toMatchObject({ state: 'parked', since: at('09:10:00') });
    const later = { ...SIMULATED, drives: [OUT, { ...on, startsAt: at('08:30:01') }] };
    expect(truthAt(later, at('08:30:01'))).toMatchObject({ state: 'driving', since: at('08:30:01') });
  });

  test('one without a length in time is there at once', () => {
    const jump = { ...SIMULATED, drives: [{ ...OUT, durationMs: 0 }] };
    expect(truthAt(jump, at('08:00:00'))).toMatchObject({ state: 'parked', odometerMetres: START + 24_000 });
  });

  test('over the date line it goes the short way', () => {
    const fiji = {
      ...SIMULATED,
      parkedAt: { lat: -17, lng: 179.9 },
      drives: [{ ...OUT, to: { lat: -17, lng: -179.9 } }],
    };
    const quarter = truthAt(fiji, at('08:07:30')).position.lng;
    const threeQuarters = truthAt(fiji, at('08:22:30')).position.lng;
    expect(quarter).toBeCloseTo(179.95, 6);
    expect(threeQuarters).toBeCloseTo(-179.95, 6);
  });
});

test('an odometer never goes back, and a car never jumps further than it can drive', () => {
  const drive = fc.record({
    startsAt: fc.integer({ min: OUT.startsAt, max: OUT.startsAt + 6 * 3_600_000 }),
    durationMs: fc.integer({ min: 0, max: 3_600_000 }),
    distanceMetres: fc.integer({ min: 0, max: 200_000 }),
    to: fc.record({
      lat: fc.double({ min: 51, max: 53, noNaN: true }),
      lng: fc.double({ min: 4, max: 6, noNaN: true }),
    }),
  });
  const span = { min: OUT.startsAt - 3_600_000, max: OUT.startsAt + 12 * 3_600_000 };
  fc.assert(
    fc.property(fc.array(drive, { maxLength: 6 }), fc.integer(span), fc.nat(3_600_000), (drives, before, laterMs) => {
      const car = { ...SIMULATED, drives };
      const [first, second] = [truthAt(car, before), truthAt(car, before + laterMs)];
      expect(second.odometerMetres).toBeGreaterThanOrEqual(first.odometerMetres);
      const all = drives.reduce((sum, { distanceMetres }) => sum + distanceMetres, START);
      expect(second.odometerMetres).toBeLessThanOrEqual(all);
      expect(truthAt({ ...car, drives: drives.toReversed() }, before + laterMs).odometerMetres).toBe(
        second.odometerMetres,
      );
      if (first.state === 'parked' && second.since === first.since) expect(second).toEqual(first);
    }),
    runs(200, 10_000),
  );
});
