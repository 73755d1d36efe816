/** How far a drive was, and whether it was one (rules 5 and 16). */

import { describe, expect, it } from 'vitest';
import { judgeDrive, type Drive } from '../../src/domain/distance.ts';
import { km } from '../support/machine.ts';

const track = (metres: number, fixes = 10) => ({
  metres,
  leastMetres: metres,
  thin: false,
  fixes,
  first: null,
  last: null,
});
const DRIVE: Drive = {
  from: km(0),
  to: km(10),
  track: track(12_000),
  thin: false,
  followed: true,
  startOdometerMetres: 1_000_000,
  endOdometerMetres: 1_013_000,
  startOdometerEstimated: false,
  lastedMs: 1_200_000,
  awaited: false,
};
const NO_ODOMETER = { startOdometerMetres: null, endOdometerMetres: null };
const NOWHERE = { from: null, to: null, track: track(0, 0), ...NO_ODOMETER };

describe('the distance comes from', () => {
  it.each([
    ['the odometer', {}, 13_000, 'odometer'],
    ['the track without one', NO_ODOMETER, 12_000, 'gps'],
    ['the track where only one end is known', { endOdometerMetres: null }, 12_000, 'gps'],
    ['the track where whole kilometres differ by 0', { endOdometerMetres: 1_000_000, track: track(400) }, 400, 'gps'],
    [
      'the track where an estimated start is below the straight line',
      { startOdometerMetres: 1_004_000, startOdometerEstimated: true },
      12_000,
      'gps',
    ],
    ['the odometer where an estimated start is above it', { startOdometerEstimated: true }, 13_000, 'odometer'],
    [
      'the straight line × 1.3 where nobody followed',
      { ...NO_ODOMETER, followed: false, track: track(10_000, 2) },
      13_000,
      'straight_line',
    ],
    ['nowhere: it is unknown', NOWHERE, 0, 'unknown'],
  ])('%s', (_, change, distanceMetres, source) => {
    expect(judgeDrive({ ...DRIVE, ...change })).toEqual({ keep: true, distanceMetres, source });
  });
});

describe('it was no trip', () => {
  const here = { from: km(0), to: km(0), track: track(30), ...NO_ODOMETER };
  it.each([
    ['under 60 s and 100 m', { ...here, lastedMs: 59_000 }, 'false_start'],
    ['under 60 s and no measure at all', { ...NOWHERE, lastedMs: 59_000 }, 'false_start'],
    ['60 s, every measure below 100 m', { ...here, lastedMs: 60_000 }, 'no_movement'],
    ['an hour in a garage, followed', { ...here, lastedMs: 3_600_000 }, 'no_movement'],
    [
      'an hour, the odometer stands',
      { ...NOWHERE, startOdometerMetres: 5, endOdometerMetres: 5, lastedMs: 3_600_000 },
      'no_movement',
    ],
  ])('%s', (_, change, reason) => {
    expect(judgeDrive({ ...DRIVE, ...change })).toEqual({ keep: false, reason });
  });

  it.each([
    ['an odometer is awaited', { ...here, awaited: true, lastedMs: 30_000 }],
    ['nothing was measured in 60 s', { ...NOWHERE, lastedMs: 60_000 }],
    ['thin, and time to go out and back', { ...here, thin: true, lastedMs: 300_000 }],
    ['100 m in a few seconds', { ...here, to: km(0.1001), lastedMs: 5_000 }],
    ['the odometer says 0.1 km', { ...here, startOdometerMetres: 0, endOdometerMetres: 100, lastedMs: 600_000 }],
    [
      'an estimated start that shows no rise says nothing',
      { ...NOWHERE, startOdometerMetres: 5, endOdometerMetres: 5, startOdometerEstimated: true },
    ],
  ])('but it was when %s', (_, change) => {
    expect(judgeDrive({ ...DRIVE, ...change }).keep).toBe(true);
  });

  it('thin and no time to go out and back: it was none', () => {
    expect(judgeDrive({ ...DRIVE, ...here, thin: true, lastedMs: 299_999 }).keep).toBe(false);
  });
});
