/** A car that exists on paper: what it answers follows from its settings and the time alone. */

import type { CarProvider } from '../../seams/car-provider.ts';

export const simulatorProvider: CarProvider = {
  id: 'simulator',
  policy: {
    drivingMs: 60_000,
    parkedMs: 5 * 60_000,
    asleepMs: 5 * 60_000,
    timeLimitMs: 20_000,
    stateMaxAgeMs: 30 * 60_000,
    callsPerDay: null,
    callsPerMonth: null,
  },
  resolutionMetres: 1_000,
  sentinels: [],
};
