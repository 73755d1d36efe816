/** Totals of a period as sums of month rows: at most one document per month, however many trips. */

import { localDate } from '../domain/calendar.ts';
import { holds, type Period } from '../domain/periods.ts';
import {
  Groups,
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
import { rowsOf } from './pages.ts';
import { instantsAround } from './trips.ts';

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
}

export async function statsOf(user: UserStore, period: Period, grouping: Grouping | null): Promise<Stats> {
  const rows = await rowsIn(user, period);
  return {
    total: rows.reduce(plus, NOTHING),
    byMonth: grouped(rows, ROW_KEYS.month),
    byCar: grouped(rows, ROW_KEYS.car),
    byType: grouped(rows, ROW_KEYS.type),
    groups: grouping === null ? null : await groupsOf(user, period, rows, grouping),
  };
}

async function groupsOf(user: UserStore, period: Period, rows: readonly StatRow[], grouping: Grouping) {
  if (grouping === 'purpose' || grouping === 'location_pair') return tripGroups(user, period, TRIP_KEYS[grouping]);
  return grouped<GroupKey>(rows, ROW_KEYS[grouping]);
}

function grouped<K extends GroupKey>(rows: readonly StatRow[], keyOf: (row: StatRow) => K): Group<K>[] {
  const groups = new Groups<K>();
  for (const row of rows) groups.add(keyOf(row), row);
  return groups.inOrder();
}

async function tripGroups(user: UserStore, period: Period, keyOf: (trip: Trip) => GroupKey): Promise<Group[]> {
  const groups = new Groups();
  for await (const { doc } of rowsOf(user, 'trip', { order: 'asc', ...instantsAround(period) })) {
    const date = localDate(doc.startedAt, doc.timeZone);
    if (holds(period, date)) groups.add(keyOf(doc), rowOf(doc, date));
  }
  return groups.inOrder();
}

async function rowsIn(user: UserStore, period: Period): Promise<StatRow[]> {
  const rows: StatRow[] = [];
  for await (const { doc } of rowsOf(user, 'month', { order: 'asc', ...monthsOf(period) })) {
    rows.push(...rowsWithin(doc, period));
  }
  return rows;
}

function monthsOf({ from, to }: Period): Pick<ListQuery, 'from' | 'to'> {
  return { ...(from !== null && { from: from.slice(0, 7) }), ...(to !== null && { to: to.slice(0, 7) }) };
}
