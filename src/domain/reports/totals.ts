/** What the trips of a report add up to. */

import { privateDetourMetres, privateMetres, type Entry } from './entries.ts';

export interface Totals {
  readonly trips: number;
  readonly metres: number;
  readonly businessMetres: number;
  readonly privateMetres: number;
  readonly privateDetourMetres: number;
  /** Of trips between home and work, whatever their class. */
  readonly commuteMetres: number;
  /** Driven by the odometer, and in no trip. */
  readonly unexplainedMetres: number;
  /** Cents, by currency. */
  readonly amounts: Readonly<Record<string, number>>;
  /** To be paid for, without a rate. */
  readonly unratedMetres: number;
  /** Business kilometres nobody pays for: with company cars, or to work. */
  readonly unpaidMetres: number;
}

export const NO_TOTALS: Totals = {
  trips: 0,
  metres: 0,
  businessMetres: 0,
  privateMetres: 0,
  privateDetourMetres: 0,
  commuteMetres: 0,
  unexplainedMetres: 0,
  amounts: {},
  unratedMetres: 0,
  unpaidMetres: 0,
};

export function withEntry(totals: Totals, entry: Entry): Totals {
  const { trip, paid, businessMetres } = entry;
  return plus(totals, {
    trips: 1,
    metres: trip.distanceMetres,
    businessMetres,
    privateMetres: privateMetres(entry),
    privateDetourMetres: privateDetourMetres(entry) ?? 0,
    commuteMetres: trip.commute ? trip.distanceMetres : 0,
    unexplainedMetres: 0,
    amounts: paid?.rate && paid.amountCents !== null ? { [paid.rate.currency]: paid.amountCents } : {},
    unratedMetres: paid?.unratedMetres ?? 0,
    unpaidMetres: paid?.rate === null && paid.unratedMetres === 0 ? businessMetres : 0,
  });
}

export function plus(a: Totals, b: Totals): Totals {
  const currencies = new Set([...Object.keys(a.amounts), ...Object.keys(b.amounts)]);
  const amounts = [...currencies].map((name) => [name, (a.amounts[name] ?? 0) + (b.amounts[name] ?? 0)] as const);
  return {
    trips: a.trips + b.trips,
    metres: a.metres + b.metres,
    businessMetres: a.businessMetres + b.businessMetres,
    privateMetres: a.privateMetres + b.privateMetres,
    privateDetourMetres: a.privateDetourMetres + b.privateDetourMetres,
    commuteMetres: a.commuteMetres + b.commuteMetres,
    unexplainedMetres: a.unexplainedMetres + b.unexplainedMetres,
    amounts: Object.fromEntries(amounts),
    unratedMetres: a.unratedMetres + b.unratedMetres,
    unpaidMetres: a.unpaidMetres + b.unpaidMetres,
  };
}
