/** Locations as GeoJSON (RFC 7946), and what became of those that were sent. */

import { z } from '@hono/zod-openapi';
import type { Imported, RefusedLocation } from '../../actions/location-imports.ts';
import { LOCATION_KINDS, type Location } from '../../domain/locations.ts';
import { DoneWire, doneToWire } from './acts.ts';

export const MEDIA_TYPE = 'application/geo+json';

const PointWire = z.object({
  type: z.literal('Point'),
  coordinates: z.array(z.number()).openapi({ example: [5.12, 52.09] }),
});

const FeatureWire = z
  .object({
    type: z.literal('Feature'),
    geometry: PointWire,
    properties: z.object({ id: z.string(), name: z.string(), kind: z.enum(LOCATION_KINDS), radius_m: z.number() }),
  })
  .openapi('LocationFeature');

export const CollectionWire = z
  .object({ type: z.literal('FeatureCollection'), features: z.array(FeatureWire) })
  .openapi('LocationCollection');

export function collectionToWire(locations: readonly Location[]): z.infer<typeof CollectionWire> {
  return { type: 'FeatureCollection', features: locations.map(featureToWire) };
}

function featureToWire({ id, name, kind, lat, lng, radiusMetres }: Location): z.infer<typeof FeatureWire> {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lng, lat] },
    properties: { id, name, kind, radius_m: radiusMetres },
  };
}

export const ImportedWire = z
  .object({
    added: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    refused: z.array(
      z.object({
        index: z.int().openapi({ description: 'Which feature it was; the first is 0' }),
        errors: z.array(z.object({ field: z.string(), message: z.string() })),
      }),
    ),
    changes: DoneWire.openapi({ description: 'Which trips follow, and how' }),
  })
  .openapi('ImportedLocations');

export function importedToWire({ added, updated, unchanged, refused, done }: Imported): z.infer<typeof ImportedWire> {
  return { added, updated, unchanged, refused: refused.map(refusedToWire), changes: doneToWire(done) };
}

function refusedToWire({ index, errors }: RefusedLocation) {
  return { index, errors: errors.map(({ field, message }) => ({ field: fieldOf(index, field), message })) };
}

function fieldOf(index: number, field: string): string {
  return field === '' ? `features[${index}]` : `features[${index}].${field}`;
}
