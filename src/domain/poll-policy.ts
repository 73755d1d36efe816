/** How often a maker's cars are asked, and how long one is left alone that does not answer (trip rule 11). Pure. */

import type { Failure } from './connections.ts';
import type { DrivingState } from './events.ts';
import type { Wanted } from './machine/wanted.ts';

/** All spans in milliseconds. */
export interface PollPolicy {
  /** While a trip is on and the car drives. */
  readonly drivingMs: number;
  /** While a trip is on and the car stands. */
  readonly parkedMs: number;
  /** After it said nothing because it sleeps or cannot be reached; doubled twice. */
  readonly asleepMs: number;
  /** One call takes no longer. */
  readonly timeLimitMs: number;
  /** A state older than this is none. */
  readonly stateMaxAgeMs: number;
  /** Calls for all users of this installation; `null`: as many as one likes. */
  readonly callsPerDay: number | null;
  readonly callsPerMonth: number | null;
}

export interface NextPoll {
  /** Not before, unless something happens the car has to be asked about. */
  readonly nextAt: number;
  /** Not before, whatever happens. */
  readonly backOffUntil: number;
}

const MINUTE_MS = 60_000;
const BACK_OFF_MS = [1, 2, 4, 8, 15].map((minutes) => minutes * MINUTE_MS);
const ASLEEP_DOUBLED = 2;
/** A car that is asked every minute must be due when the minute's round comes: intervals only get shorter, pauses longer. */
const JITTER = 0.1;

/** What a call was about, and how it differs from the others: cars must not march in step, budgets want to be spared. */
export interface Asking {
  readonly pace: Wanted['pace'];
  /** How much longer than usual to wait, 1 or more. */
  readonly stretch: number;
  /** 0 … 1 */
  readonly chance: number;
}

export function afterAnswer(policy: PollPolicy, asking: Asking, state: DrivingState, now: number): NextPoll {
  return { nextAt: now + intervalMs(policy, asking, state), backOffUntil: 0 };
}

/**
 * After the `failures`th failure in a row. A sleeping car may wake any moment: it is asked when something happens. Trying
 * again never comes sooner than asking again would.
 */
export function afterFailure(
  policy: PollPolicy,
  asking: Asking,
  { code, retryAt }: Failure,
  failures: number,
  now: number,
): NextPoll {
  const longer = (spanMs: number) => now + Math.round(spanMs * (1 + JITTER * asking.chance));
  const usual = now + intervalMs(policy, asking, 'unknown');
  if (code === 'asleep') {
    const nextAt = longer(policy.asleepMs * 2 ** Math.min(failures - 1, ASLEEP_DOUBLED));
    return { nextAt: Math.max(nextAt, usual), backOffUntil: retryAt ?? 0 };
  }
  const pauseMs = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length) - 1] ?? MINUTE_MS;
  const backOffUntil = retryAt ?? longer(pauseMs);
  return { nextAt: Math.max(backOffUntil, usual), backOffUntil };
}

function intervalMs(policy: PollPolicy, { pace, stretch, chance }: Asking, state: DrivingState): number {
  const stands = pace === 'standing' || state === 'parked';
  return Math.round((stands ? policy.parkedMs : policy.drivingMs) * stretch * (1 - JITTER * chance));
}
