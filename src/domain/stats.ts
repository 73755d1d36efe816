/** Statistics as sums: a month holds one row per local day × car × type × commute, every period is a sum of rows. */

import type { Trip, TripType } from './trips.ts';

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
