/** A trip as clients see it: kilometres, ISO 8601, dates and times of day in the zone it was booked in. */

import { z } from '@hono/zod-openapi';
import { localDate, localTime } from '../../domain/calendar.ts';
import type { Place, Stop, Trip } from '../../domain/trips.ts';
import { isoOf, kmOf, minutesOf } from '../../domain/units.ts';
import { instant, kmOrNull } from './values.ts';

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
    distance_source: z.enum([
      'odometer',
      'route',
      'gps',
      'straight_line',
      'manual',
      'reconstructed',
      'imported',
      'unknown',
    ]),
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

export function tripToWire(trip: Trip): TripWire {
  return {
    id: trip.id,
    car_id: trip.carId,
    ...times(trip),
    from: trip.from && placeToWire(trip.from),
    to: trip.to && placeToWire(trip.to),
    stops: trip.stops.map(stopToWire),
    ...measures(trip),
    ...classOf(trip),
    opened_by: trip.openedBy,
    closed_by: trip.closedBy,
    reconstructed: trip.reconstructed,
    locked: trip.locked,
    created_at: isoOf(trip.createdAt),
    updated_at: isoOf(trip.updatedAt),
  };
}

function times(trip: Trip) {
  return {
    started_at: isoOf(trip.startedAt),
    ended_at: isoOf(trip.endedAt),
    ended_at_estimated: trip.endedAtEstimated,
    time_zone: trip.timeZone,
    date: localDate(trip.startedAt, trip.timeZone),
    start_time: localTime(trip.startedAt, trip.timeZone),
    end_time: localTime(trip.endedAt, trip.timeZone),
    duration_min: minutesOf(trip.endedAt - trip.startedAt),
  };
}

function measures(trip: Trip) {
  return {
    distance_km: kmOf(trip.distanceMetres),
    distance_source: trip.distanceSource,
    start_odometer_km: kmOrNull(trip.startOdometerMetres),
    end_odometer_km: kmOrNull(trip.endOdometerMetres),
    start_odometer_estimated: trip.startOdometerEstimated,
    odometer_pending: trip.odometerPending,
    gps_distance_km: kmOrNull(trip.gpsDistanceMetres),
    route_distance_km: kmOrNull(trip.routeDistanceMetres),
  };
}

function classOf(trip: Trip) {
  return {
    trip_type: trip.type,
    business_km: kmOf(trip.businessMetres),
    private_km: kmOf(trip.distanceMetres - trip.businessMetres),
    commute: trip.commute,
    classified_by: trip.classifiedBy,
    needs_review: trip.needsReview,
    review_reasons: [...trip.reviewReasons],
    purpose: trip.purpose,
    business_partner: trip.businessPartner,
    route_note: trip.routeNote,
    detour_km: kmOrNull(trip.detourMetres),
    notes: trip.notes,
  };
}

function placeToWire(place: Place) {
  return { lat: place.lat, lng: place.lng, address: place.address, location_id: place.locationId };
}

function stopToWire(stop: Stop) {
  return {
    arrived_at: isoOf(stop.arrivedAt),
    left_at: isoOf(stop.leftAt),
    lat: stop.lat,
    lng: stop.lng,
    address: stop.address,
    location_id: stop.locationId,
  };
}
