/** What a drive of the demo is made of, and how long it takes. */

import type { TripEdit } from '../../src/domain/trip-edits.ts';
import { journeyBetween, type Journey } from './journey.ts';
import type { PlaceName } from './places.ts';

export type CarName = 'company' | 'family';

/** What reaches the logbook: all of it, its start and end alone, those without a position, or never an end. */
export type Heard = 'all' | 'ends' | 'no_positions' | 'no_end';

export interface Drive {
  readonly car: CarName;
  /** Epoch milliseconds, as all instants here. */
  readonly startedAt: number;
  readonly from: PlaceName;
  /** A short stop on the way; its place is one the logbook knows as a stop. */
  readonly via: { readonly place: PlaceName; readonly waitMs: number } | null;
  readonly to: PlaceName;
  /** 1 is a quiet road, 0.6 a rush hour. */
  readonly pace: number;
  readonly heard: Heard;
  /** What the driver writes about it; `null`: nothing yet. */
  readonly said: TripEdit | null;
}

export interface Leg {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly from: PlaceName;
  readonly to: PlaceName;
  readonly journey: Journey;
}

/** The drive from standstill to standstill: one leg, or two with a stop between. */
export function legsOf({ startedAt, from, via, to, pace }: Drive): readonly Leg[] {
  if (via === null) return [legOf(startedAt, from, to, pace)];
  const there = legOf(startedAt, from, via.place, pace);
  return [there, legOf(there.endedAt + via.waitMs, via.place, to, pace)];
}

function legOf(startedAt: number, from: PlaceName, to: PlaceName, pace: number): Leg {
  const journey = journeyBetween(from, to, pace);
  return { startedAt, endedAt: startedAt + Math.round(journey.durationMs / 1_000) * 1_000, from, to, journey };
}

export function endOf(drive: Drive): number {
  return legsOf(drive).at(-1)?.endedAt ?? drive.startedAt;
}

export function metresOf(drive: Drive): number {
  return legsOf(drive).reduce((sum, { journey }) => sum + journey.metres, 0);
}
