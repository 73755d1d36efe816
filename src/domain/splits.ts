/**
 * One trip made two: where it is cut, and what belongs to which part. Kilometres are divided, never made or lost, and an
 * odometer goes on from the one part to the other.
 */

import { reclassify, type ClassificationContext } from './classification.ts';
import type { Fix } from './events.ts';
import { distanceMetres, type Position } from './geo.ts';
import { locationAt } from './locations.ts';
import { unprocessable } from './problem.ts';
import { LIMITS } from './settings.ts';
import { extend, isUsable, measure, NO_TRACK, type Totals } from './track.ts';
import { positionOf, trackIds, type Place, type ReviewReason, type Stop, type Trip } from './trips.ts';
import { degreesOf, isoOf, kmOf } from './units.ts';

/** When the first part ends and the second begins: apart only where a stop lies between them, which goes. */
export interface Cut {
  readonly endsAt: number;
  readonly startsAt: number;
  readonly stop: Stop | null;
}

/** What the track says about a cut. */
export interface CutTrack {
  readonly place: Position | null;
  /** Its length before and after, by which the distance is divided; `null`: there is none to go by. */
  readonly metres: readonly [number, number] | null;
}

export interface SplitContext extends ClassificationContext {
  /** Of the first part, where somebody said it. */
  readonly firstMetres: number | null;
  readonly newId: string;
  readonly now: number;
}

/** Throws `unprocessable` naming `field` where there is nothing to cut. */
export function cutOf(trip: Trip, at: number, field: string): Cut {
  const span = `strictly between ${isoOf(trip.startedAt)} and ${isoOf(trip.endedAt)}`;
  if (at <= trip.startedAt || at >= trip.endedAt) throw unprocessable(field, `an instant of the trip, ${span}`);
  const stop = trip.stops.find(({ arrivedAt, leftAt }) => arrivedAt <= at && at <= leftAt) ?? null;
  if (stop === null) return { endsAt: at, startsAt: at, stop };
  if (stop.arrivedAt > trip.startedAt && stop.leftAt < trip.endedAt) {
    return { endsAt: stop.arrivedAt, startsAt: stop.leftAt, stop };
  }
  throw unprocessable(field, `an instant of the trip outside the stop at its start or end, ${span}`);
}

/** Measures a track on both sides of a cut, fix by fix. */
export class CutMeter {
  readonly #cut: Cut;
  #before: Totals = NO_TRACK;
  #after: Totals = NO_TRACK;
  #last: Fix | null = null;
  #next: Fix | null = null;

  constructor(cut: Cut) {
    this.#cut = cut;
  }

  /** In order. */
  add(fix: Fix): void {
    if (!isUsable(fix)) return;
    if (fix.at <= this.#cut.endsAt) {
      this.#before = extend(this.#before, fix);
      this.#last = fix;
    } else if (fix.at >= this.#cut.startsAt) {
      this.#after = extend(this.#after, fix);
      this.#next ??= fix;
    }
  }

  result(): CutTrack {
    const [last, next] = [this.#last, this.#next];
    const before = measure(this.#before).metres;
    const after = measure(this.#after).metres;
    if (last === null || next === null) return { place: positionOf(last ?? next), metres: told(before, after) };
    const part = (this.#cut.endsAt - last.at) / (next.at - last.at);
    const way = this.#cut.stop === null ? legMetres(last, next) : 0;
    return { place: between(last, next, part), metres: told(before + way * part, after + way * (1 - part)) };
  }
}

/** The way between the two fixes around a cut, measured like any other. */
function legMetres(last: Fix, next: Fix): number {
  return distanceMetres(last, next) * (next.at - last.at > LIMITS.thinGapMs ? LIMITS.thinFactor : 1);
}

function told(before: number, after: number): CutTrack['metres'] {
  return before + after > 0 ? [before, after] : null;
}

function between(a: Position, b: Position, part: number): Position {
  const east = ((b.lng - a.lng + 540) % 360) - 180;
  const lng = ((a.lng + part * east + 540) % 360) - 180;
  return { lat: degreesOf(a.lat + part * (b.lat - a.lat)), lng: degreesOf(lng) };
}

type Pair<T> = readonly [T, T];

/** Throws `unprocessable` for a distance the trip does not have. */
export function splitTrip(trip: Trip, cut: Cut, track: CutTrack, context: SplitContext): Pair<Trip> {
  const metres = metresOf(trip, cut, track, context.firstMetres);
  const [first, second] = sharesOf(trip, metres);
  const place = placeOf(cut, track, context);
  const middle = middleOf(trip, metres);
  const isGiven = context.firstMetres !== null;
  const isGuessed = !isGiven && track.metres === null && trip.distanceMetres > 0;
  const both: Trip = {
    ...trip,
    odometerPending: false,
    routeDistanceMetres: null,
    distanceSource: isGiven ? 'manual' : trip.distanceSource,
  };
  return [
    partOf({ ...both, ...first, ...endingAt(trip, cut, place, middle) }, isGuessed, context),
    partOf({ ...both, ...second, ...startingAt(trip, cut, place, middle, context) }, isGuessed, context),
  ];
}

function metresOf(trip: Trip, { endsAt, startsAt }: Cut, track: CutTrack, firstMetres: number | null): Pair<number> {
  const { distanceMetres } = trip;
  if (firstMetres === null) {
    return divided(distanceMetres, track.metres ?? [endsAt - trip.startedAt, trip.endedAt - startsAt]);
  }
  if (firstMetres <= distanceMetres) return [firstMetres, distanceMetres - firstMetres];
  throw unprocessable('distance_km', `at most the distance of the trip, ${kmOf(distanceMetres)} km`);
}

/** In whole numbers that add up to it; of a part of the whole, each is at most what it is a part of. */
function divided(total: number, [a, b]: Pair<number>): Pair<number> {
  const first = Math.round(a + b === 0 ? total / 2 : (total * a) / (a + b));
  return [first, total - first];
}

type Shares = Pick<Trip, 'distanceMetres' | 'businessMetres' | 'gpsDistanceMetres' | 'detourMetres'>;

function sharesOf(trip: Trip, metres: Pair<number>): Pair<Shares> {
  const ofNumber = (total: number | null): Pair<number | null> =>
    total === null ? [null, null] : divided(total, metres);
  const business = divided(trip.businessMetres, metres);
  const gps = ofNumber(trip.gpsDistanceMetres);
  const detour = ofNumber(trip.detourMetres);
  const share = (i: 0 | 1): Shares => ({
    distanceMetres: metres[i],
    businessMetres: business[i],
    gpsDistanceMetres: gps[i],
    detourMetres: detour[i],
  });
  return [share(0), share(1)];
}

/** A stop says where it was; elsewhere the track does. */
function placeOf({ stop }: Cut, track: CutTrack, { locations }: SplitContext): Place | null {
  const isKnown = stop !== null && (stop.lat !== null || stop.address !== null || stop.locationId !== null);
  if (isKnown) return { lat: stop.lat, lng: stop.lng, address: stop.address, locationId: stop.locationId };
  if (track.place === null) return null;
  return { ...track.place, address: null, locationId: locationAt(locations, track.place)?.id ?? null };
}

/** The odometer between the parts. */
function middleOf({ startOdometerMetres: start, endOdometerMetres: end }: Trip, metres: Pair<number>): number | null {
  if (start === null) return end === null ? null : Math.max(0, end - metres[1]);
  return end === null ? start + metres[0] : Math.max(start, Math.min(end, start + metres[0]));
}

const ABOUT_END: readonly ReviewReason[] = ['end_lost', 'stale'];
const ABOUT_START: readonly ReviewReason[] = ['drove_on', 'start_by_car'];
/** Of the whole, and no longer said by hand of a part. */
const OF_THE_WHOLE = ['business_km', 'private_km'];

function endingAt(trip: Trip, { endsAt, stop }: Cut, place: Place | null, middle: number | null): Partial<Trip> {
  return {
    endedAt: endsAt,
    endedAtEstimated: false,
    to: place,
    stops: trip.stops.filter((one) => one !== stop && one.leftAt <= endsAt),
    endOdometerMetres: middle,
    reviewReasons: trip.reviewReasons.filter((reason) => !ABOUT_END.includes(reason)),
    closedBy: 'user',
    setByUser: setByUser(trip, ['end_odometer_km'], ['ended_at', 'to', 'distance_km']),
  };
}

function startingAt(
  trip: Trip,
  { startsAt, stop }: Cut,
  place: Place | null,
  middle: number | null,
  { newId, now }: SplitContext,
): Partial<Trip> & Pick<Trip, 'id'> {
  return {
    id: newId,
    tracks: trackIds(trip),
    startedAt: startsAt,
    from: place,
    stops: trip.stops.filter((one) => one !== stop && one.arrivedAt >= startsAt),
    startOdometerMetres: middle,
    startOdometerEstimated: middle !== null,
    reviewReasons: trip.reviewReasons.filter((reason) => !ABOUT_START.includes(reason)),
    openedBy: 'user',
    setByUser: setByUser(trip, ['start_odometer_km'], ['started_at', 'from', 'distance_km']),
    createdAt: now,
  };
}

function setByUser(trip: Trip, without: readonly string[], added: readonly string[]): readonly string[] {
  const gone = [...without, ...OF_THE_WHOLE];
  return [...new Set([...trip.setByUser.filter((field) => !gone.includes(field)), ...added])].toSorted();
}

/** A class given by hand is both parts' class; otherwise the rules look at each. */
function partOf(trip: Trip, isGuessed: boolean, context: SplitContext): Trip {
  const reasons = isGuessed ? [...trip.reviewReasons, 'estimated_distance' as const] : trip.reviewReasons;
  const reviewReasons = [...new Set(reasons)];
  const part = { ...trip, reviewReasons, needsReview: reviewReasons.length > 0, updatedAt: context.now };
  return reclassify(part, context);
}
