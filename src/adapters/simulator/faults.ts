/** Which answers of a simulated car are spoiled, and what they are then. */

import { hash } from 'node:crypto';
import type { Failure, FailureCode, SimulatedFault, SimulatorSettings } from '../../domain/connections.ts';

const MINUTE_MS = 60_000;
const LEFT_ALONE_MS = 3 * MINUTE_MS;

/** The same all minute long, whatever the share: a larger one spoils the same minutes and others besides. */
export function faultAt(
  { fault, faultShare, odometerMetres, parkedAt }: SimulatorSettings,
  now: number,
): SimulatedFault {
  const minute = Math.floor(now / MINUTE_MS);
  const seed = [minute, fault, odometerMetres, parkedAt.lat, parkedAt.lng].join(' ');
  const chance = Number.parseInt(hash('sha256', seed, 'hex').slice(0, 8), 16) / 2 ** 32;
  return chance < faultShare ? fault : 'none';
}

/** Faults that leave no answer. The others leave one with something wrong in it. */
const FAILURES: Partial<Record<SimulatedFault, readonly [FailureCode, string]>> = {
  unavailable: ['unavailable', 'The simulated car cannot be reached.'],
  rate_limited: ['rate_limited', 'The simulated car was asked too often.'],
  auth_expired: ['auth_expired', 'The simulated car no longer accepts its key.'],
  protocol: ['protocol', 'The simulated car answered what nobody can read.'],
};

export function failureOf(fault: SimulatedFault, now: number): Failure | null {
  const [code, message] = FAILURES[fault] ?? [];
  if (code === undefined || message === undefined) return null;
  return failure(code, message, code === 'rate_limited' ? now + LEFT_ALONE_MS : null);
}

export const ASLEEP = failure('asleep', 'The simulated car sleeps.');
export const NO_ANSWER = failure('transient', 'The simulated car did not answer in time.');

/** Each simulated car is an account of its own: its trouble concerns no other. */
function failure(code: FailureCode, message: string, retryAt: number | null = null): Failure {
  return { code, scope: 'vehicle', retryAt, message };
}
