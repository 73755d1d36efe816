/** Looking up what else was driven in a trip's time, and refusing what one car cannot have driven. */

import { areAtOnce, areNewlyImpossible, LONGEST_MS, type Moved, type Span } from '../domain/overlaps.ts';
import { unprocessable } from '../domain/problem.ts';
import type { TripEdit } from '../domain/trip-edits.ts';
import type { Trip } from '../domain/trips.ts';
import { isoOf } from '../domain/units.ts';
import type { Tx, Work } from '../seams/store.ts';
import { rowsWithin } from './pages.ts';

/** Other trips in the time of this one, as they were before this work, newest first. */
export function* tripsAtOnce(tx: Tx, span: Span, where: { readonly carId?: string } = {}): Work<readonly Trip[]> {
  const bounds = { from: span.startedAt - LONGEST_MS, to: span.endedAt };
  const rows = yield* rowsWithin(tx, 'trip', { order: 'desc', ...bounds, where });
  return rows.map(({ doc }) => doc).filter((trip) => trip.id !== span.id && areAtOnce(trip, span));
}

/**
 * What the trip's car cannot have driven besides, the open drive included; `null`: nothing that was not in its way
 * before. `others`: what becomes of further trips in the same act, as far as the store does not show it yet.
 */
export function* inItsWay(tx: Tx, moved: Moved, others: readonly Moved[] = []): Work<Span | null> {
  const { after } = moved;
  if (after === null || after.carId === null) return null;
  const near = others.filter((one) => isNear(one.before, after) || isNear(one.after, after));
  const ids = new Set(near.map((one) => (one.after ?? one.before)?.id));
  const stored = yield* tripsAtOnce(tx, after, { carId: after.carId });
  const open = yield* openDrive(tx);
  const standing = [...(open ? [open] : []), ...stored.filter(({ id }) => !ids.has(id))];
  const all = [...standing.map((span) => ({ before: span, after: span })), ...near];
  const isOther = (other: Moved) => (other.after ?? other.before)?.id !== after.id;
  return all.find((other) => isOther(other) && areNewlyImpossible(moved, other))?.after ?? null;
}

function isNear(span: Span | null, trip: Span): boolean {
  return span !== null && areAtOnce(span, trip);
}

/** Throws `unprocessable` that names the field of the edit that brought them together. */
export function* refuseTwoAtOnce(tx: Tx, moved: Moved, edit: TripEdit, others: readonly Moved[] = []): Work<void> {
  const other = yield* inItsWay(tx, moved, others);
  if (other === null || moved.after === null) return;
  const until = other.endedAt === Infinity ? 'on, the drive under way' : `to ${isoOf(other.endedAt)}`;
  const message = `the car drives another trip then, ${other.id}, from ${isoOf(other.startedAt)} ${until}`;
  throw unprocessable(fieldOf(moved.after, other, edit), message);
}

function fieldOf(trip: Span, other: Span, { startedAt, endedAt }: TripEdit): string {
  if (startedAt === undefined && endedAt === undefined) return 'car_id';
  const isBegunIn = other.startedAt <= trip.startedAt;
  return startedAt === undefined || (endedAt !== undefined && !isBegunIn) ? 'ended_at' : 'started_at';
}

/** Ends when nobody knows, unless it only waits for its car or its driver. */
export function* openDrive(tx: Tx): Work<Span | null> {
  const active = yield* tx.get('active', 'trip_start');
  if (active === null) return null;
  const { now } = active;
  const { id, car, startedAt } = now.trip;
  const endedAt = now.phase === 'ending' ? now.end.at : now.phase === 'paused' ? now.pause.at : Infinity;
  return { id, carId: car.carId, startedAt, endedAt };
}
