/** What one edit makes of each of many trips: the same as made one by one, but that a split is a share of each. */

import { editTrip, type EditContext, type TripEdit } from './trip-edits.ts';
import type { Trip } from './trips.ts';

type Shared = 'carId' | 'type' | 'commute' | 'purpose' | 'businessPartner' | 'notes';

export interface BulkEdit extends Pick<TripEdit, Shared> {
  /** Of mixed trips, 0 … 1; with their type. */
  readonly businessShare: number | null;
}

export function editInBulk(trip: Trip, { businessShare, ...edit }: BulkEdit, context: EditContext): Trip {
  if (businessShare === null) return editTrip(trip, edit, context).trip;
  const businessMetres = Math.round(trip.distanceMetres * businessShare);
  const edited = editTrip(trip, { ...edit, businessMetres }, context).trip;
  // A share goes on to hold when the distance changes; kilometres would stay what they are.
  return { ...edited, setByUser: edited.setByUser.filter((field) => field !== 'business_km') };
}
