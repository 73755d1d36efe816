/** The circles a user named, and which of them a position lies in. */

import { distanceMetres, type Position } from './geo.ts';

export const LOCATION_KINDS = ['home', 'office', 'client', 'stop', 'other'] as const;
export type LocationKind = (typeof LOCATION_KINDS)[number];

export interface Location extends Position {
  readonly id: string;
  readonly name: string;
  readonly kind: LocationKind;
  readonly radiusMetres: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What the trip machine needs of a location. */
export type UserLocation = Pick<Location, 'id' | 'kind' | 'lat' | 'lng' | 'radiusMetres'>;

export function defaultRadiusMetres(kind: LocationKind): number {
  return kind === 'stop' ? 200 : 150;
}

/** The location whose centre is nearest among those whose circle holds the position. */
export function locationAt<L extends Position & { readonly radiusMetres: number }>(
  locations: readonly L[],
  position: Position | null,
): L | null {
  if (position === null) return null;
  let nearest: L | null = null;
  let best = Infinity;
  for (const location of locations) {
    const away = distanceMetres(location, position);
    if (away <= location.radiusMetres && away < best) {
      nearest = location;
      best = away;
    }
  }
  return nearest;
}
