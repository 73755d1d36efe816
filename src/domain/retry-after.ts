/** When a service may be asked again, in the ways services say so. Pure. */

import { instantOf } from './units.ts';

/** `null` for what the answer does not have. */
export interface SaidWait {
  /** Header `Retry-After`: seconds, or a date. */
  readonly retryAfter: string | null;
  /** Header `RateLimit-Reset`: seconds, or an epoch time. */
  readonly rateLimitReset: string | null;
  /** The body, for services that write it in words. */
  readonly text: string | null;
}

const SECOND_MS = 1_000;
const LONGEST_MS = 24 * 3_600_000;
const LONGEST_TEXT = 4_096;

/** Epoch milliseconds, at most a day ahead. `null`: nothing usable was said, or a time that is over already. */
export function retryAtOf({ retryAfter, rateLimitReset, text }: SaidWait, now: number): number | null {
  return (
    ahead(headerInstant(retryAfter, now), now) ??
    ahead(headerInstant(rateLimitReset, now), now) ??
    ahead(textInstant(text, now), now)
  );
}

function ahead(at: number | null, now: number): number | null {
  return at === null || !(at > now) ? null : Math.min(Math.ceil(at), now + LONGEST_MS);
}

const NUMBER = /^\d{1,16}(\.\d{1,9})?$/;

function headerInstant(header: string | null, now: number): number | null {
  const said = header?.trim() ?? '';
  return NUMBER.test(said) ? numberInstant(Number(said), now) : (httpDate(said) ?? instantOf(said));
}

/** 9 September 2001 in seconds and in milliseconds: spans are shorter, and times since are later. */
const FIRST_EPOCH_SECONDS = 1e9;
const FIRST_EPOCH_MS = 1e12;

function numberInstant(value: number, now: number): number {
  if (value >= FIRST_EPOCH_MS) return value;
  return value >= FIRST_EPOCH_SECONDS ? value * SECOND_MS : now + value * SECOND_MS;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `Sun, 06 Nov 1994 08:49:37 GMT` and, obsolete, `Sunday, 06-Nov-94 08:49:37 GMT` (RFC 9110, 5.6.7). */
const DATE = /^[a-z]{3,9}, ?(\d\d)[ -]([a-z]{3})[ -](\d\d|\d{4}) (\d\d:\d\d:\d\d) (?:gmt|utc)$/i;
/** `Sun Nov  6 08:49:37 1994`, of C's `asctime`. */
const ASCTIME = /^[a-z]{3} ([a-z]{3}) ([ \d]\d) (\d\d:\d\d:\d\d) (\d{4})$/i;

function httpDate(text: string): number | null {
  const [, day = '', month = '', year = '', time = ''] = DATE.exec(text) ?? [];
  if (day !== '') return instant(year, month, day, time);
  const [, name = '', date = '', clock = '', years = ''] = ASCTIME.exec(text) ?? [];
  return name === '' ? null : instant(years, name, date, clock);
}

function instant(year: string, month: string, day: string, time: string): number | null {
  const number = MONTHS.indexOf(month.toLowerCase()) + 1;
  const century = Number(year) < 70 ? 20 : 19;
  const fullYear = year.length === 4 ? year : `${century}${year}`;
  return instantOf(`${fullYear}-${twoDigits(String(number))}-${twoDigits(day)}T${time}Z`);
}

function twoDigits(text: string): string {
  return text.trim().padStart(2, '0');
}

const IN_WORDS = /\b(?:retry|try again) (?:in|after) (\d{1,9}(?:\.\d{1,3})?) ?(s|sec|second|min|minute|h|hour)s?\b/i;
const UNIT_MS = { s: SECOND_MS, m: 60 * SECOND_MS, h: 3_600 * SECOND_MS } as const;

function textInstant(text: string | null, now: number): number | null {
  const [, count, unit = ''] = IN_WORDS.exec((text ?? '').slice(0, LONGEST_TEXT)) ?? [];
  if (count === undefined) return null;
  const letter = unit.slice(0, 1).toLowerCase();
  return now + Number(count) * (letter === 'h' ? UNIT_MS.h : letter === 'm' ? UNIT_MS.m : UNIT_MS.s);
}
