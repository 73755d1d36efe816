/**
 * The trip a gap of the odometer may have been: from where the one before ended to where the next began, as far as the
 * odometer says, at a time when the car was free. A proposal, and marked as one for ever.
 */

import type { Gap } from './odometer-chain.ts';
import type { Span } from './overlaps.ts';
import { unprocessable } from './problem.ts';
import { LIMITS } from './settings.ts';
import type { NewTrip } from './new-trips.ts';
import type { PlaceEdit, TripEdit } from './trip-edits.ts';
import type { Place, Trip } from './trips.ts';
import { isoOf } from './units.ts';

/** What lies around a gap. */
export interface GapSurroundings {
  readonly carId: string;
  readonly before: Trip | null;
  readonly after: Trip | null;
  /** The car's trips without odometers, of which some may lie in it. */
  readonly unmeasured: readonly Span[];
}

/** What its driver knows better than the proposal. */
export type GapWish = Pick<
  TripEdit,
  | 'startedAt'
  | 'endedAt'
  | 'from'
  | 'to'
  | 'type'
  | 'businessMetres'
  | 'privateMetres'
  | 'commute'
  | 'purpose'
  | 'businessPartner'
  | 'routeNote'
  | 'detourMetres'
  | 'notes'
>;

const SHORTEST_MS = 60_000;

/** Throws `unprocessable` where nothing can be filled in, or not at that time. */
export function proposedTrip(gap: Gap, around: GapSurroundings, wish: GapWish): NewTrip {
  const missing = gap.metres - gap.loggedMetres;
  if (missing <= 0) throw unprocessable('id', 'a gap in which kilometres are missing');
  const taken = around.unmeasured.filter((trip) => trip.startedAt < gap.toAt && trip.endedAt > gap.fromAt);
  const times = timesOf(gap, taken, missing, wish);
  const measures =
    taken.length === 0
      ? { startOdometerMetres: gap.fromMetres, endOdometerMetres: gap.toMetres }
      : { distanceMetres: missing };
  return {
    carId: around.carId,
    from: placeOf(around.before?.to ?? null),
    to: placeOf(around.after?.from ?? null),
    ...given(wish),
    ...measures,
    ...times,
  };
}

/** As it stands in the book. What nobody accounts for is private, unless a rule or its driver says otherwise. */
export function reconstructed(trip: Trip, wish: GapWish): Trip {
  const isTimed = wish.startedAt !== undefined && wish.endedAt !== undefined;
  const reviewReasons = isTimed ? trip.reviewReasons : [...trip.reviewReasons, 'estimated_time' as const];
  const marked: Trip = {
    ...trip,
    distanceSource: 'reconstructed',
    reconstructed: true,
    reviewReasons,
    needsReview: reviewReasons.length > 0,
  };
  return marked.classifiedBy === 'default' ? { ...marked, type: 'P', businessMetres: 0 } : marked;
}

function timesOf(gap: Gap, taken: readonly Span[], metres: number, { startedAt, endedAt }: GapWish) {
  const lasts = Math.max(SHORTEST_MS, Math.round((metres / 1_000 / LIMITS.lostEndKmh) * 3_600_000));
  const free = longest(freeSpans(gap, taken));
  const start = startedAt ?? (endedAt === undefined ? free.from : Math.max(gap.fromAt, endedAt - lasts));
  const end = endedAt ?? Math.min(startedAt === undefined ? free.to : gap.toAt, start + lasts);
  refuseOutside(gap, 'started_at', start);
  refuseOutside(gap, 'ended_at', end);
  if (end - start < SHORTEST_MS)
    throw unprocessable('started_at', 'a time when the car was free; there is none in this gap');
  return { startedAt: start, endedAt: end };
}

function refuseOutside(gap: Gap, field: string, at: number): void {
  if (at >= gap.fromAt && at <= gap.toAt) return;
  throw unprocessable(field, `an instant within the gap, ${isoOf(gap.fromAt)} to ${isoOf(gap.toAt)}`);
}

interface Free {
  readonly from: number;
  readonly to: number;
}

function freeSpans(gap: Gap, taken: readonly Span[]): Free[] {
  const spans: Free[] = [];
  let from = gap.fromAt;
  for (const trip of taken.toSorted((a, b) => a.startedAt - b.startedAt)) {
    if (trip.startedAt > from) spans.push({ from, to: trip.startedAt });
    from = Math.max(from, trip.endedAt);
  }
  return [...spans, { from, to: Math.max(from, gap.toAt) }];
}

/** Of equally long ones the first. */
function longest(spans: readonly Free[]): Free {
  return spans.reduce((best, one) => (one.to - one.from > best.to - best.from ? one : best));
}

function placeOf(place: Place | null): PlaceEdit | null {
  return place && { ...place };
}

function given(wish: GapWish): GapWish {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}
