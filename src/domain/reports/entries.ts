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

export function privateMetres({ distanceMetres, businessMetres }: Trip): number {
  return distanceMetres - businessMetres;
}

/** What of a mixed trip was private: noted apart. */
export function privateDetourMetres(trip: Trip): number | null {
  return trip.type === 'M' ? privateMetres(trip) : null;
}
