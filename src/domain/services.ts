/** Services of the web that all users of an installation share: how often one is asked, and when it is left alone. Pure. */

import { retryAtOf, type SaidWait } from './retry-after.ts';

/** `refused`: it does not want us. `protocol`: what it says is not what such a service says. */
export type ServiceFailureCode = 'transient' | 'rate_limited' | 'refused' | 'protocol';

export interface ServiceFailure {
  readonly code: ServiceFailureCode;
  /** When it allows the next call; `null`: it did not say. */
  readonly retryAt: number | null;
  /** Ends the sentence “The service …”, without an address, a position or what was asked: it is logged. */
  readonly message: string;
}

export type Looked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ServiceFailure };

export function notLooked(
  code: ServiceFailureCode,
  message: string,
  retryAt: number | null = null,
): Extract<Looked<never>, { ok: false }> {
  return { ok: false, failure: { code, message, retryAt } };
}

const REFUSALS: ReadonlyMap<number, ServiceFailureCode> = new Map([
  [401, 'refused'],
  [403, 'refused'],
  [408, 'transient'],
  [429, 'rate_limited'],
]);

/** What an answer with this status means that does not say it in a way of its own. */
export function failureOf(status: number, said: SaidWait, now: number): ServiceFailure {
  const code = REFUSALS.get(status) ?? (status >= 500 ? 'transient' : 'protocol');
  const isElsewhere = status >= 300 && status < 400;
  const message = isElsewhere ? 'sends us elsewhere: set its address to where it is' : `answered with status ${status}`;
  return { code, message, retryAt: retryAtOf(said, now) };
}

/** Stored under `system/`, for all instances. */
export interface ServicePace {
  /** The next call may be made. */
  readonly nextAt: number;
  /** Nobody asks it before. */
  readonly closedUntil: number;
  /** In a row. */
  readonly failures: number;
  readonly expiresAt: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const KEPT_MS = 7 * 24 * 60 * MINUTE_MS;
/** The usage policies of the public services. */
const BETWEEN_CALLS_MS = SECOND_MS;

const UNUSED: ServicePace = { nextAt: 0, closedUntil: 0, failures: 0, expiresAt: 0 };

export type Turn =
  | { readonly kind: 'turn'; readonly at: number; readonly pace: ServicePace }
  /** It is left alone. */
  | { readonly kind: 'closed'; readonly until: number }
  /** Its next free turn is later than one can wait. */
  | { readonly kind: 'late'; readonly at: number };

/** The next free turn, if it comes by `latest`. */
export function turnOf(known: ServicePace | null, now: number, latest: number): Turn {
  const pace = known ?? UNUSED;
  if (pace.closedUntil > now) return { kind: 'closed', until: pace.closedUntil };
  // A clock that was set back must not stop everything.
  const at = pace.nextAt > now + MINUTE_MS ? now : Math.max(now, pace.nextAt);
  if (at > latest) return { kind: 'late', at };
  return { kind: 'turn', at, pace: { ...pace, nextAt: at + BETWEEN_CALLS_MS, expiresAt: at + KEPT_MS } };
}

/** One that fails now and then is asked on; from the third time in a row it is left alone, longer each time. */
const FIRST_CLOSING = 3;
const CLOSED_MS = [1, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);
const LONGEST_CLOSED_MS = 60 * MINUTE_MS;
const CLOSED_UNSAID_MS: { readonly [C in ServiceFailureCode]: number | null } = {
  rate_limited: 5 * MINUTE_MS,
  refused: LONGEST_CLOSED_MS,
  transient: null,
  protocol: null,
};

export function afterServiceFailure(known: ServicePace | null, failure: ServiceFailure, now: number): ServicePace {
  const pace = known ?? UNUSED;
  const failures = pace.failures + 1;
  const usualMs = CLOSED_UNSAID_MS[failure.code] ?? closedMs(failures);
  const closedUntil = Math.max(pace.closedUntil, failure.retryAt ?? now + usualMs);
  return { ...pace, failures, closedUntil, expiresAt: closedUntil + KEPT_MS };
}

function closedMs(failures: number): number {
  return failures < FIRST_CLOSING ? 0 : (CLOSED_MS[failures - FIRST_CLOSING] ?? LONGEST_CLOSED_MS);
}

/** `null`: it is as if it had never failed. */
export function afterServiceAnswer(known: ServicePace | null): ServicePace | null {
  return known === null || known.failures === 0 ? null : { ...known, failures: 0, closedUntil: 0 };
}
