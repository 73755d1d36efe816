/** What a report says of a car before its trips: which one, when it was available, and its odometer where the period ends. */

import { daysLater, localDate, startOfDay } from '../calendar.ts';
import type { Car } from '../cars.ts';
import { isOpen, type Gap, type Link } from '../odometer-chain.ts';
import { holds, type Period } from '../periods.ts';

/** What the odometer showed at the beginning or the end of a day, as far as it is known. */
export interface OdometerAt {
  readonly date: string;
  /** `null`: nothing is known of it. */
  readonly metres: number | null;
  /** The day the value is of, where it is another one. */
  readonly knownOn: string | null;
}

/** What was last known by then; before anything was known, what was known first. */
export function odometerAt(links: readonly Link[], date: string, end: 'start' | 'end', timeZone: string): OdometerAt {
  const at = end === 'start' ? startOfDay(date, timeZone) : startOfDay(daysLater(date, 1), timeZone);
  const last = links.findLast(({ toAt }) => toAt <= at);
  const next = links.find(({ toAt }) => toAt > at);
  const [metres, knownAt] = last ? [last.toMetres, last.toAt] : next ? [next.fromMetres, next.fromAt] : [null, null];
  if (metres === null || knownAt === null) return { date, metres: null, knownOn: null };
  const knownOn = localDate(knownAt, timeZone);
  return { date, metres, knownOn: knownOn === date ? null : knownOn };
}

/** The days of the period on which the car was there; all of it, where that would be none. */
export function daysAvailable({ availableFrom, availableTo }: Car, period: Period): Period {
  const from =
    [period.from, availableFrom]
      .filter((day) => day !== null)
      .toSorted()
      .at(-1) ?? null;
  const to = [period.to, availableTo].filter((day) => day !== null).toSorted()[0] ?? null;
  return from !== null && to !== null && from > to ? period : { from, to };
}

/**
 * Its odometer on the first and last day of the period; `wholeYears`: on 1 January and 31 December of each year as well,
 * as far as the car was there.
 */
export function odometersOf(
  links: readonly Link[],
  { from, to }: Period,
  today: string,
  wholeYears: boolean,
  timeZone: string,
  car: Pick<Car, 'availableFrom' | 'availableTo'> = { availableFrom: null, availableTo: null },
): readonly OdometerAt[] {
  const known = links[0];
  const first = from ?? (known ? localDate(known.fromAt, timeZone) : today);
  const last = to === null || to > today ? today : to;
  const days: { readonly date: string; readonly end: 'start' | 'end' }[] = [
    { date: first, end: 'start' },
    { date: last, end: 'end' },
  ];
  const lastYear = wholeYears ? Number(last.slice(0, 4)) : -Infinity;
  for (let year = Number(first.slice(0, 4)); year <= lastYear; year += 1) {
    const [begin, end] = [`${year}-01-01`, `${year}-12-31`];
    if (car.availableFrom === null || car.availableFrom <= begin) days.push({ date: begin, end: 'start' });
    if (car.availableTo === null || car.availableTo >= end) days.push({ date: end, end: 'end' });
  }
  const isKnown = ({ date }: { readonly date: string }) => date <= today;
  const unique = days.filter((day, i) => days.findIndex(({ date, end }) => date === day.date && end === day.end) === i);
  return unique
    .filter(isKnown)
    .toSorted((a, b) => (a.date + (a.end === 'end' ? 1 : 0) < b.date + (b.end === 'end' ? 1 : 0) ? -1 : 1))
    .map(({ date, end }) => odometerAt(links, date, end, timeZone));
}

/** Driven by the odometer and in no trip, more than rounding can hide; a gap counts on the day it became known. */
export function unexplainedMetres(gaps: readonly Gap[], period: Period, timeZone: string): number {
  return gaps
    .filter((gap) => isOpen(gap) && gap.metres > gap.loggedMetres && holds(period, localDate(gap.toAt, timeZone)))
    .reduce((sum, { metres, loggedMetres }) => sum + metres - loggedMetres, 0);
}

/** Whether a car belongs into a report of the period though nothing was driven with it. */
export function wasAvailable(car: Car, { from, to }: Period, timeZone: string): boolean {
  if (car.ignored) return false;
  const until = car.availableTo ?? (car.archivedAt === null ? null : localDate(car.archivedAt, timeZone));
  return (
    (to === null || car.availableFrom === null || car.availableFrom <= to) &&
    (from === null || until === null || until >= from)
  );
}
