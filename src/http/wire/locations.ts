/** Locations on the wire. */

import { z } from '@hono/zod-openapi';
import { LOCATION_KINDS, type Location } from '../../domain/locations.ts';
import type { LocationEdit, Moved, NewLocation } from '../../actions/locations.ts';
import { DoneWire, doneToWire } from './acts.ts';
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

/** A location as it is, or as a trial would leave it. */
export const MovedWire = LocationWire.extend({
  changes: DoneWire.optional().openapi({ description: 'with `dry_run`: which trips would change, and how' }),
}).openapi('LocationChange');

export const LEAST_RADIUS_METRES = 20;
export const MOST_RADIUS_METRES = 5_000;

export const radiusIn = () => {
  const error = `a number of metres, ${LEAST_RADIUS_METRES} … ${MOST_RADIUS_METRES}`;
  return z
    .number({ error })
    .min(LEAST_RADIUS_METRES, { error })
    .max(MOST_RADIUS_METRES, { error })
    .transform(Math.round)
    .openapi({ type: 'number', minimum: LEAST_RADIUS_METRES, maximum: MOST_RADIUS_METRES });
};

const fields = {
  name: textIn(100),
  kind: oneOf(LOCATION_KINDS),
  lat: latIn(),
  lng: lngIn(),
  radius_m: radiusIn(),
};

export const LocationIn = z
  .strictObject({ ...fields, kind: fields.kind.optional(), radius_m: fields.radius_m.optional() })
  .openapi('NewLocation');

export const LocationEditIn = z.strictObject(fields).partial().openapi('LocationEdit');

export function locationToWire(location: Location): LocationWire {
  const { id, name, kind, lat, lng, radiusMetres } = location;
  return { id, name, kind, lat, lng, radius_m: radiusMetres };
}

export function movedToWire({ location, done }: Moved, dryRun: boolean): z.infer<typeof MovedWire> {
  return { ...locationToWire(location), ...(dryRun && { changes: doneToWire(done) }) };
}

export function newLocationOf({ radius_m, ...said }: z.infer<typeof LocationIn>): NewLocation {
  return { ...said, radiusMetres: radius_m };
}

export function locationEditOf({ radius_m, ...said }: z.infer<typeof LocationEditIn>): LocationEdit {
  return { ...said, radiusMetres: radius_m };
}
