/** Local days and clock times. The only module that knows time zones. */

import { WEEKDAYS, type Weekday } from './settings.ts';

/** `YYYY-MM-DD` in the zone. */
export function localDate(at: number, timeZone: string): string {
  return zoned(at, timeZone).toPlainDate().toString();
}

/** `HH:MM` in the zone. */
export function localTime(at: number, timeZone: string): string {
  return zoned(at, timeZone).toPlainTime().toString({ smallestUnit: 'minute' });
}

/** `YYYY-MM` in the zone. */
export function localMonth(at: number, timeZone: string): string {
  return localDate(at, timeZone).slice(0, 7);
}

/** The first instant of a local date; where midnight is skipped, the first that exists. */
export function startOfDay(date: string, timeZone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

/** The first instant of a month `YYYY-MM`, and the first after it. */
export function startOfMonth(month: string, timeZone: string): number {
  return startOfDay(`${month}-01`, timeZone);
}

export function endOfMonth(month: string, timeZone: string): number {
  return startOfMonth(Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString(), timeZone);
}

export function isMonth(text: string): boolean {
  return /^\d{4}-\d{2}$/.test(text) && isDate(`${text}-01`);
}

/**
 * The instant at which clocks there show `YYYY-MM-DDTHH:MM:SS.mmm`: of a doubled hour's two the one nearest `near`,
 * in a skipped hour the one a clock shows that nobody put forward.
 */
export function instantOfWallClock(wallClock: string, timeZone: string, near: number): number {
  const wall = Temporal.PlainDateTime.from(wallClock);
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const later = wall.toZonedDateTime(timeZone, { disambiguation: 'later' }).epochMilliseconds;
  const isSkipped = !earlier.toPlainDateTime().equals(wall);
  const first = earlier.epochMilliseconds;
  return isSkipped || Math.abs(later - near) < Math.abs(first - near) ? later : first;
}

const HOUR_MS = 3_600_000;

/** The instant at which a clock shows `YYYY-MM-DDTHH:MM:SS.mmm` that goes as clocks there went an hour before `at`. */
export function instantOnClockBefore(wallClock: string, timeZone: string, at: number): number {
  return Temporal.Instant.from(`${wallClock}${zoned(at - HOUR_MS, timeZone).offset}`).epochMilliseconds;
}

export function isTimeZone(name: string): boolean {
  return zoneName(name) !== null;
}

/** The zone as it is written, or `null` when there is none of that name. */
export function zoneName(name: string): string | null {
  try {
    return zoned(0, name).timeZoneId;
  } catch {
    return null;
  }
}

/** Whether the text is a day `YYYY-MM-DD` that exists. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

/** The local date that follows. */
export function dayAfter(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString();
}

/** The date so many days later. */
export function daysLater(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** How many days it is from one date to another; negative: that one is earlier. */
export function daysUntil(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
}

/** How many days a month `YYYY-MM` has. */
export function daysIn(month: string): number {
  return Temporal.PlainYearMonth.from(month).daysInMonth;
}

/** The ISO week of a local date, `YYYY-Www`. */
export function isoWeek(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return `${day.yearOfWeek}-W${String(day.weekOfYear).padStart(2, '0')}`;
}

export function weekdayOf(at: number, timeZone: string): Weekday {
  return WEEKDAYS[zoned(at, timeZone).dayOfWeek - 1] ?? 'mon';
}

function zoned(at: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}
