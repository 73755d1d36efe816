/** What wants a decision of the user, and the decisions that settle it. */

import type { JournalEntry, WaitingReason } from './machine/state.ts';
import type { OdometerReading } from './odometer-readings.ts';
import type { ReviewReason, Trip } from './trips.ts';

export type ReviewAction = 'confirm' | 'make_trip' | 'dismiss' | 'passenger' | 'not_my_car' | 'rental';

/** Trips that lack nothing but a class are counted, not listed. */
export type Review =
  | { readonly kind: 'event'; readonly id: string; readonly at: number; readonly entry: JournalEntry }
  | { readonly kind: 'trip'; readonly id: string; readonly at: number; readonly trip: Trip }
  | { readonly kind: 'reading'; readonly id: string; readonly at: number; readonly reading: OdometerReading }
  | { readonly kind: 'unclassified'; readonly id: string; readonly at: number; readonly trips: number };

/** What this event waits for; a suspicious reading is listed as the reading it is. */
export function waitsFor({ waiting, settled }: JournalEntry): Exclude<WaitingReason, 'suspicious_reading'> | null {
  return settled || waiting === 'suspicious_reading' ? null : waiting;
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
    case 'unclassified':
      return ['confirm'];
  }
}

/** A start or an end that found no trip may become one; of the rest one can only take note. */
function eventActions({ event, waiting }: JournalEntry): readonly ReviewAction[] {
  const bounds = event.type === 'start' || event.type === 'end' || event.type === 'finalize';
  return bounds && waiting !== 'second_end' ? ['make_trip', 'dismiss'] : ['dismiss'];
}

function tripActions(reasons: readonly ReviewReason[]): readonly ReviewAction[] {
  const aboutCar = reasons.some((reason) => reason === 'uncertain_car' || reason === 'drove_on');
  return aboutCar ? ['confirm', 'passenger', 'not_my_car', 'rental'] : ['confirm', 'passenger'];
}
