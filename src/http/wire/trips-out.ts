/** A trip as clients see it: kilometres, ISO 8601, dates and times of day in the zone it was booked in. Loads no schema. */

import { localDate, localTime } from '../../domain/calendar.ts';
import type { Place, Stop, Trip } from '../../domain/trips.ts';
import { isoOf, kmOf, kmOrNull, minutesOf } from '../../domain/units.ts';
import type { TripWire } from './trips.ts';

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
