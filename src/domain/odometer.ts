/** What odometer values are worth: which are believed, where a trip's begins, and when a late one still counts. */

import type { CarReading, DrivingState } from './events.ts';
import { LIMITS } from './settings.ts';

/** A believed value. `resolutionMetres` is the step of its source. */
export interface Odometer {
  readonly metres: number;
  readonly at: number;
  readonly resolutionMetres: number;
}

/** What a car said, as far as the next reading is compared with it. */
export interface CarSeen {
  readonly at: number;
  readonly odometerMetres: number | null;
  readonly state: DrivingState;
}

export interface HeldOdometer extends Odometer {
  readonly readingId: string;
}

export interface CarMemory {
  /** Last believed value. */
  readonly odometer: Odometer | null;
  /** The reading before this one, for sources without times. */
  readonly seen: CarSeen | null;
  /** Values not believed yet. */
  readonly held: readonly HeldOdometer[];
  /** Something but a person has read this car. */
  readonly reports: boolean;
}

export const NO_CAR_MEMORY: CarMemory = { odometer: null, seen: null, held: [], reports: false };

/** Held values older than these no longer speak for a new one. */
const MOST_HELD = 5;

export interface Judgement {
  readonly memory: CarMemory;
  /** The value, when it is believed. */
  readonly odometer: Odometer | null;
  readonly suspicious: boolean;
  /** Readings held before that are believed now. */
  readonly believed: readonly string[];
}

/** Trip rule 15. A value that goes back or jumps waits for a second, different observation that agrees with it, or for the user's word. */
export function judge(memory: CarMemory, reading: CarReading): Judgement {
  const odometerMetres = reading.odometerMetres ?? memory.seen?.odometerMetres ?? null;
  const seen = { at: reading.at, odometerMetres, state: reading.state };
  const reports = memory.reports || reading.source !== 'manual';
  const known = { ...memory, seen, reports };
  if (reading.odometerMetres === null) return { memory: known, odometer: null, suspicious: false, believed: [] };
  const value = { metres: reading.odometerMetres, at: reading.at, resolutionMetres: reading.resolutionMetres };
  if (reading.vouched || isPlausible(memory.odometer, value)) return believe(known, value, []);
  const witnesses = isUnitJump(memory.odometer, value) ? [] : memory.held.filter((held) => agree(held, value));
  if (witnesses.length > 0) {
    return believe(
      known,
      value,
      witnesses.map(({ readingId }) => readingId),
    );
  }
  const held = [...memory.held, { ...value, readingId: reading.id }].slice(-MOST_HELD);
  return { memory: { ...known, held }, odometer: null, suspicious: true, believed: [] };
}

function believe(memory: CarMemory, odometer: Odometer, believed: readonly string[]): Judgement {
  return { memory: { ...memory, odometer, held: [] }, odometer, suspicious: false, believed };
}

function isPlausible(known: Odometer | null, value: Odometer): boolean {
  if (known === null) return true;
  const rise = value.metres - known.metres;
  if (rise < -Math.max(known.resolutionMetres, value.resolutionMetres)) return false;
  return rise <= drivableMetres(Math.abs(value.at - known.at)) + LIMITS.fastestSlackMetres;
}

function agree(held: Odometer, value: Odometer): boolean {
  const apartMs = Math.abs(value.at - held.at);
  if (apartMs < LIMITS.agreementApartMs) return false;
  const difference = value.metres - held.metres;
  return (
    difference >= -LIMITS.odometerToleranceMetres &&
    difference <= LIMITS.odometerToleranceMetres + drivableMetres(apartMs)
  );
}

/** Miles read as kilometres, metres as kilometres and the like: never believed by repetition. */
const UNIT_FACTORS = [1.609344, 10, 100, 1_000, 1_609.344];
const UNIT_FACTOR_TOLERANCE = 0.01;

function isUnitJump(known: Odometer | null, value: Odometer): boolean {
  if (known === null || known.metres === 0 || value.metres === 0) return false;
  const ratio = value.metres / known.metres;
  return UNIT_FACTORS.some((factor) =>
    [factor, 1 / factor].some((unit) => Math.abs(ratio / unit - 1) <= UNIT_FACTOR_TOLERANCE),
  );
}

function drivableMetres(spanMs: number): number {
  return (LIMITS.fastestKmh / 3_600) * spanMs;
}

/** What may have been driven, as far as a track tells. */
export interface Driven {
  readonly metres: number;
  readonly leastMetres: number;
  /** The track is only a lower bound. */
  readonly thin: boolean;
  readonly elapsedMs: number;
}

/**
 * Trip rule 7: where the trip's odometer began, from the first reading in it.
 * `known` is the car's last value if nothing was driven in its book since.
 */
export function startOdometer(
  known: Odometer | null,
  first: Odometer,
  driven: Driven,
): Odometer & { readonly estimated: boolean } {
  if (known !== null) {
    const { least, most } = bounds(driven, 0.1, LIMITS.odometerToleranceMetres + resolution(known, first));
    const rise = first.metres - known.metres;
    if (rise >= least && rise <= most) return { ...known, estimated: false };
  }
  return {
    metres: Math.max(0, first.metres - driven.metres),
    at: first.at,
    resolutionMetres: first.resolutionMetres,
    estimated: true,
  };
}

/** Trip rule 12: whether an odometer read long after the end still agrees with what was driven. */
export function agreesWithTrack(start: Odometer, end: Odometer, driven: Driven): boolean {
  const { least, most } = bounds(driven, 0.1, LIMITS.lateOdometerMetres + resolution(start, end));
  const rise = end.metres - start.metres;
  return rise >= least && rise <= most;
}

function bounds(driven: Driven, share: number, slackMetres: number): { least: number; most: number } {
  const highest = driven.thin
    ? Math.max(driven.metres, (LIMITS.thinFastestKmh / 3_600) * driven.elapsedMs)
    : driven.metres;
  return {
    least: driven.leastMetres * (1 - share) - slackMetres,
    most: highest * (1 + share) + slackMetres,
  };
}

function resolution(a: Odometer, b: Odometer): number {
  return Math.max(a.resolutionMetres, b.resolutionMetres);
}
