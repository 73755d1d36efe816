/** Odometer values: which are believed (rule 15), where a trip's begins (7), when a late one still counts (12). */

import { describe, expect, it } from 'vitest';
import { agreesWithTrack, judge, NO_CAR_MEMORY, startOdometer, type CarMemory } from '../../src/domain/odometer.ts';
import { reading, t } from '../support/machine.ts';

const KM = 1_000;
const known: CarMemory = { ...NO_CAR_MEMORY, odometer: { metres: 50_000 * KM, at: t('08:00'), resolutionMetres: 100 } };

function judged(memory: CarMemory, clock: string, odometer: number, resolution = 100) {
  return judge(memory, reading(clock, { odometer, resolution }));
}

describe('rule 15', () => {
  it.each([
    ['the first value', NO_CAR_MEMORY, '08:00', 12, true],
    ['the same value', known, '09:00', 50_000, true],
    ['lower by the resolution', known, '09:00', 49_999.9, true],
    ['lower by more', known, '09:00', 49_999.8, false],
    ['250 km/h and 5 km', known, '09:00', 50_255, true],
    ['more than that', known, '09:00', 50_255.1, false],
    ['5 km at once', known, '08:00', 50_005, true],
  ])('%s', (_, memory, clock, odometer, believed) => {
    const result = judged(memory, clock, odometer);
    expect([result.odometer !== null, result.suspicious]).toEqual([believed, !believed]);
  });

  it('whole kilometres may step back by one', () => {
    expect(judged(known, '09:00', 49_999, 1_000).suspicious).toBe(false);
  });

  it.each([
    ['60 s later, within 1 km', '09:01', 40_001, true],
    ['less than 60 s later', '09:00:59', 40_000, false],
    ['further than can be driven', '09:01', 40_006, false],
    ['lower by more than 1 km', '09:01', 39_998, false],
  ])('a second observation that agrees is believed: %s', (_, clock, odometer, believed) => {
    const held = judged(known, '09:00', 40_000);
    const second = judged(held.memory, clock, odometer);
    expect(second.odometer !== null).toBe(believed);
    expect(second.believed).toHaveLength(believed ? 1 : 0);
  });

  it.each([1.609344, 1 / 1.609344, 10, 0.1, 1_000, 0.001])('a jump by the unit factor %f never is', (factor) => {
    const first = judged(known, '09:00', 50_000 * factor);
    expect(judged(first.memory, '09:05', 50_000 * factor).suspicious).toBe(true);
  });

  it('an answer without an odometer changes no value and is not suspicious', () => {
    const result = judge(known, reading('09:00', { state: 'parked' }));
    expect([result.odometer, result.suspicious, result.memory.odometer]).toEqual([null, false, known.odometer]);
  });
});

describe('rule 7', () => {
  const last = { metres: 1_000 * KM, at: t('07:00'), resolutionMetres: 100 };
  const first = (km: number) => ({ metres: km * KM, at: t('08:30'), resolutionMetres: 100 });
  const followed = (km: number) => ({ metres: km * KM, leastMetres: km * KM, thin: false, elapsedMs: 30 * 60_000 });
  const thin = (km: number) => ({ ...followed(km), thin: true });

  it.each([
    ['agrees exactly', first(1_010), followed(10), 1_000, false],
    ['within 1 km + resolution + 10 %', first(1_012.1), followed(10), 1_000, false],
    ['beyond it: somebody drove before', first(1_018), followed(10), 1_008, true],
    ['less than the track', first(1_007.8), followed(10), 997.8, true],
    ['a thin track may be up to 130 km/h long', first(1_065), thin(0), 1_000, false],
    ['and not more', first(1_080), thin(0), 1_080, true],
  ])('%s', (_, reading_, driven, km, estimated) => {
    expect(startOdometer(last, reading_, driven)).toMatchObject({ metres: km * KM, estimated });
  });

  it('nothing known: the first reading minus the track', () => {
    expect(startOdometer(null, first(500), followed(12))).toMatchObject({ metres: 488 * KM, estimated: true });
  });
});

describe('rule 12', () => {
  const start = { metres: 1_000 * KM, at: t('08:00'), resolutionMetres: 100 };
  const end = (km: number) => ({ metres: km * KM, at: t('12:00'), resolutionMetres: 100 });
  const driven = { metres: 20 * KM, leastMetres: 20 * KM, thin: false, elapsedMs: 30 * 60_000 };

  it.each([
    [1_020, true],
    [1_024.1, true],
    [1_024.2, false],
    [1_015.9, true],
    [1_015.8, false],
  ])('an odometer of %f after 20 km: %s', (km, agrees) => {
    expect(agreesWithTrack(start, end(km), driven)).toBe(agrees);
  });
});
