/** By whose rates trips are reckoned, which of them those pay for, and when their tax year begins. */

import { GB } from './gb.ts';
import { NL } from './nl.ts';
import type { BuiltInRate } from './rate.ts';
import { US } from './us.ts';

export const COUNTRIES = ['NL', 'US', 'GB'] as const;
export type Country = (typeof COUNTRIES)[number];

/** `own`: what the user wrote down. */
export const SCHEMES = [...COUNTRIES, 'own'] as const;
export type Scheme = (typeof SCHEMES)[number];

export const BUILT_IN: { readonly [C in Country]: readonly BuiltInRate[] } = { NL, US, GB };

interface Terms {
  /** `MM-DD` */
  readonly taxYearFrom: string;
  readonly paysCommute: boolean;
  /** A country's rates are for one's own car; whoever writes down rates knows what they are for. */
  readonly paysCompanyCars: boolean;
}

export const TERMS: { readonly [S in Scheme]: Terms } = {
  NL: { taxYearFrom: '01-01', paysCommute: true, paysCompanyCars: false },
  US: { taxYearFrom: '01-01', paysCommute: false, paysCompanyCars: false },
  GB: { taxYearFrom: '04-06', paysCommute: false, paysCompanyCars: false },
  own: { taxYearFrom: '01-01', paysCommute: true, paysCompanyCars: true },
};

/** The tax year a local date lies in: `2026`, or `2026/27` where it is not the calendar's. */
export function taxYearOf(date: string, scheme: Scheme): string {
  const first = taxYearFrom(date, scheme).slice(0, 4);
  if (TERMS[scheme].taxYearFrom === '01-01') return first;
  return `${first}/${String((Number(first) + 1) % 100).padStart(2, '0')}`;
}

/** The first day of the tax year a local date lies in. */
export function taxYearFrom(date: string, scheme: Scheme): string {
  const first = TERMS[scheme].taxYearFrom;
  const year = Number(date.slice(0, 4)) - (date.slice(5) < first ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${first}`;
}

const ZONES: Readonly<Record<string, Country>> = {
  'Europe/Amsterdam': 'NL',
  'Europe/London': 'GB',
  'America/New_York': 'US',
  'America/Detroit': 'US',
  'America/Chicago': 'US',
  'America/Denver': 'US',
  'America/Boise': 'US',
  'America/Phoenix': 'US',
  'America/Los_Angeles': 'US',
  'America/Anchorage': 'US',
  'Pacific/Honolulu': 'US',
};

/** Of somebody who chose none: that of the country the zone lies in; elsewhere no amount is known. */
export function schemeIn(timeZone: string): Scheme {
  return Object.hasOwn(ZONES, timeZone) ? (ZONES[timeZone] ?? 'own') : 'own';
}
