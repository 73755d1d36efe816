/** The circle that stands for a drawn area. Small areas only: the earth is flat here. */

import { distanceMetres, type Position } from './geo.ts';

export interface Circle extends Position {
  readonly radiusMetres: number;
}

/** Around the centre of the area within the ring, as small as holds all its corners; whether it is closed does not matter. */
export function circleAround(ring: readonly Position[]): Circle {
  const centre = centroidOf(ring);
  const farthest = ring.reduce((most, corner) => Math.max(most, distanceMetres(centre, corner)), 0);
  return { ...centre, radiusMetres: Math.ceil(farthest) };
}

/** Of its area; of its corners where they enclose none. Degrees are as good as metres for that: all of one axis are alike. */
function centroidOf(ring: readonly Position[]): Position {
  const [origin] = ring;
  if (origin === undefined) throw new RangeError('a ring has corners');
  let twiceArea = 0;
  let lat = 0;
  let lng = 0;
  for (const [i, corner] of ring.entries()) {
    const a = less(corner, origin);
    const b = less(ring[(i + 1) % ring.length] ?? origin, origin);
    const cross = a.lng * b.lat - b.lng * a.lat;
    twiceArea += cross;
    lat += (a.lat + b.lat) * cross;
    lng += (a.lng + b.lng) * cross;
  }
  if (Math.abs(twiceArea) < SMALLEST_AREA) return meanOf(ring);
  return { lat: origin.lat + lat / (3 * twiceArea), lng: origin.lng + lng / (3 * twiceArea) };
}

/** Square degrees; less is a line. */
const SMALLEST_AREA = 1e-13;

function less(a: Position, b: Position): Position {
  return { lat: a.lat - b.lat, lng: a.lng - b.lng };
}

export function meanOf(positions: readonly Position[]): Position {
  let lat = 0;
  let lng = 0;
  for (const position of positions) {
    lat += position.lat;
    lng += position.lng;
  }
  return { lat: lat / positions.length, lng: lng / positions.length };
}
