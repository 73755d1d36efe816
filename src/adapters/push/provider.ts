/** Cars that tell of themselves (`POST /cars/{id}/readings`): nobody asks them anything. */

import type { CarProvider } from '../../seams/car-provider.ts';

const DAY_MS = 24 * 3_600_000;

export const pushProvider: CarProvider = {
  id: 'push',
  policy: {
    drivingMs: DAY_MS,
    parkedMs: DAY_MS,
    asleepMs: DAY_MS,
    timeLimitMs: 0,
    stateMaxAgeMs: 30 * 60_000,
    callsPerDay: null,
    callsPerMonth: null,
  },
  resolutionMetres: 1,
  sentinels: [],
};
