/** Locations on the wire. */

import { z } from '@hono/zod-openapi';
import { LOCATION_KINDS, type Location } from '../../domain/locations.ts';
import type { LocationEdit, NewLocation } from '../../actions/locations.ts';
import { latIn, lngIn, oneOf, textIn } from './values.ts';

export const LocationWire = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(LOCATION_KINDS),
    lat: z.number(),
    lng: z.number(),
    radius_m: z.number(),
  })
  .openapi('Location');

export type LocationWire = z.infer<typeof LocationWire>;

const radius = 'a number of metres, 20 … 5000';
const fields = {
  name: textIn(100),
  kind: oneOf(LOCATION_KINDS),
  lat: latIn(),
  lng: lngIn(),
  radius_m: z
    .number({ error: radius })
    .min(20, { error: radius })
    .max(5_000, { error: radius })
    .transform(Math.round)
    .openapi({ type: 'number', minimum: 20, maximum: 5_000 }),
};

export const LocationIn = z
  .strictObject({ ...fields, kind: fields.kind.optional(), radius_m: fields.radius_m.optional() })
  .openapi('NewLocation');

export const LocationEditIn = z.strictObject(fields).partial().openapi('LocationEdit');

export function locationToWire(location: Location): LocationWire {
  const { id, name, kind, lat, lng, radiusMetres } = location;
  return { id, name, kind, lat, lng, radius_m: radiusMetres };
}

export function newLocationOf({ radius_m, ...said }: z.infer<typeof LocationIn>): NewLocation {
  return { ...said, radiusMetres: radius_m };
}

export function locationEditOf({ radius_m, ...said }: z.infer<typeof LocationEditIn>): LocationEdit {
  return { ...said, radiusMetres: radius_m };
}
