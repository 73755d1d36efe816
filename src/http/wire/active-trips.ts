/** The schema of the open trip, as `/webhook/status` and `/trips/active` tell it. */

import { z } from '@hono/zod-openapi';
import { instant } from './values.ts';

const PositionWire = z
  .object({ lat: z.number(), lng: z.number(), at: instant(), accuracy_m: z.number().nullable() })
  .openapi('LastPosition');

const NoneWire = z.object({ active: z.literal(false) });

const OpenWire = z.object({
  active: z.literal(true),
  trip_id: z.string(),
  phase: z.enum(['driving', 'ending', 'paused']),
  started_at: instant(),
  car_id: z.string().nullable(),
  start_odometer_km: z.number().nullable(),
  last_odometer_km: z.number().nullable(),
  distance_km: z.number().nullable(),
  last_seen_at: instant(),
  last_position: PositionWire.nullable(),
});

export const ActiveTripWire = z.union([NoneWire, OpenWire]).openapi('ActiveTrip');

export type ActiveTripWire = z.infer<typeof ActiveTripWire>;
