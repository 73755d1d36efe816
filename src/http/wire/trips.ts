/** The schema of a trip as clients see it. */

import { z } from '@hono/zod-openapi';
import { DISTANCE_SOURCES } from '../../domain/trips.ts';
import { instant } from './values.ts';

export const TRIP_TYPES = ['B', 'P', 'M'] as const;

const km = z.number().openapi({ example: 12.345 });

export const PlaceWire = z
  .object({
    lat: z.number().nullable(),
    lng: z.number().nullable(),
    address: z.string().nullable(),
    location_id: z.string().nullable(),
  })
  .openapi('Place');

export const StopWire = z
  .object({
    arrived_at: instant(),
    left_at: instant(),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
    address: z.string().nullable(),
    location_id: z.string().nullable(),
  })
  .openapi('Stop');

export const TripWire = z
  .object({
    id: z.string(),
    car_id: z.string().nullable(),
    started_at: instant(),
    ended_at: instant(),
    ended_at_estimated: z.boolean(),
    time_zone: z.string().openapi({ example: 'Europe/Amsterdam' }),
    date: z.string().openapi({ format: 'date' }),
    start_time: z.string().openapi({ example: '08:45' }),
    end_time: z.string().openapi({ example: '09:20' }),
    duration_min: z.int(),
    from: PlaceWire.nullable(),
    to: PlaceWire.nullable(),
    stops: z.array(StopWire),
    distance_km: km,
    distance_source: z.enum(DISTANCE_SOURCES),
    start_odometer_km: km.nullable(),
    end_odometer_km: km.nullable(),
    start_odometer_estimated: z.boolean(),
    odometer_pending: z.boolean(),
    gps_distance_km: km.nullable(),
    route_distance_km: km.nullable(),
    trip_type: z.enum(TRIP_TYPES),
    business_km: km,
    private_km: km,
    commute: z.boolean(),
    classified_by: z.string().openapi({ description: '`user`, `default`, `import` or `rule:{id}`' }),
    needs_review: z.boolean(),
    review_reasons: z.array(z.string()),
    purpose: z.string().nullable(),
    business_partner: z.string().nullable(),
    route_note: z.string().nullable(),
    detour_km: km.nullable(),
    notes: z.string().nullable(),
    opened_by: z.enum(['phone', 'car', 'movement', 'user']),
    closed_by: z.enum(['phone', 'car', 'next_start', 'stale', 'stop', 'finalize', 'movement', 'user']),
    reconstructed: z.boolean(),
    locked: z.boolean(),
    created_at: instant(),
    updated_at: instant(),
  })
  .openapi('Trip');

export type TripWire = z.infer<typeof TripWire>;
