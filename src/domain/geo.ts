/** Places on the earth. Degrees are WGS 84, lengths are metres. */

export interface Position {
  readonly lat: number;
  readonly lng: number;
}

const EARTH_RADIUS_METRES = 6_371_008.8;
const RADIANS = Math.PI / 180;
/** A degree of latitude is no shorter anywhere. */
export const METRES_OF_LATITUDE = 111_195;

/** Great-circle distance (haversine), in metres with fraction. */
export function distanceMetres(a: Position, b: Position): number {
  const latitude = Math.sin(((b.lat - a.lat) * RADIANS) / 2);
  const longitude = Math.sin(((b.lng - a.lng) * RADIANS) / 2);
  const h = latitude * latitude + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * longitude * longitude;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}
