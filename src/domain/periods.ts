/** Spans of local dates, both ends included; an end that is `null` is open. */

import { daysIn } from './calendar.ts';

export interface Period {
  readonly from: string | null;
  readonly to: string | null;
}

export const EVER: Period = { from: null, to: null };

export function holds({ from, to }: Period, date: string): boolean {
  return (from === null || from <= date) && (to === null || date <= to);
}

export function yearPeriod(year: number): Period {
  return { from: `${padded(year, 4)}-01-01`, to: `${padded(year, 4)}-12-31` };
}

export function monthPeriod(year: number, month: number): Period {
  const name = `${padded(year, 4)}-${padded(month, 2)}`;
  return { from: `${name}-01`, to: `${name}-${padded(daysIn(name), 2)}` };
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
