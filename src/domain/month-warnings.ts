/** What whoever closes a month should know of its trips: afterwards a change needs a reason. */

import type { Trip } from './trips.ts';

export const MONTH_WARNINGS = [
  'needs_review',
  'without_purpose',
  'without_car',
  'without_address',
  'unknown_distance',
  'odometer_pending',
] as const;
export type MonthWarningCode = (typeof MONTH_WARNINGS)[number];

export interface MonthWarning {
  readonly code: MonthWarningCode;
  readonly trips: number;
}

const IS_SO: { readonly [C in MonthWarningCode]: (trip: Trip) => boolean } = {
  needs_review: (trip) => trip.needsReview,
  without_purpose: (trip) => trip.businessMetres > 0 && !trip.commute && trip.purpose === null,
  without_car: (trip) => trip.carId === null,
  without_address: ({ from, to }) =>
    [from, to].some((end) => !end || (end.address === null && end.locationId === null)),
  unknown_distance: (trip) => trip.distanceSource === 'unknown',
  odometer_pending: (trip) => trip.odometerPending,
};

export function warningsOf(trips: readonly Trip[]): MonthWarning[] {
  return MONTH_WARNINGS.flatMap((code) => {
    const found = trips.filter(IS_SO[code]).length;
    return found === 0 ? [] : [{ code, trips: found }];
  });
}
