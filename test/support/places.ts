/** Places to drive between, and the way from one to another. */

import type { Position } from '../../src/domain/geo.ts';

const METRES_PER_DEGREE = 111_195.08;

export const HOME: Position = { lat: 52, lng: 5 };

/** So many kilometres due north of a place (south when negative). */
export function north(of: Position, km: number): Position {
  return { lat: round(of.lat + (km * 1_000) / METRES_PER_DEGREE), lng: of.lng };
}

/** So many kilometres due east of a place (west when negative). */
export function east(of: Position, km: number): Position {
  const perDegree = METRES_PER_DEGREE * Math.cos((of.lat * Math.PI) / 180);
  return { lat: of.lat, lng: round(of.lng + (km * 1_000) / perDegree) };
}

/** `share` of the straight way, 0 … 1. */
export function between(from: Position, to: Position, share: number): Position {
  return { lat: round(from.lat + (to.lat - from.lat) * share), lng: round(from.lng + (to.lng - from.lng) * share) };
}

function round(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}
