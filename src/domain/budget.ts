/**
 * The private kilometres of a company car in a Dutch calendar year, and what tax on wages and tax on turnover make of all
 * that was driven. Commuting is business to the one and private to the other; what the odometer says and no trip
 * explains is private to both. Reckons only.
 */

import { daysLater, daysUntil } from './calendar.ts';
import type { StatRow } from './stats.ts';

/** More than this in a calendar year, and the private use of the car is taxed. */
export const PRIVATE_LIMIT_METRES = 500_000;

/** With fewer days nothing is said about the rest of the year. */
export const LEAST_DAYS_KNOWN = 28;

/** Driven by the odometer and in no trip, on the day that became known. */
export interface Unexplained {
  readonly date: string;
  readonly metres: number;
}

/** One car in one year. */
export interface BudgetInput {
  readonly year: number;
  readonly rows: readonly Pick<StatRow, 'date' | 'type' | 'commute' | 'metres' | 'businessMetres'>[];
  readonly unexplained: readonly Unexplained[];
  /** The logbook knew this car before the year began. */
  readonly isKnownBefore: boolean;
  /** Local dates, inclusive. */
  readonly availableFrom: string | null;
  readonly availableTo: string | null;
  readonly today: string;
}

/** Kilometres by what they are: each is counted in exactly one of these. */
export interface Uses {
  /** Without commuting. */
  readonly businessMetres: number;
  readonly commuteMetres: number;
  readonly privateTripMetres: number;
  /** The private part of mixed trips. */
  readonly privatePartMetres: number;
  readonly unexplainedMetres: number;
}

export interface Forecast {
  /** `final`: the year, or the time with the car, is over. */
  readonly status: 'by_pace' | 'final' | 'too_little_known';
  /** At the end of the year; `null`: not known. */
  readonly privateMetres: number | null;
  /** The first day on which the limit would be passed, if it is not yet. */
  readonly crossesOn: string | null;
  /** What the pace is reckoned from. */
  readonly knownFrom: string | null;
  readonly knownDays: number;
}

export interface Budget {
  readonly uses: Uses;
  readonly byMonth: readonly { readonly month: string; readonly uses: Uses }[];
  /** The day on which the limit was passed. */
  readonly crossedOn: string | null;
  readonly forecast: Forecast;
}

const NO_USES: Uses = {
  businessMetres: 0,
  commuteMetres: 0,
  privateTripMetres: 0,
  privatePartMetres: 0,
  unexplainedMetres: 0,
};

/** What counts against the limit. */
export function usedMetres({ privateTripMetres, privatePartMetres, unexplainedMetres }: Uses): number {
  return privateTripMetres + privatePartMetres + unexplainedMetres;
}

export function budgetOf(input: BudgetInput): Budget {
  const days = daysOf(input);
  const uses = days.map(({ uses: one }) => one).reduce(together, NO_USES);
  return {
    uses,
    byMonth: monthsOf(input, days),
    crossedOn: crossingOf(days),
    forecast: forecastOf(input, days, usedMetres(uses)),
  };
}

interface Day {
  readonly date: string;
  readonly uses: Uses;
}

/** In order; one day may come more than once. */
function daysOf({ rows, unexplained }: BudgetInput): Day[] {
  const driven = rows.map((row) => ({ date: row.date, uses: usesOf(row) }));
  const missing = unexplained.map(({ date, metres }) => ({ date, uses: { ...NO_USES, unexplainedMetres: metres } }));
  return [...driven, ...missing].toSorted((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
}

/** Home to work is business to the tax on wages whatever a trip was called, but for the private part of a mixed one. */
function usesOf({ type, commute, metres, businessMetres }: BudgetInput['rows'][number]): Uses {
  const privateMetres = metres - businessMetres;
  if (type === 'M') {
    const kept = { ...NO_USES, privatePartMetres: privateMetres };
    return commute ? { ...kept, commuteMetres: businessMetres } : { ...kept, businessMetres };
  }
  if (commute) return { ...NO_USES, commuteMetres: metres };
  return { ...NO_USES, businessMetres, privateTripMetres: privateMetres };
}

function together(a: Uses, b: Uses): Uses {
  return {
    businessMetres: a.businessMetres + b.businessMetres,
    commuteMetres: a.commuteMetres + b.commuteMetres,
    privateTripMetres: a.privateTripMetres + b.privateTripMetres,
    privatePartMetres: a.privatePartMetres + b.privatePartMetres,
    unexplainedMetres: a.unexplainedMetres + b.unexplainedMetres,
  };
}

/** The months of the year that have begun, and any other of which something is known. */
function monthsOf({ year, today }: BudgetInput, days: readonly Day[]): Budget['byMonth'] {
  const months = new Map<string, Uses>();
  for (let month = 1; month <= 12; month += 1) {
    const name = `${year}-${String(month).padStart(2, '0')}`;
    if (name <= today.slice(0, 7)) months.set(name, NO_USES);
  }
  for (const { date, uses } of days) {
    const name = date.slice(0, 7);
    months.set(name, together(months.get(name) ?? NO_USES, uses));
  }
  return [...months].map(([month, uses]) => ({ month, uses })).toSorted((a, b) => (a.month < b.month ? -1 : 1));
}

function crossingOf(days: readonly Day[]): string | null {
  let used = 0;
  for (const { date, uses } of days) {
    used += usedMetres(uses);
    if (used > PRIVATE_LIMIT_METRES) return date;
  }
  return null;
}

/** At the pace of the days that are known, today among them. */
function forecastOf(input: BudgetInput, days: readonly Day[], used: number): Forecast {
  const { year, today, availableTo } = input;
  const last = earlier(`${year}-12-31`, availableTo);
  const knownFrom = knownFromOf(input, days[0]?.date ?? null);
  const knownTo = earlier(last, today);
  const knownDays = knownFrom === null ? 0 : Math.max(0, daysUntil(knownFrom, knownTo) + 1);
  const known = { knownFrom, knownDays };
  if (last < today && knownFrom !== null) return { status: 'final', privateMetres: used, crossesOn: null, ...known };
  if (knownDays < LEAST_DAYS_KNOWN) {
    return { status: 'too_little_known', privateMetres: null, crossesOn: null, ...known };
  }
  const daysLeft = daysUntil(knownTo, last);
  const privateMetres = used + Math.ceil((used * daysLeft) / knownDays);
  const isCrossed = used > PRIVATE_LIMIT_METRES || privateMetres <= PRIVATE_LIMIT_METRES;
  const daysToCrossing = isCrossed ? 0 : Math.floor(((PRIVATE_LIMIT_METRES - used) * knownDays) / used) + 1;
  const crossesOn = isCrossed ? null : daysLater(knownTo, daysToCrossing);
  return { status: 'by_pace', privateMetres, crossesOn, ...known };
}

/** Since when the year is known: its first day, that of the car, or that of the logbook. `null`: nothing is. */
function knownFromOf({ year, isKnownBefore, availableFrom }: BudgetInput, firstDay: string | null): string | null {
  const newYear = `${year}-01-01`;
  if (firstDay === null) return null;
  if (isKnownBefore) return availableFrom !== null && availableFrom > newYear ? availableFrom : newYear;
  return availableFrom !== null && availableFrom >= newYear ? earlier(availableFrom, firstDay) : firstDay;
}

function earlier(date: string, other: string | null): string {
  return other !== null && other < date ? other : date;
}

/** What both taxes make of the same kilometres. */
export function viewsOf(uses: Uses) {
  const { businessMetres, commuteMetres } = uses;
  const privateMetres = usedMetres(uses);
  return {
    wageTax: { businessMetres: businessMetres + commuteMetres, privateMetres },
    vat: { businessMetres, privateMetres: privateMetres + commuteMetres, commuteMetres },
  };
}
