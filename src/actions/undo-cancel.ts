/**
 * Taking a `cancel` back: the drive's events count again, and are folded as if it had never come; and taking that back.
 * When the events are gone, the drive comes back as it stood when it was cancelled.
 */

import type { Activity, Discard, Written } from '../domain/activity.ts';
import type { JournalEntry } from '../domain/machine/state.ts';
import { conflict } from '../domain/undo.ts';
import { isoOf } from '../domain/units.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Revision } from './journal.ts';
import { discardOf } from './ledger.ts';
import { contextOf, load } from './machine-docs.ts';
import { rowsWithin } from './pages.ts';
import { revise } from './refold.ts';
import { restoreTrip } from './restore-trips.ts';
import type { Undoing } from './undoing.ts';

export function* undoCancel(undoing: Undoing, discard: Discard): Work<Written & Pick<Activity, 'kind'>> {
  const { tx, root: cancelled } = undoing;
  const comesBack = cancelled.undoneBy === null;
  const kind = comesBack ? 'created' : 'deleted';
  const before = yield* tx.get('trip', discard.tripId);
  const events = yield* eventsOf(tx, discard);
  yield* turnDiscard(undoing, discard, comesBack);
  const isFolded = comesBack ? yield* revive(undoing, discard, events) : yield* strikeOut(undoing, discard, events);
  const named = { kind, noun: 'trip', nounId: discard.tripId, before } as const;
  if (isFolded) return { ...named, after: yield* tx.get('trip', discard.tripId) };
  if (comesBack && !cancelled.lost) throw conflict('What was received of this drive is not kept any more.');
  return { ...named, after: yield* restoreTrip(undoing, before, comesBack ? cancelled.lost : null) };
}

/** Back from a cancel, why else the drive may be no trip is another entry; cancelled again, that one is gone. */
function* turnDiscard({ tx, entry, root: cancelled }: Undoing, { tripId }: Discard, comesBack: boolean): Work<void> {
  if (!comesBack) {
    const other = yield* discardOf(tx, tripId);
    if (other.told) tx.remove('activity', other.id);
  }
  tx.put('activity', cancelled.id, { ...cancelled, undoneBy: comesBack ? entry.id : null });
}

/** Whoever cancels twice meant the same drive: a later cancel that found nothing open must not throw it away instead. */
function* revive(undoing: Undoing, discard: Discard, events: readonly JournalEntry[]): Work<boolean> {
  const { startedAt, tripId } = discard;
  const cancel = events.find((one) => isCancel(one, discard));
  if (!cancel) return false;
  const gone = [cancel, ...events.filter((one) => isRepeated(one, cancel) && !one.settled)];
  const without = gone.map(({ event }) => event.id);
  const back = events
    .filter((one) => isStruckOut(one, cancel))
    .map((one) => ({ ...one, settled: false, by: undoing.by }));
  const isDone = yield* fold(undoing, { since: startedAt, without, back, tripId });
  if (isDone) for (const one of gone) undoing.tx.put('event', one.event.id, { ...one, settled: true });
  return isDone;
}

function* strikeOut(undoing: Undoing, discard: Discard, events: readonly JournalEntry[]): Work<boolean> {
  const { startedAt, tripId } = discard;
  const cancel = events.find((one) => isCancel(one, discard));
  if (!cancel) return false;
  const late = events.filter((one) => isLate(one, cancel) && one.by !== undefined);
  const without = late.map(({ event }) => event.id);
  const cancels = [cancel, ...events.filter((one) => isRepeated(one, cancel) && one.settled)];
  const back = cancels.map((one) => ({ ...one, settled: false }));
  const isDone = yield* fold(undoing, { since: startedAt, without, back, tripId });
  if (!isDone) return false;
  for (const { by: _by, ...one } of late)
    undoing.tx.put('event', one.event.id, { ...one, waiting: null, settled: true });
  return true;
}

/** Throws where trips would change that the user decided about since. */
function* fold({ deps, tx, now }: Undoing, revision: Revision): Work<boolean> {
  const user = yield* tx.get('user', '');
  if (user === null) return false;
  const done = yield* revise(deps, tx, yield* load(tx), revision, contextOf(user), now);
  const [settled] = done?.settled ?? [];
  if (settled === undefined) return done !== null;
  const trip = yield* tx.get('trip', settled);
  const named = trip ? `the trip ${settled} of ${isoOf(trip.startedAt)}` : `the trip ${settled}, deleted since`;
  throw conflict(`It would change ${named}, which was decided by hand; undo that first.`);
}

/** A drive may have been cancelled before, and that undone. */
function isCancel({ event, reply }: JournalEntry, { tripId, endedAt }: Discard): boolean {
  return event.type === 'cancel' && event.at === endedAt && reply?.code === 'cancelled' && reply.tripId === tripId;
}

function isRepeated({ event, reply }: JournalEntry, { event: cancel }: JournalEntry): boolean {
  return event.type === 'cancel' && event.at >= cancel.at && reply?.code === 'no_active_trip';
}

/** Told after the cancel about the time before it. */
function isLate({ event }: JournalEntry, { event: cancel }: JournalEntry): boolean {
  const isPhone = event.type !== 'car_reading' && event.type !== 'cancel';
  return isPhone && event.receivedAt >= cancel.receivedAt && event.at <= cancel.at;
}

/** It was set aside, with nothing for the user to decide. */
function isStruckOut(one: JournalEntry, cancel: JournalEntry): boolean {
  return one.settled && one.waiting === null && isLate(one, cancel);
}

/** All since the drive began. */
function* eventsOf(tx: Tx, { startedAt }: Discard): Work<readonly JournalEntry[]> {
  const rows = yield* rowsWithin(tx, 'event', { order: 'asc', from: startedAt });
  return rows.map(({ doc }) => doc);
}
