/** GeoJSON features read as locations, one by one. What a map adds of its own is not ours to refuse. */

import { z } from '@hono/zod-openapi';
import type { RefusedLocation, SaidLocation } from '../../actions/location-imports.ts';
import { MOST_LOCATIONS } from '../../actions/locations.ts';
import { circleAround, type Circle } from '../../domain/areas.ts';
import type { Position } from '../../domain/geo.ts';
import { LOCATION_KINDS } from '../../domain/locations.ts';
import { Problem, unprocessable, type FieldError } from '../../domain/problem.ts';
import { degreesOf } from '../../domain/units.ts';
import { LEAST_RADIUS_METRES, MOST_RADIUS_METRES, radiusIn } from './locations.ts';
import { ID, oneOf, textIn } from './values.ts';

const TYPE = 'FeatureCollection or Feature';
const FEATURES = 'an array of features';
const GEOMETRY = 'a Point or a Polygon';
const ORDER = 'coordinates are [lng, lat] in degrees: lng -180 … 180, lat -90 … 90';
const CORNERS = 'rings of at least three corners each, the outer one first';
const TOO_WIDE = `a Polygon within ${MOST_RADIUS_METRES} m of its centre, or with a radius_m of its own`;

/** What the body may be. */
export const CollectionIn = z
  .looseObject({
    type: z.enum(['FeatureCollection', 'Feature'], { error: TYPE }),
    features: z.array(z.unknown(), { error: FEATURES }).optional(),
  })
  .openapi('LocationCollectionIn', {
    description:
      'A FeatureCollection or one Feature; Points `[lng, lat]` or Polygons, with the properties `name` (or `title`), `kind`, `radius_m`, `id`',
  });

const position = z
  .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)], z.unknown())
  .transform(([lng, lat]): Position => ({ lat: degreesOf(lat), lng: degreesOf(lng) }));

const rings = z.array(z.array(position).min(3)).min(1);

const geometryIn = z.discriminatedUnion(
  'type',
  [
    z.looseObject({ type: z.literal('Point'), coordinates: whole(position, ORDER) }),
    z.looseObject({
      type: z.literal('Polygon'),
      coordinates: whole(rings, `${CORNERS}; ${ORDER}`).transform(([outer = []]) => circleAround(outer)),
    }),
  ],
  { error: GEOMETRY },
);

/** Maps write `null` where they know nothing. */
const propertiesIn = z
  .looseObject(
    { name: textIn(100).nullish(), kind: oneOf(LOCATION_KINDS).nullish(), radius_m: radiusIn().nullish() },
    { error: 'an object' },
  )
  .nullish();

const featureIn = z.looseObject(
  {
    type: z.literal('Feature', { error: 'Feature' }),
    geometry: geometryIn,
    properties: z.preprocess(named, propertiesIn),
  },
  { error: 'a Feature' },
);

/** One message for all that can be wrong within a value, at the value. */
function whole<T extends z.ZodType>(schema: T, message: string) {
  return z.unknown().transform((value, context): z.output<T> => {
    const { success, data } = schema.safeParse(value);
    if (success) return data;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** Whatever the map calls a name. */
function named(properties: unknown): unknown {
  if (typeof properties !== 'object' || properties === null) return properties;
  const entries = Object.entries(properties).filter(([, value]) => value !== null);
  const called = (wanted: string) => entries.find(([key]) => key.toLowerCase() === wanted)?.[1];
  return { ...properties, name: called('name') ?? called('title') };
}

export interface SaidCollection {
  readonly said: readonly SaidLocation[];
  readonly refused: readonly RefusedLocation[];
}

/** Throws for a body that is no collection, or too large a one. */
export function saidCollection(body: z.infer<typeof CollectionIn>): SaidCollection {
  const features = body.type === 'Feature' ? [body] : body.features;
  if (features === undefined) {
    throw new Problem('invalid_request', `features: ${FEATURES}`, [{ field: 'features', message: FEATURES }]);
  }
  if (features.length > MOST_LOCATIONS) throw unprocessable('features', `at most ${MOST_LOCATIONS} features`);
  const said: SaidLocation[] = [];
  const refused: RefusedLocation[] = [];
  for (const [index, feature] of features.entries()) {
    const { success, data, error } = featureIn.safeParse(feature);
    const read = success ? saidFeature(data, index) : { index, errors: error.issues.map(errorOf) };
    if ('errors' in read) refused.push(read);
    else said.push(read);
  }
  return { said, refused };
}

function errorOf({ path, message }: z.core.$ZodIssue): FieldError {
  return { field: path.join('.'), message };
}

function saidFeature(feature: z.infer<typeof featureIn>, index: number): SaidLocation | RefusedLocation {
  const { geometry, properties } = feature;
  const drawn = geometry.type === 'Polygon' ? radiusOf(geometry.coordinates) : null;
  const radiusMetres = properties?.radius_m ?? drawn;
  if (radiusMetres !== null && radiusMetres > MOST_RADIUS_METRES) {
    return { index, errors: [{ field: 'geometry.coordinates', message: TOO_WIDE }] };
  }
  const { lat, lng } = geometry.coordinates;
  return {
    index,
    id: [properties?.['id'], feature['id']].find(isId) ?? null,
    name: properties?.name ?? null,
    kind: properties?.kind ?? null,
    lat: degreesOf(lat),
    lng: degreesOf(lng),
    radiusMetres,
  };
}

function radiusOf({ radiusMetres }: Circle): number {
  return Math.max(LEAST_RADIUS_METRES, radiusMetres);
}

/** Other programs number their features as they like. */
function isId(id: unknown): id is string {
  return typeof id === 'string' && ID.test(id);
}
