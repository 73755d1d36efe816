/** Neighbouring trips made one: what it says of its parts, and when they are no neighbours. Nothing driven is lost. */

import { distanceMetres } from './geo.ts';
import { classified, textsOf, type MergeContext } from './merged-classes.ts';
import { LONGEST_MS } from './overlaps.ts';
import { unprocessable } from './problem.ts';
import { LIMITS } from './settings.ts';
import {
  positionOf,
  trackIds,
  withTracks,
  type DistanceSource,
  type Place,
  type ReviewReason,
  type Stop,
  type Trip,
} from './trips.ts';
import { isoOf } from './units.ts';

/** The weakest first. */
const STRENGTH: readonly DistanceSource[] = [
  'unknown',
  'straight_line',
  'reconstructed',
  'gps',
  'route',
  'imported',
  'manual',
  'odometer',
];

const DAY_MS = 24 * 3_600_000;

/** Ends nearer than this to the next start are the same place. */
const SAME_PLACE_METRES = 100;

/** In the order they were driven. */
export function inOrderDriven(trips: readonly Trip[]): Trip[] {
  return trips.toSorted((a, b) => a.startedAt - b.startedAt || a.endedAt - b.endedAt || (a.id < b.id ? -1 : 1));
}

/**
 * Throws `month_closed`, and `unprocessable` for trips that cannot be one: `between` holds what else lies between them.
 * `trips` are at least two, in the order they were driven.
 */
export function mergeTrips(
  trips: readonly Trip[],
  between: readonly Pick<Trip, 'id' | 'startedAt'>[],
  context: MergeContext,
): Trip {
  const [first, last] = [trips[0], trips.at(-1)];
  if (first === undefined || last === undefined) throw unprocessable('ids', '2 … 20 of your trips');
  refuseStrangers(trips, between);
  const measured = measuresOf(trips, first, last);
  const merged: Trip = {
    ...first,
    ...spanOf(trips, last),
    ...measured,
    ...textsOf(trips),
    carId: trips.find(({ carId }) => carId !== null)?.carId ?? null,
    detourMetres: detourOf(trips, measured.distanceMetres),
    reviewReasons: reasonsOf(trips, first, last, measured),
    reconstructed: trips.some(({ reconstructed }) => reconstructed),
    setByUser: setByUser(trips),
    updatedAt: context.now,
  };
  const tracks = [...new Set(trips.flatMap((trip) => trackIds(trip)))];
  return classified(withTracks(merged, tracks), trips, context);
}

function refuseStrangers(trips: readonly Trip[], between: readonly Pick<Trip, 'id' | 'startedAt'>[]): void {
  const [stranger] = between;
  if (stranger) {
    const when = `started ${isoOf(stranger.startedAt)}`;
    throw unprocessable('ids', `neighbours in time; ${stranger.id}, ${when}, lies between them`);
  }
  const [first, last] = [trips[0], trips.at(-1)];
  if (first && last && last.endedAt - first.startedAt > LONGEST_MS) {
    throw unprocessable('ids', `trips within ${LONGEST_MS / DAY_MS} days, from the first start to the last end`);
  }
  const cars = new Set(trips.map(({ carId }) => carId).filter((id) => id !== null));
  if (cars.size > 1)
    throw unprocessable('ids', `trips of one car, some may have none; these have ${[...cars].join(', ')}`);
  for (const [i, trip] of trips.entries()) {
    const next = trips[i + 1];
    if (next && next.startedAt < trip.endedAt) {
      throw unprocessable('ids', `trips one after another; ${next.id} started before ${trip.id} ended`);
    }
  }
}

function spanOf(trips: readonly Trip[], last: Trip) {
  return {
    endedAt: last.endedAt,
    endedAtEstimated: last.endedAtEstimated,
    to: last.to,
    stops: trips.flatMap((trip, i) => [...trip.stops, ...pauseOf(trip, trips[i + 1])]),
    closedBy: last.closedBy,
  };
}

function pauseOf(trip: Trip, next: Trip | undefined): Stop[] {
  if (next === undefined || next.startedAt === trip.endedAt) return [];
  const place: Place = trip.to ?? next.from ?? { lat: null, lng: null, address: null, locationId: null };
  const { lat, lng, address, locationId } = place;
  return [{ arrivedAt: trip.endedAt, leftAt: next.startedAt, lat, lng, address, locationId }];
}

/** From odometer to odometer, kilometres between the trips included; else what they say, and straight lines between them. */
function measuresOf(trips: readonly Trip[], first: Trip, last: Trip) {
  const { startOdometerMetres } = first;
  const { endOdometerMetres } = last;
  const driven =
    startOdometerMetres === null || endOdometerMetres === null ? 0 : endOdometerMetres - startOdometerMetres;
  const byOdometer = driven > 0;
  const said = sum(trips.map((trip) => trip.distanceMetres));
  const source: DistanceSource = byOdometer ? 'odometer' : weakest(trips);
  return {
    distanceMetres: byOdometer ? driven : said + sum(trips.map((trip, i) => bridgeMetres(trip, trips[i + 1]))),
    distanceSource: source,
    endOdometerMetres,
    odometerPending: false,
    gpsDistanceMetres: allOrNull(trips.map(({ gpsDistanceMetres }) => gpsDistanceMetres)),
    routeDistanceMetres: null,
  };
}

function weakest(trips: readonly Trip[]): DistanceSource {
  return STRENGTH.find((source) => trips.some(({ distanceSource }) => distanceSource === source)) ?? 'unknown';
}

/** What was driven between two trips without being in either, reckoned from where the one ended and the other began. */
function bridgeMetres({ to }: Trip, next: Trip | undefined): number {
  const [end, start] = [positionOf(to), positionOf(next?.from ?? null)];
  const metres = end === null || start === null ? 0 : distanceMetres(end, start);
  return metres > SAME_PLACE_METRES ? Math.round(metres * LIMITS.thinFactor) : 0;
}

function reasonsOf(
  trips: readonly Trip[],
  first: Trip,
  last: Trip,
  { distanceSource }: Pick<Trip, 'distanceSource'>,
): ReviewReason[] {
  const byOdometer =
    distanceSource === 'odometer' && first.startOdometerMetres !== null && last.endOdometerMetres !== null;
  const isBridged = trips.some((trip, i) => bridgeMetres(trip, trips[i + 1]) > 0);
  const isCarSure = trips.some((trip) => trip.carId !== null && !trip.reviewReasons.includes('uncertain_car'));
  const stands = (reason: ReviewReason, trip: Trip): boolean => {
    switch (reason) {
      case 'no_rule_matched':
        return true;
      case 'unknown_distance':
      case 'estimated_distance':
        return !byOdometer;
      case 'uncertain_car':
        return !isCarSure;
      case 'end_lost':
      case 'stale':
        return trip === last;
      case 'drove_on':
      case 'start_by_car':
        return trip === first;
      case 'estimated_time':
      case 'overlap':
        return true;
    }
  };
  const kept = trips.flatMap((trip) => trip.reviewReasons.filter((reason) => stands(reason, trip)));
  return [...new Set<ReviewReason>([...kept, ...(isBridged && !byOdometer ? (['estimated_distance'] as const) : [])])];
}

function setByUser(trips: readonly Trip[]): string[] {
  const split = ['business_km', 'private_km'];
  const fields = trips.flatMap((trip) => trip.setByUser).filter((field) => !split.includes(field));
  return [...new Set([...fields, 'ended_at', 'to', 'distance_km'])].toSorted();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** What was driven beyond the usual routes, as far as it fits in what was driven. */
function detourOf(trips: readonly Trip[], metres: number): number | null {
  const known = trips.map(({ detourMetres }) => detourMetres).filter((one) => one !== null);
  return known.length === 0 ? null : Math.min(metres, sum(known));
}

function allOrNull(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((one) => one !== null);
  return known.length === numbers.length ? sum(known) : null;
}
