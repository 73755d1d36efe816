/** Believable trips, for tests that do not care how they came about. */

import type { Trip } from '../../src/domain/trips.ts';

const MINUTE = 60_000;
let made = 0;

/** 25 minutes and 12.345 km on business; what matters to a test is said there. */
export function tripOf(parts: Partial<Trip> = {}): Trip {
  made += 1;
  const startedAt = parts.startedAt ?? Date.parse('2026-03-10T07:00:00Z');
  const type = parts.type ?? 'B';
  const distanceMetres = parts.distanceMetres ?? 12_345;
  return {
    id: `trip_${String(made).padStart(20, '0')}`,
    carId: null,
    startedAt,
    endedAt: startedAt + 25 * MINUTE,
    endedAtEstimated: false,
    timeZone: 'Europe/Amsterdam',
    from: null,
    to: null,
    stops: [],
    distanceMetres,
    distanceSource: 'gps',
    startOdometerMetres: null,
    endOdometerMetres: null,
    startOdometerEstimated: false,
    odometerPending: false,
    gpsDistanceMetres: distanceMetres,
    routeDistanceMetres: null,
    type,
    businessMetres: type === 'B' ? distanceMetres : type === 'P' ? 0 : Math.round(distanceMetres / 2),
    commute: false,
    classifiedBy: 'default',
    needsReview: true,
    reviewReasons: ['no_rule_matched'],
    purpose: null,
    businessPartner: null,
    routeNote: null,
    detourMetres: null,
    notes: null,
    openedBy: 'phone',
    closedBy: 'phone',
    reconstructed: false,
    locked: false,
    setByUser: [],
    createdAt: startedAt,
    updatedAt: startedAt,
    ...parts,
  };
}
