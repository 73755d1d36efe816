/** Places that want a name, on the wire. */

import { z } from '@hono/zod-openapi';
import { LOCATION_KINDS } from '../../domain/locations.ts';
import type { Suggestion } from '../../domain/suggestions.ts';
import { isoOf } from '../../domain/units.ts';
import { instant } from './values.ts';

export const SuggestionWire = z
  .object({
    lat: z.number(),
    lng: z.number(),
    radius_m: z.number(),
    visits: z.int(),
    last_visit_at: instant(),
    address: z.string().nullable().openapi({ description: 'The most common one of those visits' }),
    suggested_kind: z.enum(LOCATION_KINDS),
  })
  .openapi('LocationSuggestion');

export function suggestionToWire(suggestion: Suggestion): z.infer<typeof SuggestionWire> {
  const { lat, lng, radiusMetres, visits, lastVisitAt, address, kind } = suggestion;
  return {
    lat,
    lng,
    radius_m: radiusMetres,
    visits,
    last_visit_at: isoOf(lastVisitAt),
    address,
    suggested_kind: kind,
  };
}
