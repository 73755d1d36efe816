/** The trips of a period, by the calendar of each: which a store is asked for, and which of them belong. */

import { localDate, startOfDay } from '../domain/calendar.ts';
import { holds, type Period } from '../domain/periods.ts';
import type { Trip } from '../domain/trips.ts';
import type { Filter, ListQuery, UserStore } from '../seams/store.ts';
import { rowsOf } from './pages.ts';

const DAY_MS = 86_400_000;
export const NO_BOUNDS: Pick<ListQuery, 'from' | 'to'> = {};

/** Wide enough for a local date in any zone: the zones lie between −12 and +14 hours. */
export function instantsAround({ from, to }: Period): Pick<ListQuery, 'from' | 'to'> {
  if (from === null && to === null) return NO_BOUNDS;
  return {
    ...(from !== null && { from: startOfDay(from, 'UTC') - DAY_MS }),
    ...(to !== null && { to: startOfDay(to, 'UTC') + 2 * DAY_MS }),
  };
}

export interface TripOfDay {
  readonly trip: Trip;
  /** The local date of its start, in its own zone. */
  readonly date: string;
}

/** Oldest first, read some at a time. */
export async function* tripsIn(user: UserStore, period: Period, where: Filter = {}): AsyncGenerator<TripOfDay> {
  for await (const { doc: trip } of rowsOf(user, 'trip', { order: 'asc', where, ...instantsAround(period) })) {
    const date = localDate(trip.startedAt, trip.timeZone);
    if (holds(period, date)) yield { trip, date };
  }
}
