/** When a client says something happened, read strictly: a wrong guess would move a drive. */

import { instantOfWallClock } from './calendar.ts';
import { plainText } from './digits.ts';
import { LIMITS } from './settings.ts';

/** An instant, a wall-clock time `YYYY-MM-DDTHH:MM:SS.mmm` that lacks its offset, or text nobody can read. */
export type SaidTime =
  | { readonly kind: 'instant'; readonly at: number }
  | { readonly kind: 'local'; readonly text: string }
  | { readonly kind: 'unreadable' };

export type TimeWarning =
  | 'no_offset'
  | 'clock_ahead'
  | 'timestamp_ignored'
  | 'timestamp_unreadable'
  | 'timestamp_too_old';

/** What was made of a said time. `tooOld`: `at` is the client's own and lies before the window; the event may change nothing. */
export interface Dated {
  readonly at: number;
  readonly tooOld: boolean;
  readonly warnings: readonly TimeWarning[];
}

/** The times of a batch, in its order, with each warning once. */
export interface DatedBatch {
  readonly dated: readonly { readonly at: number; readonly tooOld: boolean }[];
  readonly warnings: readonly TimeWarning[];
}

const UNREADABLE: SaidTime = { kind: 'unreadable' };
const NO_WARNINGS: readonly TimeWarning[] = [];

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Below this a number counts seconds, from here on milliseconds; it is also 3 March 1973 in milliseconds. */
const FIRST_EPOCH_MS = 1e11;
/** 3 March 1973 in seconds. Smaller numbers are years, dates without dashes or empty clocks, not instants. */
const FIRST_EPOCH_SECONDS = 1e8;
const LAST_EPOCH_MS = 8.64e15;
const LONGEST_TEXT = 64;
/** The easternmost clock is 14 h ahead: a whole batch further in the future was not dated by a wall clock read as UTC. */
const FURTHEST_CLOCK_MS = 14 * HOUR_MS;

const EPOCH = /^\+?\d{9,16}(?:[.,]\d{1,9})?$/;
/** Date, hour, minute and, optional, second, fraction and offset. A `+` may have become a space in a query string. */
const ISO =
  /^(\d{4})-?(\d\d)-?(\d\d)[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,12}))?)?(?: ?([Zz])| ?([+-])(\d\d)(?::?(\d\d))?| (\d\d):?(\d\d))?$/;

/** Reads a timestamp as it was sent. `null`: none was sent. */
export function readTime(raw: unknown): SaidTime | null {
  if (raw === undefined || raw === null) return null;
  if (typeof raw === 'number') return readEpoch(raw);
  if (typeof raw !== 'string' || raw.length > LONGEST_TEXT) return UNREADABLE;
  const text = plainText(raw);
  if (text === '') return null;
  if (EPOCH.test(text)) return readEpoch(Number(text.replace(',', '.')));
  return readIso(text);
}

function readEpoch(value: number): SaidTime {
  if (!(value >= FIRST_EPOCH_SECONDS && value <= LAST_EPOCH_MS)) return UNREADABLE;
  return { kind: 'instant', at: Math.round(value < FIRST_EPOCH_MS ? value * SECOND_MS : value) };
}

function readIso(text: string): SaidTime {
  const parts = ISO.exec(text);
  if (!parts) return UNREADABLE;
  const [, year, month, day, hour, minute, second, fraction, utc, sign, hours, minutes, bareHours, bareMinutes] = parts;
  const days = daysSinceEpoch(Number(year), Number(month), Number(day));
  const clock = clockMs(Number(hour), Number(minute), Number(second ?? 0), fraction);
  if (days === null || clock === null) return UNREADABLE;
  const hasOffset = utc !== undefined || hours !== undefined || bareHours !== undefined;
  if (!hasOffset) {
    if (second === '60') return UNREADABLE;
    const millis = String(clock % SECOND_MS).padStart(3, '0');
    return { kind: 'local', text: `${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}.${millis}` };
  }
  const offset = utc === undefined ? offsetMs(sign, hours ?? bareHours, minutes ?? bareMinutes) : 0;
  if (offset === null) return UNREADABLE;
  const at = days * DAY_MS + clock - offset;
  // A leap second is the last of a UTC day; elsewhere a second 60 does not exist.
  if (second === '60' && Math.floor(at / SECOND_MS) % (DAY_MS / SECOND_MS) !== 0) return UNREADABLE;
  return { kind: 'instant', at };
}

function clockMs(hour: number, minute: number, second: number, fraction: string | undefined): number | null {
  // 24:00 is one thing in ISO 8601 and another on phones that count hours from 1: nobody can tell which is meant.
  if (hour > 23 || minute > 59 || second > 60) return null;
  const millis = fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3));
  return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + millis;
}

function offsetMs(sign: string | undefined, hours = '0', minutes = '0'): number | null {
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  if (size > FURTHEST_CLOCK_MS || Number(minutes) > 59) return null;
  return sign === '-' ? -size : size;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_TO_1970 = 719_468;

/** Proleptic Gregorian, years counted from March so that the leap day is the last; `null` for a date that does not exist. */
function daysSinceEpoch(year: number, month: number, day: number): number | null {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const longest = month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
  if (day < 1 || day > longest) return null;
  const shifted = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

/** When an event happened: its own time if that can be believed, else the moment we got it. */
export function dateEvent(time: SaidTime | null, receivedAt: number, timeZone: string, oldestMs: number): Dated {
  if (time === null) return { at: receivedAt, tooOld: false, warnings: NO_WARNINGS };
  if (time.kind === 'unreadable') return { at: receivedAt, tooOld: false, warnings: ['timestamp_unreadable'] };
  const at = time.kind === 'instant' ? time.at : instantOfWallClock(time.text, timeZone, receivedAt);
  const ahead = at - receivedAt;
  const noOffset: readonly TimeWarning[] = time.kind === 'local' ? ['no_offset'] : NO_WARNINGS;
  if (ahead > 0) return { at: receivedAt, tooOld: false, warnings: [...noOffset, leadWarning(ahead)] };
  if (-ahead > oldestMs) return { at, tooOld: true, warnings: [...noOffset, 'timestamp_too_old'] };
  return { at, tooOld: false, warnings: noOffset };
}

function leadWarning(aheadMs: number): TimeWarning {
  return aheadMs > LIMITS.futureMs ? 'timestamp_ignored' : 'clock_ahead';
}

/**
 * The same for points sent together. A clock that runs ahead runs ahead for all of them, so they are shifted as a whole by how
 * far the newest lies in the future. A point beyond any clock's lead says nothing about the others and gets our time alone.
 */
export function dateBatch(
  times: readonly (SaidTime | null)[],
  receivedAt: number,
  timeZone: string,
  oldestMs: number,
): DatedBatch {
  const instants = times.map((time) => instantIn(time, receivedAt, timeZone));
  const lead = batchLead(instants, receivedAt);
  const warnings = new Set<TimeWarning>();
  if (lead > 0) warnings.add(leadWarning(lead));
  const dated = instants.map((at, i) => {
    const time = times[i];
    if (time?.kind === 'unreadable') warnings.add('timestamp_unreadable');
    if (time?.kind === 'local') warnings.add('no_offset');
    if (at === null) return { at: receivedAt, tooOld: false };
    if (at - receivedAt > FURTHEST_CLOCK_MS) {
      warnings.add('timestamp_ignored');
      return { at: receivedAt, tooOld: false };
    }
    const tooOld = receivedAt - (at - lead) > oldestMs;
    if (tooOld) warnings.add('timestamp_too_old');
    return { at: at - lead, tooOld };
  });
  return { dated, warnings: [...warnings] };
}

function instantIn(time: SaidTime | null, receivedAt: number, timeZone: string): number | null {
  if (time === null || time.kind === 'unreadable') return null;
  return time.kind === 'instant' ? time.at : instantOfWallClock(time.text, timeZone, receivedAt);
}

function batchLead(instants: readonly (number | null)[], receivedAt: number): number {
  let lead = 0;
  for (const at of instants) {
    const ahead = at === null ? 0 : at - receivedAt;
    if (ahead > lead && ahead <= FURTHEST_CLOCK_MS) lead = ahead;
  }
  return lead;
}
