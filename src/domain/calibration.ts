/**
 * A real reading spread over trips the phone measured: between the last thing the odometer said and this reading, each
 * trip gets its share of what was driven, in proportion to what was measured. Says no where the two differ by more than
 * a phone can err: what is missing then is a gap, not an error of measurement.
 */

import { rescaledBusinessMetres } from './business-share.ts';
import type { Link } from './odometer-chain.ts';
import { Problem, unprocessable } from './problem.ts';
import type { Trip } from './trips.ts';
import { isoOf, kmOf } from './units.ts';

/** The odometer's value, and when it showed that. */
export interface Mark {
  readonly metres: number;
  readonly at: number;
}

/** What a trip comes to. */
export interface Calibrated {
  readonly distanceMetres: number;
  readonly startOdometerMetres: number;
  readonly endOdometerMetres: number;
}

const MOST_ERROR = 0.25;
const MOST_ERROR_METRES = 2_000;

/** What the odometer said last before a reading; trips between the two have none. */
export function markBefore(links: readonly Link[], reading: Mark): Mark | null {
  const last = links.findLast(({ toAt }) => toAt <= reading.at);
  return last ? { metres: last.toMetres, at: last.toAt } : null;
}

export function isCalibrated(
  { startedAt, endedAt, startOdometerMetres, endOdometerMetres }: Trip,
  from: Mark,
  to: Mark,
) {
  const isBetween = startedAt >= from.at && endedAt <= to.at;
  return isBetween && startOdometerMetres === null && endOdometerMetres === null;
}

/** By the ids of the trips; those of a closed month, and distances given by hand, stay as they are. Throws `unprocessable`. */
export function calibrationOf(trips: readonly Trip[], from: Mark, to: Mark): ReadonlyMap<string, Calibrated> {
  const inOrder = trips.toSorted((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
  const fixed = sumOf(inOrder.filter(isFixed));
  const measured = sumOf(inOrder.filter((trip) => !isFixed(trip)));
  const driven = to.metres - from.metres - fixed;
  refuseMisfit({ measured, driven, fixed }, from, to);
  const shares = sharesOf(
    inOrder.map((trip) => (isFixed(trip) ? 0 : trip.distanceMetres)),
    measured,
    driven,
  );
  const calibrated = new Map<string, Calibrated>();
  let odometer = from.metres;
  for (const [i, trip] of inOrder.entries()) {
    const distanceMetres = isFixed(trip) ? trip.distanceMetres : (shares[i] ?? 0);
    const end = odometer + distanceMetres;
    calibrated.set(trip.id, { distanceMetres, startOdometerMetres: odometer, endOdometerMetres: end });
    odometer = end;
  }
  return calibrated;
}

/** `null`: it is not to be changed. */
export function applied(trip: Trip, to: Calibrated, mixedShare: number): Trip | null {
  if (trip.locked) return null;
  const isByHand = isFixed(trip);
  return {
    ...trip,
    ...to,
    startOdometerEstimated: true,
    odometerPending: false,
    distanceSource: isByHand ? trip.distanceSource : 'odometer',
    businessMetres: isByHand ? trip.businessMetres : rescaledBusinessMetres(trip, to.distanceMetres, mixedShare),
    detourMetres: trip.detourMetres === null ? null : Math.min(trip.detourMetres, to.distanceMetres),
  };
}

function isFixed({ locked, setByUser }: Trip): boolean {
  return locked || setByUser.includes('distance_km');
}

function sumOf(trips: readonly Trip[]): number {
  return trips.reduce((sum, { distanceMetres }) => sum + distanceMetres, 0);
}

/** In whole metres that add up exactly: each share ends where its part of the whole does. */
function sharesOf(parts: readonly number[], whole: number, metres: number): number[] {
  let before = 0;
  return parts.map((part) => {
    const [start, end] = [before, before + part];
    before = end;
    return Math.round((end / whole) * metres) - Math.round((start / whole) * metres);
  });
}

function refuseMisfit(
  { measured, driven, fixed }: { readonly measured: number; readonly driven: number; readonly fixed: number },
  from: Mark,
  to: Mark,
): void {
  if (measured === 0) {
    const since = `since ${isoOf(from.at)}, when the odometer said ${kmOf(from.metres)} km`;
    throw unprocessable(
      'odometer_km',
      `there is no trip to spread it over ${since}; write it down with POST /odometer-readings`,
    );
  }
  const error = Math.abs(driven - measured);
  if (driven > 0 && error <= measured * MOST_ERROR + MOST_ERROR_METRES) return;
  const said = `the odometer says ${kmOf(to.metres - from.metres)} km, the trips ${kmOf(measured + fixed)} km`;
  const message = `${said}: more than measuring can err. Something is missing or doubled; see GET /odometer/compare`;
  throw new Problem('unprocessable', message, [{ field: 'odometer_km', message }]);
}
