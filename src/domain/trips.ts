/** The finished trip: what the logbook holds. Distances are whole metres, instants epoch milliseconds. */

import type { Position } from './geo.ts';

export type TripType = 'B' | 'P' | 'M';

export const DISTANCE_SOURCES = [
  'odometer',
  'route',
  'gps',
  'straight_line',
  'manual',
  'reconstructed',
  'imported',
  'unknown',
] as const;
export type DistanceSource = (typeof DISTANCE_SOURCES)[number];

export const REVIEW_REASONS = [
  'no_rule_matched',
  'unknown_distance',
  /** Reckoned by somebody's leave, from less than the road. */
  'estimated_distance',
  'estimated_time',
  'uncertain_car',
  /** Another trip of the car was written down for that time. */
  'overlap',
  'end_lost',
  'stale',
  'drove_on',
  'start_by_car',
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

export interface Place {
  readonly lat: number | null;
  readonly lng: number | null;
  readonly address: string | null;
  readonly locationId: string | null;
}

export function positionOf(place: Pick<Place, 'lat' | 'lng'> | null): Position | null {
  if (place === null || place.lat === null || place.lng === null) return null;
  return { lat: place.lat, lng: place.lng };
}

export interface Stop extends Place {
  readonly arrivedAt: number;
  readonly leftAt: number;
}

export type OpenedBy = 'phone' | 'car' | 'movement' | 'user';
export type ClosedBy = 'phone' | 'car' | 'next_start' | 'stale' | 'stop' | 'finalize' | 'movement' | 'user';

export interface Trip {
  readonly id: string;
  readonly carId: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly endedAtEstimated: boolean;
  /** IANA zone it was booked in: its dates, weekday and month follow it for good. */
  readonly timeZone: string;
  readonly from: Place | null;
  readonly to: Place | null;
  readonly stops: readonly Stop[];
  readonly distanceMetres: number;
  readonly distanceSource: DistanceSource;
  readonly startOdometerMetres: number | null;
  readonly endOdometerMetres: number | null;
  readonly startOdometerEstimated: boolean;
  readonly odometerPending: boolean;
  readonly gpsDistanceMetres: number | null;
  readonly routeDistanceMetres: number | null;
  readonly type: TripType;
  /** Private metres are the rest of the distance: the two always add up. */
  readonly businessMetres: number;
  readonly commute: boolean;
  /** `user`, `default`, `import` or `rule:{id}`. */
  readonly classifiedBy: string;
  readonly needsReview: boolean;
  readonly reviewReasons: readonly ReviewReason[];
  readonly purpose: string | null;
  readonly businessPartner: string | null;
  readonly routeNote: string | null;
  readonly detourMetres: number | null;
  readonly notes: string | null;
  readonly openedBy: OpenedBy;
  readonly closedBy: ClosedBy;
  readonly reconstructed: boolean;
  readonly locked: boolean;
  /** Fields the user set by hand: no later event overwrites them. */
  readonly setByUser: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Of which trips the points are its track, in order, where they are not only its own; its span says which of them. */
  readonly tracks?: readonly string[];
  /** The phone's name for what it was connected to, as rules may ask for it. */
  readonly device?: string;
}

/** Under which trips' ids its points lie, in order. */
export function trackIds({ id, tracks }: Pick<Trip, 'id' | 'tracks'>): readonly string[] {
  return tracks ?? [id];
}

/** The trip with its points under these ids: said only where they are not its own alone. */
export function withTracks(trip: Trip, ids: readonly string[]): Trip {
  const { tracks: _, ...bare } = trip;
  const isOwn = ids.length === 1 && ids[0] === trip.id;
  return isOwn ? bare : { ...bare, tracks: ids };
}

/** The business part of a distance for a type, in whole metres. */
export function businessMetresOf(type: TripType, distanceMetres: number, mixedShare: number): number {
  if (type === 'B') return distanceMetres;
  if (type === 'P') return 0;
  return Math.round(distanceMetres * mixedShare);
}

/** Fields a person may set that no later event overwrites, by their name in `setByUser`. */
const FIELDS_BY_HAND = {
  commute: 'commute',
  purpose: 'purpose',
  business_partner: 'businessPartner',
  route_note: 'routeNote',
  detour_km: 'detourMetres',
  notes: 'notes',
} as const satisfies Record<string, keyof Trip>;

/** The trip as the rules see it now, with what its user set by hand before. */
export function withEdits(trip: Trip, before: Trip): Trip {
  const { setByUser } = before;
  const fields = Object.entries(FIELDS_BY_HAND).filter(([name]) => setByUser.includes(name));
  const edited: Trip = { ...trip, ...Object.fromEntries(fields.map(([, key]) => [key, before[key]])), setByUser };
  if (!setByUser.includes('trip_type')) return edited;
  const share = before.distanceMetres > 0 ? before.businessMetres / before.distanceMetres : 0;
  const reviewReasons = edited.reviewReasons.filter((reason) => reason !== 'no_rule_matched');
  return {
    ...edited,
    type: before.type,
    classifiedBy: before.classifiedBy,
    businessMetres: businessMetresOf(before.type, edited.distanceMetres, share),
    reviewReasons,
    needsReview: reviewReasons.length > 0,
  };
}
