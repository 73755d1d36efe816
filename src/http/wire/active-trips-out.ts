/** The open trip as clients see it. Loads no schema. */

import type { ActiveTrip, OpenTrip } from '../../domain/machine/state.ts';
import { isoOf, kmOf, kmOrNull } from '../../domain/units.ts';
import type { ActiveTripWire } from './active-trips.ts';

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
