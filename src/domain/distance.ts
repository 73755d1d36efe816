/** How far a finished drive was, and whether it was one at all (trip rules 5 and 16). */

import type { DiscardReason } from './activity.ts';
import { distanceMetres, type Position } from './geo.ts';
import { LIMITS } from './settings.ts';
import type { Measure } from './track.ts';
import type { DistanceSource } from './trips.ts';

export interface Drive {
  readonly from: Position | null;
  readonly to: Position | null;
  readonly track: Measure;
  /** The track misses more than its ends allow: its length is only a lower bound. */
  readonly thin: boolean;
  /** Somebody but the start and the end said where the car was. */
  readonly followed: boolean;
  readonly startOdometerMetres: number | null;
  readonly startOdometerEstimated: boolean;
  readonly endOdometerMetres: number | null;
  /** From the start to what closed the trip. */
  readonly lastedMs: number;
  /** An odometer may still come. */
  readonly awaited: boolean;
}

export type Verdict =
  | { readonly keep: true; readonly distanceMetres: number; readonly source: DistanceSource }
  | { readonly keep: false; readonly reason: DiscardReason };

export function judgeDrive(drive: Drive): Verdict {
  const measures = measuresOf(drive);
  const farthest = Math.max(...measures);
  if (!drive.awaited) {
    const isShort = drive.lastedMs < LIMITS.falseStartMs;
    if (isShort && !(farthest >= LIMITS.falseStartMetres)) return { keep: false, reason: 'false_start' };
    if (measures.length > 0 && farthest < LIMITS.smallestTripMetres) return { keep: false, reason: 'no_movement' };
  }
  return { keep: true, ...distanceOf(drive) };
}

/** Every measure that says something about this drive, in metres. */
function measuresOf(drive: Drive): number[] {
  return [movedOdometer(drive), trackMetres(drive), straightMetres(drive)].filter((metres) => metres !== null);
}

function distanceOf(drive: Drive): { distanceMetres: number; source: DistanceSource } {
  const odometer = odometerMetres(drive);
  const track = trackMetres(drive);
  const straight = straightMetres(drive);
  const shortest = drive.startOdometerEstimated ? (straight ?? 0) : 0;
  if (odometer !== null && odometer > 0 && odometer >= shortest) {
    return { distanceMetres: odometer, source: 'odometer' };
  }
  if (drive.followed && track) return { distanceMetres: track, source: 'gps' };
  if (straight) return { distanceMetres: Math.round(straight * LIMITS.thinFactor), source: 'straight_line' };
  return { distanceMetres: 0, source: 'unknown' };
}

/** An estimated start that shows no rise says nothing: it was taken from the same reading. */
function movedOdometer(drive: Drive): number | null {
  const metres = odometerMetres(drive);
  return metres !== null && metres <= 0 && drive.startOdometerEstimated ? null : metres;
}

function trackMetres(drive: Drive): number | null {
  if (drive.track.fixes < 2) return null;
  return drive.thin ? unlessOutAndBack(drive, drive.track.metres) : drive.track.metres;
}

function straightMetres(drive: Drive): number | null {
  return drive.from && drive.to ? unlessOutAndBack(drive, distanceMetres(drive.from, drive.to)) : null;
}

/** A lower bound that shows no move says nothing once there was time to go out and back. */
function unlessOutAndBack(drive: Drive, metres: number): number | null {
  return metres < LIMITS.smallestTripMetres && drive.lastedMs >= LIMITS.outAndBackMs ? null : metres;
}

function odometerMetres({ startOdometerMetres, endOdometerMetres }: Drive): number | null {
  return startOdometerMetres === null || endOdometerMetres === null ? null : endOdometerMetres - startOdometerMetres;
}

/** The way between two places, as far as the crow tells. */
export function wayMetres(from: Position, to: Position): number {
  return Math.round(distanceMetres(from, to) * LIMITS.thinFactor);
}

/** How long a way takes that nobody followed. */
export function travelMs(metres: number): number {
  return Math.round((metres / LIMITS.lostEndKmh) * 3_600);
}
