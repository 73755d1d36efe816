/** Signing in with a browser: what is remembered of one under way, how long a session lasts, how often one may fail. */

import type { DeviceToken } from './tokens.ts';
import type { User } from './users.ts';

/** A sign-in that went to Google and is expected back, once. */
export interface SignIn {
  /** The secret half of PKCE: without it the code that comes back is worth nothing. */
  readonly verifier: string;
  readonly nonce: string;
  /** A path of this service. */
  readonly returnTo: string;
  /** SHA-256 of what the browser's cookie holds, so that nobody else's browser can finish it. */
  readonly browser: string;
  readonly expiresAt: number;
}

/** Failed sign-ins of a client or for an address, until `expiresAt`. */
export interface Failures {
  readonly count: number;
  readonly expiresAt: number;
}

/** Who an identity token speaks of. The subject stays when an address is given to somebody else. */
export interface Identity {
  readonly subject: string;
  readonly email: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const SIGN_IN_MS = 10 * MINUTE_MS;
export const LINK_MS = 15 * MINUTE_MS;
export const SESSION_MS = 90 * DAY_MS;
export const SESSION_IDLE_MS = 30 * DAY_MS;

/** Somebody who cannot find the right account tries a few times; a program that guesses, thousands of times. */
const MOST_FAILURES = 60;

/** One failure more. The window begins with the first and does not move. */
export function failedAgain(failures: Failures | null, now: number): Failures {
  if (failures === null || failures.expiresAt <= now) return { count: 1, expiresAt: now + MINUTE_MS };
  return { ...failures, count: failures.count + 1 };
}

export function areTooMany({ count }: Failures): boolean {
  return count > MOST_FAILURES;
}

/** Whether a session counts: it ends at its time, when it is not used for long, and when it is signed out. */
export function isSessionAlive({ createdAt, expiresAt, revokedAt, lastUsedAt }: DeviceToken, now: number): boolean {
  if (revokedAt !== null || (expiresAt !== null && expiresAt <= now)) return false;
  return now < (lastUsedAt ?? createdAt) + SESSION_IDLE_MS;
}

/** Whether the installation names an address: by itself or by its `@domain`. */
export function isAllowed(email: string, allowedUsers: readonly string[]): boolean {
  return allowedUsers.includes(email) || allowedUsers.includes(email.slice(email.lastIndexOf('@')));
}

/** Whether a user may come in: added by command, or named by the installation for as long as it names them. */
export function isAdmitted(user: User, allowedUsers: readonly string[]): boolean {
  return user.addedBy === 'command' || isAllowed(user.email, allowedUsers);
}
