/** Trip rule 17: which class a trip gets, and why. The first of the user's ordered rules that matches wins. */

import { localTime, weekdayOf } from './calendar.ts';
import { deviceKey } from './cars.ts';
import type { LocationKind, UserLocation } from './locations.ts';
import type { Settings, Weekday, WorkingHours } from './settings.ts';
import { businessMetresOf, type Trip, type TripType } from './trips.ts';

/** A kind of location, or one of them. */
export type EndCondition = LocationKind | { readonly locationId: string };

/** Conditions left out always hold; `ends`, at most two, hold in either direction. */
export interface Conditions {
  readonly ends?: readonly EndCondition[];
  readonly weekdays?: readonly Weekday[];
  /** Whether the trip began within the user's working hours. */
  readonly workingHours?: boolean;
  readonly carId?: string;
  readonly device?: string;
  readonly leastMetres?: number;
  readonly mostMetres?: number;
}

export interface Rule {
  readonly id: string;
  readonly name: string | null;
  readonly when: Conditions;
  readonly type: TripType;
  /** Of a mixed trip, 0 … 1; `null`: the user's usual share. */
  readonly businessShare: number | null;
  readonly purpose: string | null;
}

/** A rule as it is kept: the first position is 0. */
export interface RuleInOrder extends Rule {
  readonly position: number;
}

/** All of a user's rules, as one document of the feed. */
export interface RuleSet {
  readonly rules: readonly Rule[];
}

export interface ClassificationContext {
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  readonly locations: readonly UserLocation[];
}

/** The trip with its class, its split and whether it was a commute. Fields set by hand stay as they are. */
export function classify(trip: Trip, context: ClassificationContext): Trip {
  const commute = commuteOf(trip, context);
  if (trip.setByUser.includes('trip_type')) return { ...trip, commute };
  const ends = endsOf(trip, context);
  const rule = context.rules.find((candidate) => matches(candidate, trip, ends, context)) ?? null;
  const type = rule?.type ?? context.settings.defaultTripType;
  const share = rule?.businessShare ?? context.settings.mixedBusinessShare;
  return {
    ...trip,
    type,
    businessMetres: businessMetresOf(type, trip.distanceMetres, share),
    commute,
    classifiedBy: rule ? `rule:${rule.id}` : 'default',
    purpose: kept(trip, 'purpose', trip.purpose, rule?.purpose ?? trip.purpose),
    needsReview: trip.needsReview || rule === null,
    reviewReasons: rule === null ? [...trip.reviewReasons, 'no_rule_matched'] : trip.reviewReasons,
  };
}

function endsOf(trip: Trip, { locations }: ClassificationContext): readonly (UserLocation | null)[] {
  return [trip.from, trip.to].map((place) => locations.find(({ id }) => id === place?.locationId) ?? null);
}

/** Whether it joins home and work, unless somebody said so. */
export function commuteOf(trip: Trip, context: ClassificationContext): boolean {
  const kinds = endsOf(trip, context).map((end) => end?.kind ?? null);
  return kept(trip, 'commute', trip.commute, isCommute(kinds));
}

/**
 * What applying rules makes of a trip; `null`: it is not theirs to change. What was set by hand, came with another
 * logbook or lies in a closed month stays as it is.
 */
export function ruled(trip: Trip, context: ClassificationContext): Trip | null {
  return trip.locked || isClassGiven(trip) ? null : reclassify(trip, context);
}

/** A class somebody or another logbook gave it: no rule takes it away. */
export function isClassGiven({ setByUser, classifiedBy }: Trip): boolean {
  return setByUser.includes('trip_type') || classifiedBy === 'user' || classifiedBy === 'import';
}

/** The trip as the rules and places of today see it. What was set by hand stays, a rule's purpose goes with the rule. */
export function reclassify(trip: Trip, context: ClassificationContext): Trip {
  if (isClassGiven(trip)) return { ...trip, commute: commuteOf(trip, context) };
  const reviewReasons = trip.reviewReasons.filter((reason) => reason !== 'no_rule_matched');
  const byRule = trip.classifiedBy.startsWith('rule:') && !trip.setByUser.includes('purpose');
  const bare = { ...trip, reviewReasons, needsReview: reviewReasons.length > 0 };
  return classify(byRule ? { ...bare, purpose: null } : bare, context);
}

/** Changed settings are for trips to come: what classifies a trip as before leaves it the class, split and purpose it had. */
export function keepClass(trip: Trip, before: Trip): Trip {
  if (trip.classifiedBy !== before.classifiedBy) return trip;
  const { type } = before;
  const share = before.distanceMetres > 0 ? before.businessMetres / before.distanceMetres : null;
  const isSplit = type === 'M' && share !== null;
  const businessMetres =
    type === trip.type && !isSplit ? trip.businessMetres : businessMetresOf(type, trip.distanceMetres, share ?? 0);
  return { ...trip, type, businessMetres, purpose: kept(trip, 'purpose', trip.purpose, before.purpose) };
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
  { settings }: ClassificationContext,
): boolean {
  return (
    (when.ends === undefined || joins(when.ends, ends)) &&
    (when.weekdays === undefined || when.weekdays.includes(weekdayOf(trip.startedAt, trip.timeZone))) &&
    (when.workingHours === undefined || when.workingHours === isWithin(settings.workingHours, trip)) &&
    (when.carId === undefined || when.carId === trip.carId) &&
    (when.device === undefined || deviceKey(when.device) === trip.device) &&
    (when.leastMetres === undefined || trip.distanceMetres >= when.leastMetres) &&
    (when.mostMetres === undefined || trip.distanceMetres <= when.mostMetres)
  );
}

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
