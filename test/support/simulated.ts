/** Simulated cars for tests: what one is like unless a test says otherwise. */

import type { SimulatedDrive, SimulatorSettings } from '../../src/domain/connections.ts';

const MINUTE = 60_000;

export const SIMULATED: SimulatorSettings = {
  provider: 'simulator',
  odometerMetres: 41_230_400,
  parkedAt: { lat: 52.1757, lng: 5.393 },
  drives: [],
  resolutionMetres: 1,
  lagMs: 0,
  sleepsAfterMs: null,
  fault: 'none',
  faultShare: 0,
  observes: true,
  answersAfterMs: 0,
};

/** From 08:00 to 08:30 and back from 09:00 to 09:40 on a Monday in UTC. */
export const OUT: SimulatedDrive = {
  startsAt: Date.parse('2026-03-02T08:00:00Z'),
  durationMs: 30 * MINUTE,
  distanceMetres: 24_000,
  to: { lat: 52.0657, lng: 5.093 },
};
export const BACK: SimulatedDrive = {
  startsAt: Date.parse('2026-03-02T09:00:00Z'),
  durationMs: 40 * MINUTE,
  distanceMetres: 26_000,
  to: SIMULATED.parkedAt,
};
