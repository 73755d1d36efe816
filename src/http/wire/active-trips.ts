/** The open trip on the wire, as `/webhook/status` and `/trips/active` tell it. */

import { z } from '@hono/zod-openapi';
import type { ActiveTrip, OpenTrip } from '../../domain/machine/state.ts';
import { isoOf, kmOf } from '../../domain/units.ts';
import { instant, kmOrNull } from './values.ts';

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

/** What `activeTrip` found; `null` when nothing is open. */
export function activeTripToWire(found: { trip: ActiveTrip; distanceMetres: number } | null): ActiveTripWire {
  if (found === null) return { active: false };
  const { phase, trip: open } = found.trip.now;
  return {
    active: true,
    trip_id: open.id,
    phase,
    started_at: isoOf(open.startedAt),
    car_id: open.car.carId,
    start_odometer_km: kmOrNull(open.startOdometer?.metres ?? null),
    last_odometer_km: kmOrNull(open.lastSeen?.odometerMetres ?? open.startOdometer?.metres ?? null),
    distance_km: kmOf(found.distanceMetres),
    last_seen_at: isoOf(lastSeenAt(open)),
    last_position: positionToWire(open),
  };
}

function lastSeenAt({ startedAt, sign, lastFix, lastSeen }: OpenTrip): number {
  return Math.max(startedAt, sign.at, lastFix?.at ?? 0, lastSeen?.at ?? 0);
}

function positionToWire({ lastFix, startFix }: OpenTrip) {
  const fix = lastFix ?? startFix;
  return fix && { lat: fix.lat, lng: fix.lng, at: isoOf(fix.at), accuracy_m: fix.accuracyMetres };
}
