/** A logbook as lines that can be compared at a glance, and the sums that must agree with them whatever happened. */

import { expect } from 'vitest';
import { localDate, localMonth, localTime } from '../../src/domain/calendar.ts';
import type { JournalEntry } from '../../src/domain/machine/state.ts';
import { addRow, rowOf, type MonthRows } from '../../src/domain/stats.ts';
import type { Trip } from '../../src/domain/trips.ts';
import type { Docs, Kind, UserStore } from '../../src/seams/store.ts';

/** Every document of a kind, in the order it is listed by. */
export async function all<K extends Kind>(user: UserStore, kind: K): Promise<Docs[K][]> {
  const docs: Docs[K][] = [];
  let after: { sort: number | string; id: string } | undefined;
  for (;;) {
    const rows = await user.list(kind, { order: 'asc', limit: 500, ...(after && { after }) });
    docs.push(...rows.map(({ doc }) => doc));
    after = rows.at(-1);
    if (!after || rows.length < 500) return docs;
  }
}

/** The trips, oldest first; fails when the months do not add up to them, or a trip is open and booked at once. */
export async function tripsOf(user: UserStore): Promise<Trip[]> {
  const trips = await all(user, 'trip');
  const wanted = new Map<string, MonthRows>();
  for (const trip of trips) {
    const month = localMonth(trip.startedAt, trip.timeZone);
    const row = rowOf(trip, localDate(trip.startedAt, trip.timeZone));
    wanted.set(month, addRow(wanted.get(month) ?? { month, rows: {} }, row));
  }
  const months = await all(user, 'month');
  expect(Object.fromEntries(months.map((one) => [one.month, one.rows]))).toEqual(
    Object.fromEntries([...wanted].map(([month, { rows }]) => [month, rows])),
  );
  const open = (await user.get('active', 'trip_start'))?.now.trip.id;
  expect(trips.map(({ id }) => id)).not.toContain(open);
  for (const trip of trips) expect(trip.endedAt).toBeGreaterThanOrEqual(trip.startedAt);
  return trips;
}

/** `08:00–08:30 10.4 km gps golf [1000–1010 km] ~ by next_start, stop 08:10–08:14, ? end_lost`. */
export function tripLine(trip: Trip, day: string, carName: (id: string) => string): string {
  const clock = (at: number) => clockOf(at, trip.timeZone, day);
  const { startOdometerMetres: start, endOdometerMetres: end } = trip;
  const km = (metres: number | null) => (metres === null ? '?' : String(metres / 1_000));
  const odometers = `[${trip.startOdometerEstimated ? '~' : ''}${km(start)}–${km(end)}]`;
  const reasons = trip.reviewReasons.filter((reason) => reason !== 'no_rule_matched');
  const main = [
    `${clock(trip.startedAt)}–${trip.endedAtEstimated ? '~' : ''}${clock(trip.endedAt)}`,
    `${(trip.distanceMetres / 1_000).toFixed(1)} km ${trip.distanceSource}`,
    trip.carId === null ? null : carName(trip.carId),
    start === null && end === null ? null : odometers,
    trip.odometerPending ? 'pending' : null,
  ];
  const notes = [
    trip.openedBy === 'phone' ? null : `opened by ${trip.openedBy}`,
    trip.closedBy === 'phone' ? null : `by ${trip.closedBy}`,
    ...trip.stops.map(({ arrivedAt, leftAt }) => `stop ${clock(arrivedAt)}–${clock(leftAt)}`),
    reasons.length === 0 ? null : `? ${reasons.join(' ')}`,
  ];
  return [main.filter(Boolean).join(' '), ...notes].filter(Boolean).join(', ');
}

/** What waits in the review list: events, trips that lack more than a class. */
export async function reviewLines(user: UserStore, zone: string, day: string): Promise<string[]> {
  const events = (await all(user, 'event')).filter(({ waiting, settled }) => waiting !== null && !settled);
  const trips = (await all(user, 'trip')).filter((trip) => trip.reviewReasons.some((one) => one !== 'no_rule_matched'));
  const said = ({ event, waiting }: JournalEntry) => `${clockOf(event.at, zone, day)} ${event.type} ${waiting}`;
  return [...events.map(said), ...trips.map((trip) => `${clockOf(trip.startedAt, zone, day)} trip`)];
}

/** The feed about trips, oldest first: `created 08:00`, `discarded 08:00 false_start`. */
export async function feedLines(user: UserStore, zone: string, day: string): Promise<string[]> {
  const entries = (await all(user, 'activity')).filter(({ noun }) => noun === 'trip');
  return entries.map(({ kind, before, after, discard }) => {
    const trip = (after ?? before) as Trip | null;
    const at = discard?.startedAt ?? trip?.startedAt ?? 0;
    return [kind, clockOf(at, zone, day), discard?.reason].filter(Boolean).join(' ');
  });
}

/** The clock there, with its date when it is not the day a story is about. */
export function clockOf(at: number, zone: string, day: string): string {
  const seconds = Math.floor(at / 1_000) % 60;
  const time = localTime(at, zone) + (seconds === 0 ? '' : `:${String(seconds).padStart(2, '0')}`);
  const date = localDate(at, zone);
  return date === day ? time : `${date.slice(5)} ${time}`;
}
