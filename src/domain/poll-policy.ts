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

/** After an answer. `stretch`: how much longer than usual, to spare a budget. `chance`: 0 … 1, so that cars do not march in step. */
export function afterAnswer(
  policy: PollPolicy,
  pace: Wanted['pace'],
  state: DrivingState,
  now: number,
  { stretch, chance }: { readonly stretch: number; readonly chance: number },
): NextPoll {
  const stands = pace === 'standing' || state === 'parked';
  const intervalMs = (stands ? policy.parkedMs : policy.drivingMs) * stretch;
  return { nextAt: now + Math.round(intervalMs * (1 - JITTER * chance)), backOffUntil: 0 };
}

/** After the `failures`th failure in a row. A sleeping car may wake any moment: it is asked when something happens. */
export function afterFailure(
  policy: PollPolicy,
  failure: Failure,
  failures: number,
  now: number,
  chance: number,
): NextPoll {
  const longer = (spanMs: number) => now + Math.round(spanMs * (1 + JITTER * chance));
  if (failure.code === 'asleep') {
    const nextAt = longer(policy.asleepMs * 2 ** Math.min(failures - 1, ASLEEP_DOUBLED));
    return { nextAt, backOffUntil: failure.retryAt ?? 0 };
  }
  const pauseMs = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length) - 1] ?? MINUTE_MS;
  const until = Math.max(failure.retryAt ?? 0, failure.retryAt === null ? longer(pauseMs) : now);
  return { nextAt: until, backOffUntil: until };
}
