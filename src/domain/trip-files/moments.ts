/** Dates and times as files write them. In which order a date is written is proven or said, never presumed. */

import { dayAfter, instantOfWallClock, instantOnClockBefore, isDate } from '../calendar.ts';
import { instantOf } from '../units.ts';
import type { DateFormat, DateOrder } from './columns.ts';

const DATE = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ,]+(\S.*))?$/i;
const TIME = /^(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(?:([ap])\.?\s?m\.?)?$/i;
const EPOCH = /^(\d{10}|\d{13})(?:\.0*)?$/;
const ZONED = /\d{2}:?\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;

/** What a date says about its order; `'either'`: day and month could change places, `'short'`: and the year too. */
export function orderIn(cell: string): DateOrder | 'either' | 'short' | null {
  const [, first = '', second = '', third = ''] = DATE.exec(cell.trim()) ?? [];
  if (first === '') return null;
  if (first.length > 2) return 'ymd';
  if (third.length < 4) return 'short';
  if (Number(first) > 12) return 'dmy';
  return Number(second) > 12 ? 'mdy' : 'either';
}

/** `date` and `time` as an instant has them in its zone, or the instant itself. */
export type Said =
  | { readonly kind: 'instant'; readonly at: number }
  | { readonly kind: 'local'; readonly date: string | null; readonly time: string | null };

/** `null`: neither a date, nor a time, nor both. */
export function momentIn(cell: string, format: DateFormat): Said | null {
  const text = cell.trim();
  if (EPOCH.test(text)) {
    const digits = text.split('.')[0] ?? '';
    return { kind: 'instant', at: Number(digits) * (digits.length === 10 ? 1_000 : 1) };
  }
  const zoned = ZONED.test(text) && /^\d{4}-/.test(text) ? instantOf(asIso(text)) : null;
  if (zoned !== null) return { kind: 'instant', at: zoned };
  const time = timeIn(text);
  if (time !== null) return { kind: 'local', date: null, time };
  const parts = DATE.exec(text);
  if (parts === null) return null;
  const date = dateIn(parts.slice(1, 4), format);
  const rest = parts[4] === undefined ? null : timeIn(parts[4]);
  return date === null || (parts[4] !== undefined && rest === null) ? null : { kind: 'local', date, time: rest };
}

/** As databases write it: with a space, and perhaps only the hours of the offset. */
function asIso(text: string): string {
  return text
    .replace(/^(\S+)\s+/, '$1T')
    .replace(/\s/, '')
    .replace(/([+-]\d{2})$/, '$1:00');
}

function dateIn(parts: readonly string[], { order, hasShortYear }: DateFormat): string | null {
  const isIso = (parts[0]?.length ?? 0) > 2;
  const at = (part: string) => parts[(isIso ? 'ymd' : order).indexOf(part)] ?? '';
  const year = at('y');
  if (year.length !== 4 && !(hasShortYear && year.length === 2)) return null;
  const full = year.length === 2 ? `20${year}` : year;
  const date = `${full}-${at('m').padStart(2, '0')}-${at('d').padStart(2, '0')}`;
  return isDate(date) ? date : null;
}

function timeIn(text: string): string | null {
  const [, hours = '', minutes = '', seconds = '00', half = ''] = TIME.exec(text.trim()) ?? [];
  if (hours === '') return null;
  const [hour, minute, second] = [hourOf(Number(hours), half.toLowerCase()), Number(minutes), Number(seconds)];
  if (hour === null || minute > 59 || second > 59) return null;
  return [hour, minute, second].map((part) => String(part).padStart(2, '0')).join(':');
}

function hourOf(hour: number, half: string): number | null {
  if (half === '') return hour > 23 ? null : hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === 'p' ? 12 : 0);
}

const DAY_MS = 24 * 3_600_000;

/** Of an hour that clocks show twice, the first. */
export function startOf(date: string, time: string, timeZone: string): number {
  return instantOfWallClock(`${date}T${time}.000`, timeZone, -Infinity);
}

/**
 * The end of what started at `startedAt`: of an hour that clocks show twice, the first that comes after. What started
 * in a skipped hour ends by the same clock, which nobody put forward. Without a date of its own it is on the day of the
 * start, or over midnight.
 */
export function endOf(
  date: string | null,
  time: string,
  startDate: string,
  startedAt: number,
  timeZone: string,
): number {
  const ends = [date ?? startDate, ...(date === null ? [dayAfter(startDate)] : [])].flatMap((day) => [
    instantOfWallClock(`${day}T${time}.000`, timeZone, -Infinity),
    instantOfWallClock(`${day}T${time}.000`, timeZone, startedAt + DAY_MS),
    instantOnClockBefore(`${day}T${time}.000`, timeZone, startedAt),
  ]);
  return ends.find((at) => at > startedAt) ?? ends[0] ?? startedAt;
}

const LASTED = /^(?:(\d{1,3}):(\d{2})(?::(\d{2}))?|(?:(\d{1,3}) ?h(?:ours?)?)? ?(?:(\d{1,4}) ?m(?:in(?:ute)?s?)?)?)$/i;

/** How long something lasted, where that is no plain number of minutes: `1:20`, `1 h 20 min`. */
export function lastedMs(cell: string): number | null {
  const text = cell.trim();
  const [, hours, minutes, seconds, h, m] = LASTED.exec(text) ?? [];
  if (text === '' || (hours ?? h ?? m) === undefined) return null;
  return (Number(hours ?? h ?? 0) * 3_600 + Number(minutes ?? m ?? 0) * 60 + Number(seconds ?? 0)) * 1_000;
}
