/** Trip rule 17: which class a trip gets, and why. The first of the user's ordered rules that matches wins. */

import { localTime, weekdayOf } from './calendar.ts';
import type { LocationKind, UserLocation } from './locations.ts';
import type { Settings, WorkingHours } from './settings.ts';
import { businessMetresOf, type Trip, type TripType } from './trips.ts';

/** Conditions left out always hold; `ends` hold in either direction. */
export interface Rule {
  readonly id: string;
  readonly when: {
    readonly ends?: readonly (LocationKind | { readonly locationId: string })[];
    readonly weekdays?: readonly string[];
    readonly workingHours?: boolean;
    readonly carId?: string;
    readonly device?: string;
    readonly leastMetres?: number;
    readonly mostMetres?: number;
  };
  readonly type: TripType;
  /** Of a mixed trip, 0 … 1; `null`: the user's usual share. */
  readonly businessShare: number | null;
  readonly purpose: string | null;
}

export interface ClassificationContext {
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  readonly locations: readonly UserLocation[];
  readonly device: string | null;
}

/** The trip with its class, its split and whether it was a commute. Fields set by hand stay as they are. */
export function classify(trip: Trip, context: ClassificationContext): Trip {
  const ends = [trip.from, trip.to].map(
    (place) => context.locations.find(({ id }) => id === place?.locationId) ?? null,
  );
  const commute = isCommute(ends.map((end) => end?.kind ?? null));
  if (trip.setByUser.includes('trip_type')) return { ...trip, commute: kept(trip, 'commute', trip.commute, commute) };
  const rule = context.rules.find((candidate) => matches(candidate, trip, ends, context)) ?? null;
  const type = rule?.type ?? context.settings.defaultTripType;
  const share = rule?.businessShare ?? context.settings.mixedBusinessShare;
  return {
    ...trip,
    type,
    businessMetres: businessMetresOf(type, trip.distanceMetres, share),
    commute: kept(trip, 'commute', trip.commute, commute),
    classifiedBy: rule ? `rule:${rule.id}` : 'default',
    purpose: kept(trip, 'purpose', trip.purpose, rule?.purpose ?? trip.purpose),
    needsReview: trip.needsReview || rule === null,
    reviewReasons: rule === null ? [...trip.reviewReasons, 'no_rule_matched'] : trip.reviewReasons,
  };
}

function kept<T>(trip: Trip, field: string, byHand: T, byRule: T): T {
  return trip.setByUser.includes(field) ? byHand : byRule;
}

function isCommute(kinds: readonly (LocationKind | null)[]): boolean {
  return kinds.includes('home') && kinds.includes('office');
}

function matches(
  { when }: Rule,
  trip: Trip,
  ends: readonly (UserLocation | null)[],
  { settings, device }: ClassificationContext,
): boolean {
  return (
    (when.ends === undefined || joins(when.ends, ends)) &&
    (when.weekdays === undefined || when.weekdays.includes(weekdayOf(trip.startedAt, trip.timeZone))) &&
    (when.workingHours === undefined || when.workingHours === isWithin(settings.workingHours, trip)) &&
    (when.carId === undefined || when.carId === trip.carId) &&
    (when.device === undefined || when.device === device) &&
    (when.leastMetres === undefined || trip.distanceMetres >= when.leastMetres) &&
    (when.mostMetres === undefined || trip.distanceMetres <= when.mostMetres)
  );
}

type EndCondition = NonNullable<Rule['when']['ends']>[number];

function joins(wanted: readonly EndCondition[], ends: readonly (UserLocation | null)[]): boolean {
  const is = (end: UserLocation | null | undefined, want: EndCondition) =>
    typeof want === 'string' ? end?.kind === want : end?.id === want.locationId;
  const [first, second] = wanted;
  if (first === undefined) return true;
  if (second === undefined) return ends.some((end) => is(end, first));
  return (is(ends[0], first) && is(ends[1], second)) || (is(ends[0], second) && is(ends[1], first));
}

/** Working hours in the trip's own zone, by its start. */
function isWithin(hours: WorkingHours, trip: Trip): boolean {
  const span = hours[weekdayOf(trip.startedAt, trip.timeZone)];
  if (!span) return false;
  const time = localTime(trip.startedAt, trip.timeZone);
  return span[0] <= time && time < span[1];
}
