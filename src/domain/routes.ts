/** The way of a trip by road (trip rule 16): whether it is wanted, whether an answer can be true, and what it changes. */

import { shareOf } from './business-share.ts';
import type { Fix } from './events.ts';
import { distanceMetres, type Position } from './geo.ts';
import { LIMITS } from './settings.ts';
import { isBelievable, type Measure } from './track.ts';
import { isMeasuredByHand } from './trip-edits.ts';
import { positionOf, type DistanceSource, type Trip } from './trips.ts';

/** What a route counts before. */
const WEAKER: ReadonlySet<DistanceSource> = new Set<DistanceSource>(['gps', 'straight_line', 'unknown']);

/** The rules measured it, with nothing better to come, and its ends are known. A part of another trip is measured with that. */
export function lacksRoute(trip: Trip): boolean {
  const isOpen = trip.routeDistanceMetres === null && WEAKER.has(trip.distanceSource) && !trip.odometerPending;
  const isByRules = !trip.locked && trip.tracks === undefined && !isMeasuredByHand(trip);
  return isOpen && isByRules && positionOf(trip.from) !== null && positionOf(trip.to) !== null;
}

/** Whether a route of the one is one of the other. */
export function isSameWay(a: Trip, b: Trip): boolean {
  return JSON.stringify(wayOf(a)) === JSON.stringify(wayOf(b));
}

function wayOf({ from, to, stops, startedAt, endedAt, tracks }: Trip) {
  return [[from, to, ...stops].map(positionOf), startedAt, endedAt, tracks];
}

/**
 * The trip with its distance by road; `null`: what somebody said about it does not fit in.
 * `share`: the business part of a mixed trip of no distance so far.
 */
export function withRoute(trip: Trip, metres: number, share: number): Trip | null {
  const reviewReasons = trip.reviewReasons.filter((reason) => reason !== 'unknown_distance');
  const measured: Trip = {
    ...trip,
    distanceMetres: metres,
    distanceSource: 'route',
    routeDistanceMetres: metres,
    reviewReasons,
    needsReview: trip.needsReview && reviewReasons.length > 0,
  };
  const { businessMetres, errors } = shareOf(measured, trip, {}, share);
  if (errors.length > 0 || (trip.detourMetres ?? 0) > metres) return null;
  return { ...measured, businessMetres };
}

/** A route is known and, for whatever reason, not what counts. */
export function withRouteNoted(trip: Trip, metres: number): Trip {
  return { ...trip, routeDistanceMetres: metres };
}

/** The trip with the route another state of it has, where it goes the same way. */
export function withRouteOf(trip: Trip, other: Trip): Trip {
  const metres = other.routeDistanceMetres;
  if (metres === null || trip.routeDistanceMetres !== null || !isSameWay(trip, other)) return trip;
  const counts = other.distanceSource === 'route' && WEAKER.has(trip.distanceSource);
  const share = other.distanceMetres > 0 ? other.businessMetres / other.distanceMetres : 0;
  return (counts ? withRoute(trip, metres, share) : null) ?? withRouteNoted(trip, metres);
}

/** Roads begin beside where one parks. */
const SLACK_METRES = 200;
const MOST_DETOUR = 3;
const DETOUR_SLACK_METRES = 5_000;

/** Whether a car can have driven so far: not less than straight from place to place, not far more than its track. */
export function isPlausible(metres: number, waypoints: readonly Position[], track: Measure): boolean {
  const straight = waypoints.reduce((sum, here, i) => sum + distanceMetres(waypoints[i - 1] ?? here, here), 0);
  if (metres < LIMITS.smallestTripMetres || metres + SLACK_METRES < straight) return false;
  const isWhole = track.fixes > 1 && !track.thin;
  return !isWhole || metres <= MOST_DETOUR * track.metres + DETOUR_SLACK_METRES;
}

/** From where to where, by way of its stops and of its track, `most` positions in all, evenly far apart. */
export function waypointsOf(trip: Trip, fixes: readonly Pick<Fix, 'at' | 'lat' | 'lng'>[], most: number): Position[] {
  const [from, to] = [positionOf(trip.from), positionOf(trip.to)];
  if (from === null || to === null) return [];
  const stops = trip.stops.flatMap((stop) => atOnce(positionOf(stop), stop.arrivedAt));
  const passed = believable(fixes.map(({ at, lat, lng }) => ({ at, lat, lng })));
  const between = [...stops, ...passed].toSorted((a, b) => a.at - b.at).map(({ lat, lng }) => ({ lat, lng }));
  return [from, ...spread([from, ...between, to], most - 2), to];
}

interface Passed extends Position {
  readonly at: number;
}

function atOnce(position: Position | null, at: number): Passed[] {
  return position === null ? [] : [{ ...position, at }];
}

function believable(fixes: readonly Passed[]): Passed[] {
  const kept: Passed[] = [];
  for (const fix of fixes) {
    const last = kept.at(-1);
    if (last === undefined || isBelievable(asFix(last), asFix(fix))) kept.push(fix);
  }
  return kept;
}

function asFix(passed: Passed): Fix {
  return { ...passed, accuracyMetres: null, speedKmh: null };
}

/** Nearer than this, two positions say the same. */
const NEAREST_METRES = 250;

/** Of a way from its first position to its last those in between, at most `most`, by how far one has come. */
function spread(way: readonly Position[], most: number): Position[] {
  const legs = way.map((here, i) => distanceMetres(way[i - 1] ?? here, here));
  const total = legs.reduce((sum, leg) => sum + leg, 0);
  const step = Math.max(NEAREST_METRES, total / (most + 1));
  const chosen: Position[] = [];
  let come = 0;
  let next = step;
  for (const [i, here] of way.entries()) {
    come += legs[i] ?? 0;
    const isEnd = i === 0 || i === way.length - 1;
    if (isEnd || come < next || chosen.length >= most || total - come < NEAREST_METRES) continue;
    chosen.push(here);
    next = (Math.floor(come / step) + 1) * step;
  }
  return chosen;
}
