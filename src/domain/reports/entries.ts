/** What a report says of one trip, before it is in a language: the trip, and what lies beside it. */

import type { Car } from '../cars.ts';
import type { Reimbursement } from '../rates.ts';
import type { Place, Trip } from '../trips.ts';
import type { TripChange } from './changes.ts';

export interface Entry {
  readonly trip: Trip;
  /** Local, of its start. */
  readonly date: string;
  readonly car: Car | null;
  /** As the report counts it; the rest of the distance is private. */
  readonly businessMetres: number;
  /** Of the user's locations, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** Oldest first. */
  readonly changes: readonly TripChange[];
  /** `null`: no amounts were asked for. */
  readonly paid: Reimbursement | null;
}

/** Its name, where it has one, and its address; what only a receiver knows as its coordinates. */
export function placeText(place: Place | null, names: ReadonlyMap<string, string>): string | null {
  if (place === null) return null;
  const name = place.locationId === null ? undefined : names.get(place.locationId);
  const known = [name, place.address].filter((part) => part !== undefined && part !== null && part !== '');
  if (known.length > 0) return [...new Set(known)].join(', ');
  if (place.lat === null || place.lng === null) return null;
  return `${place.lat.toFixed(5)}, ${place.lng.toFixed(5)}`;
}

/** Home to work is business to the Dutch tax on wages whatever a trip was called, but for the private part of a mixed one. */
export function businessForWages({ type, commute, distanceMetres, businessMetres }: Trip): number {
  return commute && type !== 'M' ? distanceMetres : businessMetres;
}

export function privateMetres({ trip, businessMetres }: Pick<Entry, 'trip' | 'businessMetres'>): number {
  return trip.distanceMetres - businessMetres;
}

/** What of a mixed trip was private: noted apart. */
export function privateDetourMetres(entry: Pick<Entry, 'trip' | 'businessMetres'>): number | null {
  return entry.trip.type === 'M' ? privateMetres(entry) : null;
}
