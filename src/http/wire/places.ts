/** Places that were searched for. */

import { z } from '@hono/zod-openapi';
import type { FoundPlace } from '../../seams/geocoder.ts';
import { textIn } from './values.ts';

export const PlaceWire = z
  .object({
    name: z.string(),
    address: z.string().openapi({ example: 'Stationsplein 12, Amersfoort' }),
    lat: z.number(),
    lng: z.number(),
  })
  .openapi('FoundPlace');

export function placeToWire({ name, address, lat, lng }: FoundPlace): z.infer<typeof PlaceWire> {
  return { name, address, lat, lng };
}

const LONGEST = 200;

export const PLACE_PARAMETERS = {
  q: textIn(LONGEST).openapi({ description: 'An address, or the name of a place' }),
  lat: degreesParameter(90),
  lng: degreesParameter(180),
};

function degreesParameter(most: number) {
  const error = `a number of degrees, -${most} … ${most}`;
  return z
    .string({ error })
    .regex(/^[+-]?\d{1,3}(\.\d{1,20})?$/, { error })
    .transform(Number)
    .pipe(z.number().min(-most, { error }).max(most, { error }))
    .optional()
    .openapi({ type: 'number', minimum: -most, maximum: most, description: 'Places near there come first' });
}

/** `lat` and `lng` come together or not at all. */
export function refuseHalf(
  { lat, lng }: { lat?: number | undefined; lng?: number | undefined },
  context: z.RefinementCtx,
) {
  if ((lat === undefined) === (lng === undefined)) return;
  context.addIssue({
    code: 'custom',
    path: [lat === undefined ? 'lat' : 'lng'],
    message: 'lat and lng belong together',
  });
}
