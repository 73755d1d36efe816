/** Statistics as sums: a month holds one row per local day × car × type × commute, every period is a sum of rows. */

import { isoWeek } from './calendar.ts';
import { holds, type Period } from './periods.ts';
import { taxYearOf, type Scheme } from './rates/schemes.ts';
import type { Place, Trip, TripType } from './trips.ts';

export interface StatRow {
  readonly date: string;
  readonly carId: string | null;
  readonly type: TripType;
  readonly commute: boolean;
  readonly trips: number;
  readonly metres: number;
  readonly businessMetres: number;
  readonly durationMs: number;
}

/** One month's rows, by their key. Rows without a trip are left out. */
export interface MonthRows {
  readonly month: string;
  readonly rows: Readonly<Record<string, StatRow>>;
}

/** A trip as the one row it adds. `date` is its local date. */
export function rowOf(trip: Trip, date: string): StatRow {
  return {
    date,
    carId: trip.carId,
    type: trip.type,
    commute: trip.commute,
    trips: 1,
    metres: trip.distanceMetres,
    businessMetres: trip.businessMetres,
    durationMs: trip.endedAt - trip.startedAt,
  };
}

export function addRow(month: MonthRows, row: StatRow): MonthRows {
  return change(month, row, 1);
}

export function removeRow(month: MonthRows, row: StatRow): MonthRows {
  return change(month, row, -1);
}

function change(month: MonthRows, row: StatRow, sign: 1 | -1): MonthRows {
  const key = `${row.date}|${row.carId ?? ''}|${row.type}|${row.commute ? 'c' : ''}`;
  const { [key]: old, ...others } = month.rows;
  const trips = (old?.trips ?? 0) + sign * row.trips;
  if (trips === 0) return { ...month, rows: others };
  const sum: StatRow = {
    ...row,
    trips,
    metres: (old?.metres ?? 0) + sign * row.metres,
    businessMetres: (old?.businessMetres ?? 0) + sign * row.businessMetres,
    durationMs: (old?.durationMs ?? 0) + sign * row.durationMs,
  };
  return { ...month, rows: { ...others, [key]: sum } };
}

/** What business kilometres bring. */
export interface Pay {
  /** `null`: nothing of them is paid for. */
  readonly cents: number | null;
  /** What is to be paid for, but has no rate. */
  readonly unratedMetres: number;
}

export interface Sum {
  readonly trips: number;
  readonly metres: number;
  readonly businessMetres: number;
  readonly durationMs: number;
  /** Absent where nobody asked. */
  readonly pay?: Pay;
}

export const NOTHING: Sum = { trips: 0, metres: 0, businessMetres: 0, durationMs: 0 };
export const NO_PAY: Pay = { cents: null, unratedMetres: 0 };

export function plus(a: Sum, b: Sum): Sum {
  return {
    trips: a.trips + b.trips,
    metres: a.metres + b.metres,
    businessMetres: a.businessMetres + b.businessMetres,
    durationMs: a.durationMs + b.durationMs,
    ...((a.pay ?? b.pay) && { pay: payTogether(a.pay ?? NO_PAY, b.pay ?? NO_PAY) }),
  };
}

function payTogether(a: Pay, b: Pay): Pay {
  const cents = a.cents === null ? b.cents : a.cents + (b.cents ?? 0);
  return { cents, unratedMetres: a.unratedMetres + b.unratedMetres };
}

/** What the sums of a key are about; `null`: of none (no car, no purpose). */
export type GroupKey = string | boolean | null;

export interface Group<K extends GroupKey = GroupKey> {
  readonly key: K;
  readonly sum: Sum;
}

/** Adds up by key; the groups come in the order of their keys, `null` last. */
export class Groups<K extends GroupKey = GroupKey> {
  readonly #sums = new Map<K, Sum>();

  add(key: K, sum: Sum): void {
    this.#sums.set(key, plus(this.#sums.get(key) ?? NOTHING, sum));
  }

  inOrder(): Group<K>[] {
    return [...this.#sums].map(([key, sum]) => ({ key, sum })).toSorted((a, b) => compare(a.key, b.key));
  }
}

function compare(a: GroupKey, b: GroupKey): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How rows are grouped. When a tax year begins is for the scheme to say. */
export const ROW_KEYS = {
  day: (row: StatRow) => row.date,
  week: (row: StatRow) => isoWeek(row.date),
  month: (row: StatRow) => row.date.slice(0, 7),
  quarter: (row: StatRow) => `${row.date.slice(0, 4)}-Q${Math.ceil(Number(row.date.slice(5, 7)) / 3)}`,
  year: (row: StatRow) => row.date.slice(0, 4),
  tax_year: (row: StatRow, scheme: Scheme) => taxYearOf(row.date, scheme),
  car: (row: StatRow) => row.carId,
  type: (row: StatRow) => row.type,
  commute: (row: StatRow) => row.commute,
} as const satisfies Record<string, (row: StatRow, scheme: Scheme) => GroupKey>;

export type RowGrouping = keyof typeof ROW_KEYS;

export function rowsWithin(month: MonthRows, period: Period): StatRow[] {
  return Object.values(month.rows).filter((row) => holds(period, row.date));
}

/** From where to where, by the ids of the user's locations; `null`: at none of them. */
export interface LocationPair {
  readonly from: string | null;
  readonly to: string | null;
}

export function pairKey(from: Place | null, to: Place | null): string {
  return `${from?.locationId ?? ''}>${to?.locationId ?? ''}`;
}

export function pairOf(key: string): LocationPair {
  const [from = '', to = ''] = key.split('>');
  return { from: from || null, to: to || null };
}
