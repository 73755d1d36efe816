/** What a closed trip comes to. Pure reckoning: which car, which ends, how far, in the book or not. */

import type { Discard } from '../activity.ts';
import { classify } from '../classification.ts';
import { judgeDrive } from '../distance.ts';
import type { Fix } from '../events.ts';
import type { Position } from '../geo.ts';
import { locationAt } from '../locations.ts';
import { startOdometer, type Driven, type Odometer } from '../odometer.ts';
import { LIMITS } from '../settings.ts';
import { measure, type Measure, type Totals } from '../track.ts';
import { positionOf, type Place, type ReviewReason, type Trip } from '../trips.ts';
import { pollableCars, startPlace } from './open-trip.ts';
import type { Closed, MachineMemory, OpenTrip } from './state.ts';
import type { Context } from './turn.ts';

/** What is still waited for: a car that can be asked, or one that reports by itself. */
export function isAwaited(
  memory: MachineMemory,
  closed: Pick<Closed, 'trip' | 'endOdometer' | 'final'>,
  context: Context,
): boolean {
  if (closed.final || closed.endOdometer) return false;
  const { carId } = closed.trip.car;
  if (pollableCars(closed.trip, context).length > 0) return true;
  return carId !== null && (memory.cars[carId]?.reports ?? false);
}

/** A closed trip before it is known what it comes to. */
export type Unrecorded = Omit<Closed, 'booked' | 'discard'>;

/** What a closed trip comes to: a record for the book, or a reason why it is none. */
export function recordOf(
  memory: MachineMemory,
  closed: Unrecorded,
  context: Context,
): Pick<Closed, 'booked' | 'discard'> {
  const { trip } = closed;
  const awaited = isAwaited(memory, closed, context);
  const car = carAtEnd(closed, context);
  const ends = endsOf(closed);
  const track = measure(closed.totals);
  const odometers = car.doubted ? NO_ODOMETERS : odometersOf(closed, context);
  // One fix that stands for both ends measures nothing.
  const isOne = ends.from !== null && ends.from.at === ends.to?.at;
  const verdict = judgeDrive({
    from: ends.from,
    to: isOne ? null : ends.to,
    track,
    thin: isThin(closed, track),
    followed: trip.heard,
    ...odometers,
    lastedMs: closed.closingAt - trip.startedAt,
    awaited,
  });
  const ignored = context.cars.some(({ id, ignored: isIgnored }) => id === car.carId && isIgnored);
  if (ignored) return { booked: null, discard: discardOf(closed, 'ignored_car') };
  if (!verdict.keep && closed.closedBy !== 'stale') return { booked: null, discard: discardOf(closed, verdict.reason) };
  const { distanceMetres: driven, source } = verdict.keep ? verdict : UNKNOWN_DISTANCE;
  const reasons: ReviewReason[] = [...closed.reasons];
  if (trip.openedBy === 'car') reasons.push('drove_on');
  if (source === 'unknown' && !awaited) reasons.push('unknown_distance');
  if (car.doubted || car.by === 'default') reasons.push('uncertain_car');
  const booked: Trip = {
    ...BLANK,
    id: trip.id,
    carId: car.carId,
    startedAt: trip.startedAt,
    endedAt: closed.at,
    endedAtEstimated: closed.estimated,
    timeZone: trip.timeZone,
    from: placeOf(ends.from, context),
    to: placeOf(ends.to, context),
    stops: trip.stops.map((stop) => ({ ...stop, locationId: locationIdAt(stop, context) })),
    distanceMetres: driven,
    distanceSource: source,
    ...odometers,
    odometerPending: awaited,
    gpsDistanceMetres: trip.heard && track.fixes > 1 ? track.metres : null,
    needsReview: reasons.length > 0,
    reviewReasons: reasons,
    openedBy: trip.openedBy,
    closedBy: closed.closedBy,
    ...(trip.car.device !== null && { device: trip.car.device }),
  };
  return { booked: classify(booked, context), discard: null };
}

export function discardOf(closed: Pick<Closed, 'trip' | 'at'>, reason: Discard['reason']): Discard {
  const { trip } = closed;
  return { tripId: trip.id, reason, startedAt: trip.startedAt, endedAt: closed.at, carId: trip.car.carId };
}

/** What is said of a trip before anybody says it. */
export const BLANK = {
  routeDistanceMetres: null,
  type: 'B',
  businessMetres: 0,
  commute: false,
  classifiedBy: 'default',
  purpose: null,
  businessPartner: null,
  routeNote: null,
  detourMetres: null,
  notes: null,
  reconstructed: false,
  locked: false,
  setByUser: [],
  createdAt: 0,
  updatedAt: 0,
} as const;

/** Trip rule 6: the default car answers only here; a car whose odometer stood still was not the one. */
function carAtEnd(closed: Unrecorded, context: Context): { carId: string | null; by: string; doubted: boolean } {
  const { trip, endOdometer } = closed;
  const { carId, by } = trip.car;
  if (carId === null) {
    const fallback = by === 'none' && context.cars.some(({ id }) => id === context.settings.defaultCarId);
    return fallback
      ? { carId: context.settings.defaultCarId, by: 'default', doubted: false }
      : { carId: null, by, doubted: false };
  }
  const { metres } = measure(closed.totals);
  const start = trip.startOdometer ?? (trip.knownOdometer && { ...trip.knownOdometer, estimated: false });
  const stood =
    endOdometer !== null &&
    endOdometer.at >= closed.at &&
    start !== null &&
    !start.estimated &&
    metres > LIMITS.notTheCarMetres &&
    endOdometer.metres - start.metres < metres / 2;
  return stood ? { carId: null, by, doubted: true } : { carId, by, doubted: false };
}

const UNKNOWN_DISTANCE = { distanceMetres: 0, source: 'unknown' } as const;

const NO_ODOMETERS = { startOdometerMetres: null, endOdometerMetres: null, startOdometerEstimated: false };

function odometersOf(
  closed: Unrecorded,
  context: Context,
):
  | typeof NO_ODOMETERS
  | {
      startOdometerMetres: number | null;
      endOdometerMetres: number | null;
      startOdometerEstimated: boolean;
    } {
  const { trip, endOdometer } = closed;
  if (carAtEnd(closed, context).carId !== trip.car.carId) return NO_ODOMETERS;
  const start = trip.startOdometer ?? startFromEnd(closed) ?? null;
  return {
    startOdometerMetres: start?.metres ?? null,
    endOdometerMetres: endOdometer?.metres ?? null,
    startOdometerEstimated: start?.estimated ?? false,
  };
}

/** No reading came in the trip: only a last known value that the end agrees with can be its start. */
function startFromEnd(closed: Unrecorded): (Odometer & { readonly estimated: boolean }) | null {
  const { knownOdometer } = closed.trip;
  if (!knownOdometer) return null;
  if (!closed.endOdometer) return { ...knownOdometer, estimated: false };
  const start = startOdometer(knownOdometer, closed.endOdometer, drivenUntil(closed.trip, closed.totals, closed.at));
  return start.estimated ? null : start;
}

/** What was driven from the trip's start to an instant in or after it, as far as its track tells. */
export function drivenUntil(trip: OpenTrip, totals: Totals, at: number): Driven {
  const track = measure(totals);
  const thin = track.thin || isThinEdge(trip.startedAt, track.first?.at) || isThinEdge(track.last?.at, at);
  return { metres: track.metres, leastMetres: track.leastMetres, thin, elapsedMs: at - trip.startedAt };
}

function isThin(closed: Unrecorded, track: Measure): boolean {
  return track.thin || isThinEdge(closed.trip.startedAt, track.first?.at) || isThinEdge(track.last?.at, closed.at);
}

function isThinEdge(from: number | undefined, to: number | undefined): boolean {
  return from === undefined || to === undefined || to - from > LIMITS.thinGapMs;
}

function endsOf(closed: Unrecorded): { from: Fix | null; to: Fix | null } {
  return { from: startPlace(closed.trip), to: endPlace(closed) };
}

/** Where a closed trip ended: as said, else its last fix if that is not long before. */
export function endPlace(closed: Pick<Closed, 'fix' | 'totals' | 'at'>): Fix | null {
  const { last } = measure(closed.totals);
  return closed.fix ?? (last && closed.at - last.at <= LIMITS.thinGapMs ? last : null);
}

function placeOf(position: Position | null, context: Context): Place | null {
  if (position === null) return null;
  const { lat, lng } = position;
  return { lat, lng, address: null, locationId: locationIdAt(position, context) };
}

function locationIdAt(place: Pick<Place, 'lat' | 'lng'>, { locations }: Context): string | null {
  return locationAt(locations, positionOf(place))?.id ?? null;
}
