/** The circles a user named, and which of them a position lies in. */

import { distanceMetres, METRES_OF_LATITUDE, type Position } from './geo.ts';

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

type Circle = Position & { readonly radiusMetres: number };

/** How far from the centre the position lies; `null`: outside the circle. Most lie too far north or south to be reckoned. */
function awayWithin(circle: Circle, position: Position): number | null {
  if (Math.abs(circle.lat - position.lat) * METRES_OF_LATITUDE > circle.radiusMetres) return null;
  const away = distanceMetres(circle, position);
  return away <= circle.radiusMetres ? away : null;
}

export function holds(circle: Circle, position: Position): boolean {
  return awayWithin(circle, position) !== null;
}

/** The location whose centre is nearest among those whose circle holds the position. */
export function locationAt<L extends Circle>(locations: readonly L[], position: Position | null): L | null {
  if (position === null) return null;
  let nearest: L | null = null;
  let best = Infinity;
  for (const location of locations) {
    const away = awayWithin(location, position);
    if (away !== null && away < best) {
      nearest = location;
      best = away;
    }
  }
  return nearest;
}
