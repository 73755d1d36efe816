/** Writing trips. The month rows and the feed change in the transaction of the trip, here and nowhere else. */

import { tripActivity, type Actor } from '../domain/activity.ts';
import { localDate, localMonth } from '../domain/calendar.ts';
import { addRow, removeRow, rowOf, type MonthRows, type StatRow } from '../domain/stats.ts';
import type { Trip } from '../domain/trips.ts';
import type { Ids } from '../seams/clock.ts';
import { NO_SERVICES, type Services } from '../seams/services.ts';
import type { Tx, Work } from '../seams/store.ts';
import { keepChain, lockedOrNot } from './closed-months.ts';
import { rememberByHand } from './driven-by-hand.ts';
import { wishFor } from './wishes.ts';

export interface Booking {
  readonly before: Trip | null;
  readonly after: Trip | null;
  /** Whoever books it notes it in the feed himself. */
  readonly untold?: boolean;
}

/**
 * Books several trips at once: created, changed or taken out. Equal ones cost nothing. `services`: what new ones lack is
 * looked up with; without, that waits for the daily round. `reason`: why closed months change; without, this throws
 * `month_closed` for them.
 */
export function* bookTrips(
  tx: Tx,
  bookings: readonly Booking[],
  by: Actor,
  ids: Ids,
  now: number,
  services: Services = NO_SERVICES,
  reason: string | null = null,
): Work<void> {
  const closed = (yield* tx.get('user', ''))?.closed;
  const changed = bookings
    .map((booking) => ({ ...booking, after: booking.after && lockedOrNot(closed, booking.after) }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
  yield* keepChain(tx, changed, { by, now, reason });
  for (const { before, after, untold = false } of changed) {
    if (after) tx.put('trip', after.id, after);
    else if (before) tx.remove('trip', before.id);
    if (untold) continue;
    const entry = tripActivity(ids.next('act'), now, by, before, after);
    tx.put('activity', entry.id, entry);
  }
  yield* bookMonths(tx, changed);
  yield* wishFor(services, tx, changed, now);
  if (by.kind !== 'rules') yield* rememberByHand(tx, changed, now);
}

function* bookMonths(tx: Tx, bookings: readonly Booking[]): Work<void> {
  const changes = bookings.flatMap(({ before, after }) => [
    ...(before ? [{ ...monthRow(before), change: removeRow }] : []),
    ...(after ? [{ ...monthRow(after), change: addRow }] : []),
  ]);
  const names = [...new Set(changes.map(({ month }) => month))];
  const found = yield* tx.getMany(names.map((id) => ({ kind: 'month' as const, id })));
  const months = new Map<string, MonthRows>(found.flatMap((rows) => (rows ? [[rows.month, rows] as const] : [])));
  for (const { month, row, change } of changes)
    months.set(month, change(months.get(month) ?? { month, rows: {} }, row));
  for (const [month, rows] of months) {
    if (Object.keys(rows.rows).length > 0) tx.put('month', month, rows);
    else tx.remove('month', month);
  }
}

function monthRow(trip: Trip): { month: string; row: StatRow } {
  const month = localMonth(trip.startedAt, trip.timeZone);
  return { month, row: rowOf(trip, localDate(trip.startedAt, trip.timeZone)) };
}
