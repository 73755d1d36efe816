/** What wants a decision of the user, and the decisions that settle it. */

import { rescaledBusinessMetres } from './business-share.ts';
import { keepClass, reclassify } from './classification.ts';
import { wayMetres } from './distance.ts';
import type { JournalEntry, WaitingReason } from './machine/state.ts';
import { isMissing, type Gap } from './odometer-chain.ts';
import type { OdometerReading } from './odometer-readings.ts';
import { LIMITS } from './settings.ts';
import { editTrip, setByConfirming, type EditContext } from './trip-edits.ts';
import { positionOf, type DistanceSource, type ReviewReason, type Trip } from './trips.ts';

export const REVIEW_ACTIONS = ['confirm', 'make_trip', 'dismiss', 'passenger', 'not_my_car', 'rental'] as const;
export type ReviewAction = (typeof REVIEW_ACTIONS)[number];

/** Trips that lack nothing but a class are counted, not listed. */
export type Review =
  | { readonly kind: 'event'; readonly id: string; readonly at: number; readonly entry: JournalEntry }
  | { readonly kind: 'trip'; readonly id: string; readonly at: number; readonly trip: Trip }
  | { readonly kind: 'reading'; readonly id: string; readonly at: number; readonly reading: OdometerReading }
  | { readonly kind: 'gap'; readonly id: string; readonly at: number; readonly carId: string; readonly gap: Gap }
  | { readonly kind: 'unclassified'; readonly id: string; readonly at: number; readonly trips: number };

/** What this event waits for; a suspicious reading is listed as the reading it is. */
export function waitsFor({ waiting, settled }: JournalEntry): Exclude<WaitingReason, 'suspicious_reading'> | null {
  return settled || waiting === 'suspicious_reading' ? null : waiting;
}

/** Whether it says where a drive began or ended. */
export function isBound({ type }: JournalEntry['event']): boolean {
  return type === 'start' || type === 'end' || type === 'finalize';
}

export function lacksOnlyClass(trip: Trip): boolean {
  return trip.needsReview && trip.reviewReasons.every((reason) => reason === 'no_rule_matched');
}

export function actionsFor(review: Review): readonly ReviewAction[] {
  switch (review.kind) {
    case 'event':
      return eventActions(review.entry);
    case 'trip':
      return tripActions(review.trip.reviewReasons);
    case 'reading':
      return ['confirm', 'dismiss'];
    case 'gap':
      return isMissing(review.gap) ? ['make_trip', 'dismiss'] : ['dismiss'];
    case 'unclassified':
      return ['confirm'];
  }
}

/** A start or an end that found no trip may become one. Of the rest, and of a second end of a drive, one only takes note. */
function eventActions({ event, waiting, reply }: JournalEntry): readonly ReviewAction[] {
  const isOfOpenDrive = waiting === 'second_end' && (reply?.tripId ?? null) !== null;
  return isBound(event) && !isOfOpenDrive ? ['make_trip', 'dismiss'] : ['dismiss'];
}

function tripActions(reasons: readonly ReviewReason[]): readonly ReviewAction[] {
  const aboutCar = reasons.some((reason) => reason === 'uncertain_car' || reason === 'drove_on');
  return aboutCar ? ['confirm', 'passenger', 'not_my_car', 'rental'] : ['confirm', 'passenger'];
}

/** The trip is right as it is: everything it was listed for is as good as set by hand. */
export function confirmed(trip: Trip): Trip {
  const lacksClass = trip.reviewReasons.includes('no_rule_matched');
  return {
    ...trip,
    classifiedBy: lacksClass ? 'user' : trip.classifiedBy,
    odometerPending: trip.odometerPending && lacksOnlyClass(trip),
    needsReview: false,
    reviewReasons: [],
    setByUser: setByConfirming(trip),
  };
}

/** Driven with another car of the user's, or with none of them. What the first car's odometer said is not about this drive. */
export function withOtherCar(trip: Trip, carId: string | null, context: EditContext): Trip {
  const edited = editTrip(trip, { carId }, context).trip;
  const lostMeasure = trip.distanceSource === 'odometer' && edited.distanceSource !== 'odometer';
  return lostMeasure ? keepClass(reclassify(measuredAnew(edited, context), context), trip) : edited;
}

/** Trip rule 16, without odometers. */
function measuredAnew(trip: Trip, { settings }: EditContext): Trip {
  const { metres, source } = otherMeasureOf(trip);
  const reasons = trip.reviewReasons.filter((reason) => reason !== 'unknown_distance');
  const reviewReasons: readonly ReviewReason[] = source === 'unknown' ? [...reasons, 'unknown_distance'] : reasons;
  return {
    ...trip,
    distanceMetres: metres,
    distanceSource: source,
    businessMetres: rescaledBusinessMetres(trip, metres, settings.mixedBusinessShare),
    detourMetres: trip.detourMetres === null ? null : Math.min(trip.detourMetres, metres),
    reviewReasons,
    needsReview: reviewReasons.length > 0,
  };
}

function otherMeasureOf(trip: Trip): { readonly metres: number; readonly source: DistanceSource } {
  if (trip.routeDistanceMetres) return { metres: trip.routeDistanceMetres, source: 'route' };
  if (trip.gpsDistanceMetres) return { metres: trip.gpsDistanceMetres, source: 'gps' };
  const [from, to] = [positionOf(trip.from), positionOf(trip.to)];
  const way = from && to ? wayMetres(from, to) : 0;
  if (way >= LIMITS.smallestTripMetres) return { metres: way, source: 'straight_line' };
  return { metres: 0, source: 'unknown' };
}
