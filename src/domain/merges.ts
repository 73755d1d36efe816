/** Neighbouring trips made one: what it says of its parts, and when they are no neighbours. Nothing driven is lost. */

import { commuteOf, isClassGiven, reclassify, type ClassificationContext } from './classification.ts';
import { distanceMetres } from './geo.ts';
import { Problem, unprocessable, type FieldError } from './problem.ts';
import { LIMITS } from './settings.ts';
import {
  businessMetresOf,
  trackIds,
  withTracks,
  type DistanceSource,
  type Place,
  type ReviewReason,
  type Stop,
  type Trip,
} from './trips.ts';
import { isoOf } from './units.ts';

export interface MergeContext extends ClassificationContext {
  readonly now: number;
}

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
/** No drive lasts longer. */
const LONGEST_MS = 7 * DAY_MS;

/** Ends nearer than this to the next start are the same place. */
const SAME_PLACE_METRES = 100;

/** Characters, as the fields are limited everywhere. */
const LONGEST = { purpose: 500, businessPartner: 500, routeNote: 500, notes: 5_000 } as const;
const NAMES = {
  purpose: 'purpose',
  businessPartner: 'business_partner',
  routeNote: 'route_note',
  notes: 'notes',
} as const;
type TextField = keyof typeof LONGEST;

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
  const locked = trips.find((trip) => trip.locked);
  if (locked) throw new Problem('month_closed', `The trip ${locked.id} lies in a closed month.`);
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
  const from = next?.from ?? null;
  if (to === null || from === null || to.lat === null || to.lng === null || from.lat === null || from.lng === null)
    return 0;
  const metres = distanceMetres({ lat: to.lat, lng: to.lng }, { lat: from.lat, lng: from.lng });
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

/** What each says, once. Where the rules look at the whole, a purpose one of them gave goes with it. */
function textsOf(trips: readonly Trip[]): Pick<Trip, TextField> {
  const isRuledAnew = isClassOpen(trips);
  const errors: FieldError[] = [];
  const joined = (field: TextField): string | null => {
    const said = trips.map((trip) => (field === 'purpose' && isRuledAnew && isByRule(trip) ? null : trip[field]));
    const text = [...new Set(said.filter((one) => one !== null))].join('; ');
    if (text.length > LONGEST[field]) {
      errors.push({
        field: NAMES[field],
        message: `together at most ${LONGEST[field]} characters, now ${text.length}`,
      });
    }
    return text === '' ? null : text;
  };
  const texts = {
    purpose: joined('purpose'),
    businessPartner: joined('businessPartner'),
    routeNote: joined('routeNote'),
    notes: joined('notes'),
  };
  if (errors.length > 0) throw new Problem('unprocessable', 'What the trips say is too long together.', errors);
  return texts;
}

function isByRule({ classifiedBy, setByUser: byHand }: Trip): boolean {
  return classifiedBy.startsWith('rule:') && !byHand.includes('purpose');
}

/** Trips of different classes that nobody gave them: the rules look at the whole. */
function isClassOpen(trips: readonly Trip[]): boolean {
  return new Set(trips.map(({ type }) => type)).size > 1 && !trips.some(isClassGiven);
}

function classified(merged: Trip, trips: readonly Trip[], context: MergeContext): Trip {
  const byHand = trips.find((trip) => trip.setByUser.includes('commute'));
  const whole = { ...merged, commute: (byHand ?? merged).commute };
  if (isClassOpen(trips)) return reclassify(whole, context);
  const classifiedBy = classifiedByOf(trips);
  const lacksClass = classifiedBy === 'default' && trips.some(lacks);
  const others = merged.reviewReasons.filter((reason) => reason !== 'no_rule_matched');
  const reviewReasons: ReviewReason[] = lacksClass ? [...others, 'no_rule_matched'] : others;
  return {
    ...whole,
    ...shareOf(merged.distanceMetres, trips, context),
    classifiedBy,
    commute: commuteOf(whole, context),
    reviewReasons,
    needsReview: reviewReasons.length > 0,
  };
}

function lacks({ reviewReasons }: Trip): boolean {
  return reviewReasons.includes('no_rule_matched');
}

/** By somebody, if any was; else by another logbook, or by the first rule that matched one of them. */
function classifiedByOf(trips: readonly Trip[]): string {
  const said = trips.map(({ classifiedBy, setByUser: byHand }) =>
    byHand.includes('trip_type') ? 'user' : classifiedBy,
  );
  const known = ['user', 'import'].find((one) => said.includes(one));
  return known ?? said.find((one) => one.startsWith('rule:')) ?? 'default';
}

function shareOf(
  metres: number,
  trips: readonly Trip[],
  { settings }: MergeContext,
): Pick<Trip, 'type' | 'businessMetres'> {
  const [type = 'M', ...others] = new Set(trips.map((trip) => trip.type));
  if (type !== 'M' && others.length === 0) return { type, businessMetres: businessMetresOf(type, metres, 0) };
  const said = sum(trips.map((trip) => trip.distanceMetres));
  const business = sum(trips.map(({ businessMetres }) => businessMetres));
  const share = said === 0 ? settings.mixedBusinessShare : business / said;
  return { type: 'M', businessMetres: mixedMetres(metres, said, business, share) };
}

/** What was business stays so; what lay between the trips, or is less than they said, is shared out like them. */
function mixedMetres(metres: number, said: number, business: number, share: number): number {
  return metres >= said ? business + Math.round((metres - said) * share) : Math.round(metres * share);
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
