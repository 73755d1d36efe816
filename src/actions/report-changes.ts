/** What the feed tells of trips: their changes, and those that were taken out. Reads only. */

import {
  changesIn,
  deletionsIn,
  reasonsIn,
  writtenIn,
  type DeletedTrip,
  type Reasons,
  type TripChange,
} from '../domain/reports/changes.ts';
import type { ClosedMonth } from '../domain/month-chain.ts';
import { holds, type Period } from '../domain/periods.ts';
import { localDate } from '../domain/calendar.ts';
import { partId, type Activity, type Written } from '../domain/activity.ts';
import type { UserStore } from '../seams/store.ts';
import { rowsOf } from './pages.ts';
import { instantsAround } from './trips-in.ts';

export interface TripHistory {
  readonly changes: ReadonlyMap<string, readonly TripChange[]>;
  /** Trips of the period that are in the book no more, by when they were driven. */
  readonly deleted: readonly DeletedTrip[];
}

export const NO_HISTORY: TripHistory = { changes: new Map(), deleted: [] };

/** Nothing is told of a trip before it was driven: the feed is read from the beginning of the period. */
export async function historyOf(user: UserStore, period: Period): Promise<TripHistory> {
  const { from } = instantsAround(period);
  const reasons = await reasonsOf(user);
  const changes = new Map<string, TripChange[]>();
  const deletions = new Map<string, DeletedTrip | false>();
  for await (const { doc } of rowsOf(user, 'activity', { order: 'asc', ...(from !== undefined && { from }) })) {
    for await (const written of portionsOf(user, doc)) {
      for (const [id, change] of changesIn(doc, written, reasons))
        changes.set(id, [...(changes.get(id) ?? []), change]);
      for (const [id, deletion] of deletionsIn(doc, written, reasons)) deletions.set(id, deletion);
    }
  }
  return { changes, deleted: await gone(user, deletions, period) };
}

async function reasonsOf(user: UserStore): Promise<Reasons> {
  const months: ClosedMonth[] = [];
  for await (const { doc } of rowsOf(user, 'closed_month', { order: 'asc' })) months.push(doc);
  return reasonsIn(months);
}

async function* portionsOf(user: UserStore, act: Activity): AsyncGenerator<readonly Written[]> {
  yield writtenIn(act);
  for (const nth of act.parts.keys()) {
    const part = await user.get('part', partId(act.id, nth));
    if (part !== null) yield part.written;
  }
}

/** A trip that is in the book was not taken out, whatever the feed tells. */
async function gone(
  user: UserStore,
  deletions: ReadonlyMap<string, DeletedTrip | false>,
  period: Period,
): Promise<DeletedTrip[]> {
  const found: DeletedTrip[] = [];
  for (const deletion of deletions.values()) {
    if (deletion === false) continue;
    const { trip } = deletion;
    if (!holds(period, localDate(trip.startedAt, trip.timeZone))) continue;
    if ((await user.get('trip', trip.id)) === null) found.push(deletion);
  }
  return found.toSorted((a, b) => a.trip.startedAt - b.trip.startedAt);
}
