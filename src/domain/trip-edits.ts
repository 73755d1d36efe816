/**
 * What a person may change about a trip, and what follows from it. A trip stays consistent or the edit is refused as
 * a whole, with every field that stands in the way.
 */

import { shareOf } from './business-share.ts';
import { isClassGiven, keepClass, reclassify, type ClassificationContext } from './classification.ts';
import { locationAt, type UserLocation } from './locations.ts';
import { LONGEST_MS } from './overlaps.ts';
import { Problem, type FieldError } from './problem.ts';
import { LIMITS } from './settings.ts';
import { namedByHand } from './trip-places.ts';
import type { Place, ReviewReason, Trip } from './trips.ts';
import { kmOf } from './units.ts';

/** A part that is `undefined` stays as it is. */
export type PlaceEdit = { readonly [F in keyof Place]?: Place[F] | undefined };

type Plain = Pick<
  Trip,
  | 'carId'
  | 'startedAt'
  | 'endedAt'
  | 'timeZone'
  | 'distanceMetres'
  | 'startOdometerMetres'
  | 'endOdometerMetres'
  | 'type'
  | 'businessMetres'
  | 'commute'
  | 'purpose'
  | 'businessPartner'
  | 'routeNote'
  | 'detourMetres'
  | 'notes'
>;

/** What is `undefined` stays as it is. */
export type TripEdit = { readonly [F in keyof Plain]?: Plain[F] | undefined } & {
  readonly from?: PlaceEdit | null | undefined;
  readonly to?: PlaceEdit | null | undefined;
  readonly privateMetres?: number | undefined;
};

export interface EditContext extends ClassificationContext {
  /** The edit's car is the user's. */
  readonly ownsCar: boolean;
  readonly now: number;
}

export interface EditedTrip {
  readonly trip: Trip;
  /** Times, places, car or distance were edited, not only what the trip was for. */
  readonly measures: boolean;
}

/** Field names as callers know them; also those of `setByUser`. */
const NAMES = {
  carId: 'car_id',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  timeZone: 'time_zone',
  from: 'from',
  to: 'to',
  distanceMetres: 'distance_km',
  startOdometerMetres: 'start_odometer_km',
  endOdometerMetres: 'end_odometer_km',
  type: 'trip_type',
  businessMetres: 'business_km',
  privateMetres: 'private_km',
  commute: 'commute',
  purpose: 'purpose',
  businessPartner: 'business_partner',
  routeNote: 'route_note',
  detourMetres: 'detour_km',
  notes: 'notes',
} as const satisfies Record<keyof TripEdit, string>;

/** As callers know it. */
export function nameOfField(field: keyof TripEdit): string {
  return NAMES[field];
}

const ODOMETERS: readonly (keyof TripEdit)[] = ['startOdometerMetres', 'endOdometerMetres'];
const DISTANCE: readonly (keyof TripEdit)[] = ['distanceMetres', ...ODOMETERS];
const MEASURES: readonly (keyof TripEdit)[] = ['carId', 'startedAt', 'endedAt', 'timeZone', 'from', 'to', ...DISTANCE];
const CLASS: readonly (keyof TripEdit)[] = ['type', 'businessMetres', 'privateMetres'];

/** Odometers and a distance given beside them may differ by what whole hundreds of metres hide. */
export const AGREEMENT_METRES = 100;

/** Throws `Problem('unprocessable')` that lists every field in the way. */
export function editTrip(before: Trip, edit: TripEdit, context: EditContext): EditedTrip {
  const measures = isEdited(edit, MEASURES);
  const placed = measured(described(before, edit, context), before, edit);
  const shared = shareOf(placed, before, edit, context.settings.mixedBusinessShare);
  const errors = [
    ...timeErrors(placed, edit, context.now),
    ...ownErrors(edit, context),
    ...distanceErrors(placed, edit),
    ...shared.errors,
    ...detourErrors(placed, edit),
  ];
  if (errors.length > 0) throw new Problem('unprocessable', 'The trip would contradict itself or your data.', errors);
  const trip = reviewed({ ...placed, businessMetres: shared.businessMetres }, edit);
  const said = { ...trip, setByUser: setByUser(before, edit) };
  return { trip: measures ? classified(said, before, context) : said, measures };
}

/** A trip with other times, places, car or distance may be another one to the rules, where nobody said what it was for. */
function classified(trip: Trip, before: Trip, context: EditContext): Trip {
  const again = reclassify(trip, context);
  return isClassGiven(trip) ? again : keepClass(again, before);
}

/** Whether somebody set a trip's times, places, car or distance. */
export function isMeasuredByHand({ setByUser }: Trip): boolean {
  return MEASURES.some((field) => setByUser.includes(NAMES[field]));
}

function isEdited(edit: TripEdit, fields: readonly (keyof TripEdit)[]): boolean {
  return fields.some((field) => edit[field] !== undefined);
}

/** Everything that follows from nothing else. */
function described(before: Trip, edit: TripEdit, { locations }: EditContext): Trip {
  const { from, to, privateMetres: _private, businessMetres: _business, ...plain } = edit;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    ...before,
    ...given,
    from: from === undefined ? before.from : placeOf(before.from, from, locations),
    to: to === undefined ? before.to : placeOf(before.to, to, locations),
    endedAtEstimated: before.endedAtEstimated && edit.endedAt === undefined,
    classifiedBy: isEdited(edit, CLASS) ? 'user' : before.classifiedBy,
  };
}

/** An address that belonged to another position goes with it; a position is recognised unless a location was named. */
function placeOf(before: Place | null, edit: PlaceEdit | null, locations: readonly UserLocation[]): Place | null {
  if (edit === null) return null;
  const kept = keptOf(before, edit, locations);
  const place = {
    ...kept,
    address: edit.address === undefined ? kept.address : edit.address,
    locationId: edit.locationId === undefined ? kept.locationId : edit.locationId,
  };
  return place.lat === null && place.address === null && place.locationId === null ? null : place;
}

/** What an edit leaves of a place, and what a new position brings along by itself. */
function keptOf(before: Place | null, { lat, lng, locationId }: PlaceEdit, locations: readonly UserLocation[]): Place {
  if (lat !== undefined && lng !== undefined) {
    const here = lat === null || lng === null ? null : { lat, lng };
    return { lat, lng, address: null, locationId: locationAt(locations, here)?.id ?? null };
  }
  const named = locations.find(({ id }) => id === locationId);
  const centre = { lat: named?.lat ?? null, lng: named?.lng ?? null, address: null, locationId: null };
  if (before === null) return centre;
  return { ...before, lat: before.lat ?? centre.lat, lng: before.lng ?? centre.lng };
}

/** Distance and odometers. A car's odometers do not belong to another car, unless somebody typed them. */
function measured(trip: Trip, before: Trip, edit: TripEdit): Trip {
  const typed = (field: 'startOdometerMetres' | 'endOdometerMetres') =>
    edit[field] !== undefined || before.setByUser.includes(NAMES[field]);
  const otherCar = before.carId !== null && before.carId !== trip.carId;
  const start = otherCar && !typed('startOdometerMetres') ? null : trip.startOdometerMetres;
  const end = otherCar && !typed('endOdometerMetres') ? null : trip.endOdometerMetres;
  const driven = start === null || end === null ? null : end - start;
  const byOdometer = driven !== null && isEdited(edit, ODOMETERS);
  const unsupported = trip.distanceSource === 'odometer' && driven === null;
  const byHand = edit.distanceMetres !== undefined || unsupported;
  return {
    ...trip,
    startOdometerMetres: start,
    endOdometerMetres: end,
    startOdometerEstimated: trip.startOdometerEstimated && start !== null && edit.startOdometerMetres === undefined,
    odometerPending: trip.odometerPending && !isEdited(edit, MEASURES),
    distanceMetres: edit.distanceMetres ?? (byOdometer ? Math.max(0, driven) : trip.distanceMetres),
    distanceSource: byOdometer ? 'odometer' : byHand ? 'manual' : trip.distanceSource,
  };
}

function timeErrors(trip: Trip, edit: TripEdit, now: number): FieldError[] {
  if (!isEdited(edit, ['startedAt', 'endedAt'])) return [];
  const field = edit.endedAt === undefined ? 'started_at' : 'ended_at';
  if (trip.endedAt <= trip.startedAt) return [{ field, message: 'the trip must end after it started' }];
  if (trip.endedAt > now + LIMITS.futureMs) return [{ field, message: 'the trip must not end in the future' }];
  if (trip.endedAt - trip.startedAt > LONGEST_MS) return [{ field, message: 'the trip must not last over 7 days' }];
  return [];
}

function ownErrors(edit: TripEdit, { ownsCar, locations }: EditContext): FieldError[] {
  const errors: FieldError[] = [];
  if (!ownsCar) errors.push({ field: 'car_id', message: 'the id of one of your cars, or null' });
  for (const end of ['from', 'to'] as const) {
    const id = edit[end]?.locationId ?? null;
    if (id === null || locations.some((location) => location.id === id)) continue;
    errors.push({ field: `${end}.location_id`, message: 'the id of one of your locations, or null' });
  }
  return errors;
}

function distanceErrors(trip: Trip, edit: TripEdit): FieldError[] {
  const { startOdometerMetres: start, endOdometerMetres: end } = trip;
  if (!isEdited(edit, DISTANCE) || start === null || end === null) return [];
  if (end < start) {
    const field = edit.endOdometerMetres === undefined ? 'start_odometer_km' : 'end_odometer_km';
    return [{ field, message: 'the end odometer must not be below the start odometer' }];
  }
  if (Math.abs(trip.distanceMetres - (end - start)) <= AGREEMENT_METRES) return [];
  const message = `within 0.1 km of what the odometers say, ${kmOf(end - start)} km; change or clear them too`;
  return [{ field: 'distance_km', message }];
}

function detourErrors(trip: Trip, edit: TripEdit): FieldError[] {
  if (trip.detourMetres === null || !isEdited(edit, ['detourMetres', 'routeNote', ...DISTANCE])) return [];
  const errors: FieldError[] = [];
  if (trip.routeNote === null) errors.push({ field: 'route_note', message: 'required with detour_km' });
  if (trip.detourMetres > trip.distanceMetres) {
    errors.push({ field: 'detour_km', message: `at most the distance, ${kmOf(trip.distanceMetres)} km` });
  }
  return errors;
}

/** Which edits answer what the trip was listed for. */
const ANSWERS: Readonly<Record<ReviewReason, readonly (keyof TripEdit)[]>> = {
  no_rule_matched: CLASS,
  unknown_distance: DISTANCE,
  estimated_distance: DISTANCE,
  estimated_time: ['startedAt', 'endedAt'],
  overlap: ['startedAt', 'endedAt', 'carId'],
  uncertain_car: ['carId'],
  end_lost: ['endedAt'],
  stale: ['endedAt'],
  drove_on: ['type', 'carId', 'startedAt'],
  start_by_car: ['type', 'startedAt'],
};

/** `setByUser` once somebody said that a trip is right in what it was listed for. */
export function setByConfirming({ setByUser: before, reviewReasons }: Trip): string[] {
  const confirmed = reviewReasons.flatMap((reason) =>
    reason === 'no_rule_matched' ? [NAMES.type] : ANSWERS[reason].filter(isConfirmed).map((field) => NAMES[field]),
  );
  return distinct([...before, ...confirmed]);
}

function isConfirmed(field: keyof TripEdit): boolean {
  return MEASURES.includes(field) && !ODOMETERS.includes(field);
}

function reviewed(trip: Trip, edit: TripEdit): Trip {
  const isOpen = (reason: ReviewReason) =>
    !isEdited(edit, ANSWERS[reason]) || (reason === 'unknown_distance' && trip.distanceSource === 'unknown');
  const reviewReasons = trip.reviewReasons.filter(isOpen);
  return { ...trip, reviewReasons, needsReview: trip.needsReview && reviewReasons.length > 0 };
}

/** The two sides of a split exclude each other, a new class forgets them, and whoever splits has classified. */
function setByUser(before: Trip, edit: TripEdit): string[] {
  const fields = Object.keys(NAMES) as (keyof TripEdit)[];
  const edited = fields.filter((field) => edit[field] !== undefined).map((field) => NAMES[field]);
  const named = namedByHand(before.setByUser, edit);
  if (!isEdited(edit, CLASS)) return distinct([...named, ...edited]);
  const kept = named.filter((field) => field !== 'business_km' && field !== 'private_km');
  return distinct([...kept, ...edited, NAMES.type]);
}

function distinct(fields: readonly string[]): string[] {
  return [...new Set(fields)].toSorted();
}
