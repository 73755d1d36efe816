/** Who a logbook belongs to: an e-mail address, normalised once, here. */

import type { CarFacts } from './cars.ts';
import type { Rule } from './classification.ts';
import type { UserLocation } from './locations.ts';
import type { ClosedMonths } from './month-chain.ts';
import type { Rates } from './rates.ts';
import type { Settings } from './settings.ts';

/** The user's own document. Besides the settings it holds the one copy of what an event needs to be understood. */
export interface User {
  readonly email: string;
  readonly settings: Settings;
  readonly cars: readonly CarFacts[];
  readonly locations: readonly UserLocation[];
  /** In the order they are asked. */
  readonly rules: readonly Rule[];
  /** Absent as long as none were chosen. */
  readonly rates?: Rates;
  /** Gaps of the odometer their user leaves open, newest last. */
  readonly dismissedGaps?: readonly string[];
  /** Absent as long as no month was closed. */
  readonly closed?: ClosedMonths;
  /** Google's name for the person, remembered at first sight: an address may be given to somebody else. */
  readonly subject: string | null;
  /** Somebody who signed in because the installation names the address stays as long as it does. */
  readonly addedBy: 'command' | 'sign_in';
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Absent, but while the logbook moves to another address. */
  readonly moving?: Moving;
}

/** The old logbook takes nothing until then, or for good; the new one takes nothing yet. */
export type Moving = { readonly to: string; readonly until: number | null } | { readonly from: string };

export function isHeld({ moving }: User, now: number): boolean {
  if (moving === undefined) return false;
  return 'from' in moving || moving.until === null || now < moving.until;
}

const LONGEST_ADDRESS = 254;
/** Also what nobody sees: an address with it would be another logbook that looks like one's own. */
const FORBIDDEN = /[/\s\p{Cc}\p{Cf}\p{Cs}]/u;

/**
 * The address a claim names, or `null` when it names none.
 * An inner space is a `+` that a query string swallowed.
 */
export function normaliseAddress(claim: string): string | null {
  const address = claim
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/^(?:mailto:\s*)+/, '')
    .trim()
    .replace(' ', '+');
  const [local, domain, ...more] = address.split('@');
  if (!local || !domain || more.length > 0) return null;
  if (FORBIDDEN.test(address) || address.length > LONGEST_ADDRESS) return null;
  if (address.startsWith('__') && address.endsWith('__')) return null;
  return address;
}
