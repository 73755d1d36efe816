/** What a caller may write into a trip. */

import { z } from '@hono/zod-openapi';
import type { NewTrip } from '../../domain/new-trips.ts';
import type { PlaceEdit, TripEdit } from '../../domain/trip-edits.ts';
import { TRIP_TYPES } from './trips.ts';
import { booleanIn, idIn, instantIn, kmIn, latIn, lngIn, noteIn, oneOf, textIn, timeZoneIn } from './values.ts';

/** Farther than a trip can go. */
export const MOST_TRIP_KM = 100_000;

const PlaceIn = z
  .strictObject({
    lat: latIn().nullable().optional(),
    lng: lngIn().nullable().optional(),
    address: noteIn(500).optional(),
    location_id: idIn().nullable().optional(),
  })
  .superRefine(({ lat, lng }, context) => {
    const together = (lat === undefined) === (lng === undefined) && (lat === null) === (lng === null);
    if (together) return;
    const missing = lat === undefined || lat === null ? 'lat' : 'lng';
    context.addIssue({ code: 'custom', path: [missing], message: 'lat and lng belong together' });
  })
  .openapi('PlaceEdit');

export const TripEditIn = z
  .strictObject({
    car_id: idIn().nullable().optional(),
    started_at: instantIn().optional(),
    ended_at: instantIn().optional(),
    time_zone: timeZoneIn().optional(),
    from: PlaceIn.nullable().optional(),
    to: PlaceIn.nullable().optional(),
    distance_km: kmIn(MOST_TRIP_KM).optional(),
    start_odometer_km: kmIn().nullable().optional(),
    end_odometer_km: kmIn().nullable().optional(),
    trip_type: oneOf(TRIP_TYPES).optional(),
    business_km: kmIn(MOST_TRIP_KM).optional(),
    private_km: kmIn(MOST_TRIP_KM).optional(),
    commute: booleanIn().optional(),
    purpose: noteIn(500).optional(),
    business_partner: noteIn(500).optional(),
    route_note: noteIn(500).optional(),
    detour_km: kmIn(MOST_TRIP_KM).nullable().optional(),
    notes: noteIn(5_000).optional(),
  })
  .openapi('TripEdit');

/** Why a trip of a closed month changes; of any other month it is not needed and says nothing. */
export const correctionReason = () =>
  textIn(500).optional().openapi({ description: 'Why a closed month changes; without, that is 409 `month_closed`' });

export const TripChangeIn = TripEditIn.extend({ correction_reason: correctionReason() }).openapi('TripChange');

/** The schema of a trip that is written down: what it cannot do without is told together with what is wrong besides. */
export const NewTripIn = TripChangeIn.extend({ started_at: instantIn(), ended_at: instantIn() })
  .refine(isMeasured, {
    path: ['distance_km'],
    error: 'required, or both start_odometer_km and end_odometer_km',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .openapi('NewTrip', {
    description: '`distance_km`, or both odometers; `car_id` left out: your only car, else the default one',
  });

interface Measures {
  readonly distance_km?: unknown;
  readonly start_odometer_km?: unknown;
  readonly end_odometer_km?: unknown;
}

function isMeasured({ distance_km: distance, start_odometer_km: start, end_odometer_km: end }: Measures): boolean {
  return distance !== undefined || ((start ?? null) !== null && (end ?? null) !== null);
}

export function newTripOf(body: z.infer<typeof NewTripIn>): NewTrip {
  return { ...tripEditOf(body), startedAt: body.started_at, endedAt: body.ended_at };
}

export function tripEditOf(body: z.infer<typeof TripEditIn>): TripEdit {
  return {
    carId: body.car_id,
    startedAt: body.started_at,
    endedAt: body.ended_at,
    timeZone: body.time_zone,
    from: body.from && placeEditOf(body.from),
    to: body.to && placeEditOf(body.to),
    distanceMetres: body.distance_km,
    startOdometerMetres: body.start_odometer_km,
    endOdometerMetres: body.end_odometer_km,
    type: body.trip_type,
    businessMetres: body.business_km,
    privateMetres: body.private_km,
    commute: body.commute,
    purpose: body.purpose,
    businessPartner: body.business_partner,
    routeNote: body.route_note,
    detourMetres: body.detour_km,
    notes: body.notes,
  };
}

function placeEditOf({ lat, lng, address, location_id }: z.infer<typeof PlaceIn>): PlaceEdit {
  return { lat, lng, address, locationId: location_id };
}
