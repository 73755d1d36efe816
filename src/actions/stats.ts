/**
 * Totals of a period as sums of month rows: at most one document per month, however many trips. Amounts are of trips:
 * each is rounded by itself, so that they add up to what a report says.
 */

import type { Period } from '../domain/periods.ts';
import { currencyOf, type Tariff } from '../domain/rates.ts';
import type { Scheme } from '../domain/rates/schemes.ts';
import {
  Groups,
  NO_PAY,
  NOTHING,
  pairKey,
  plus,
  ROW_KEYS,
  rowOf,
  rowsWithin,
  type Group,
  type GroupKey,
  type RowGrouping,
  type StatRow,
  type Sum,
} from '../domain/stats.ts';
import type { Trip, TripType } from '../domain/trips.ts';
import type { ListQuery, UserStore } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { rowsOf } from './pages.ts';
import { findRates, ratedTrips, tariffOf } from './rates.ts';
import { tripsIn } from './trips-in.ts';

const TRIP_KEYS = {
  purpose: (trip: Trip) => trip.purpose,
  location_pair: (trip: Trip) => pairKey(trip.from, trip.to),
} as const;

/** What no row knows: these read the trips. */
export type TripGrouping = keyof typeof TRIP_KEYS;
export type Grouping = RowGrouping | TripGrouping;

export interface Stats {
  readonly total: Sum;
  readonly byMonth: readonly Group<string>[];
  readonly byCar: readonly Group<string | null>[];
  readonly byType: readonly Group<TripType>[];
  /** `null`: no grouping was asked for. */
  readonly groups: readonly Group[] | null;
  /** Of the amounts; `null`: there are none. */
  readonly currency: string | null;
}

/** By what tax years and amounts are told. */
export interface Terms {
  readonly scheme: Scheme;
  /** `null`: no amounts. */
  readonly tariff: Tariff | null;
}

const CALENDAR: Terms = { scheme: 'own', tariff: null };

/** Nothing is read for those who ask for neither tax years nor amounts. */
export async function termsOf(
  deps: Pick<UserDeps, 'newUser'>,
  user: UserStore,
  grouping: Grouping | null,
  hasAmounts: boolean,
): Promise<Terms> {
  const tariff = hasAmounts ? await tariffOf(deps, user) : null;
  if (tariff !== null) return { scheme: tariff.scheme, tariff };
  return grouping === 'tax_year' ? { ...(await findRates(deps, user)), tariff } : CALENDAR;
}

export async function statsOf(
  user: UserStore,
  period: Period,
  grouping: Grouping | null,
  terms: Terms = CALENDAR,
): Promise<Stats> {
  const { tariff } = terms;
  const rows = tariff === null ? await rowsIn(user, period) : await paidRows(user, period, tariff);
  const nothing: Sum = tariff === null ? NOTHING : { ...NOTHING, pay: NO_PAY };
  return {
    total: rows.reduce(plus, nothing),
    byMonth: grouped(rows, ROW_KEYS.month),
    byCar: grouped(rows, ROW_KEYS.car),
    byType: grouped(rows, ROW_KEYS.type),
    groups: grouping === null ? null : await groupsOf(user, period, rows, grouping, terms),
    currency: tariff && currencyOf(tariff),
  };
}

/** A row that may know what it brings. */
type Row = StatRow & Pick<Sum, 'pay'>;

async function groupsOf(
  user: UserStore,
  period: Period,
  rows: readonly Row[],
  grouping: Grouping,
  { scheme, tariff }: Terms,
) {
  if (grouping === 'purpose' || grouping === 'location_pair') {
    return tripGroups(countedTrips(user, period, tariff), TRIP_KEYS[grouping]);
  }
  return grouped<GroupKey>(rows, (row) => ROW_KEYS[grouping](row, scheme));
}

function grouped<K extends GroupKey>(rows: readonly Row[], keyOf: (row: Row) => K): Group<K>[] {
  const groups = new Groups<K>();
  for (const row of rows) groups.add(keyOf(row), row);
  return groups.inOrder();
}

interface Counted {
  readonly trip: Trip;
  readonly row: Row;
}

async function tripGroups(trips: AsyncGenerator<Counted>, keyOf: (trip: Trip) => GroupKey): Promise<Group[]> {
  const groups = new Groups();
  for await (const { trip, row } of trips) groups.add(keyOf(trip), row);
  return groups.inOrder();
}

async function paidRows(user: UserStore, period: Period, tariff: Tariff): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { row } of countedTrips(user, period, tariff)) rows.push(row);
  return rows;
}

async function* countedTrips(user: UserStore, period: Period, tariff: Tariff | null): AsyncGenerator<Counted> {
  if (tariff === null) {
    for await (const { trip, date } of tripsIn(user, period)) yield { trip, row: rowOf(trip, date) };
    return;
  }
  for await (const { trip, date, reimbursement } of ratedTrips(user, period, tariff)) {
    const { amountCents: cents, unratedMetres } = reimbursement;
    yield { trip, row: { ...rowOf(trip, date), pay: { cents, unratedMetres } } };
  }
}

/** Of the months a period touches, the rows of its days. */
export async function rowsIn(user: UserStore, period: Period): Promise<StatRow[]> {
  const rows: StatRow[] = [];
  for await (const { doc } of rowsOf(user, 'month', { order: 'asc', ...monthsOf(period) })) {
    rows.push(...rowsWithin(doc, period));
  }
  return rows;
}

function monthsOf({ from, to }: Period): Pick<ListQuery, 'from' | 'to'> {
  return { ...(from !== null && { from: from.slice(0, 7) }), ...(to !== null && { to: to.slice(0, 7) }) };
}
