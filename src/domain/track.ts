/**
 * The track of a trip: its fixes in order, in chunks of fixed windows of time, and its length as a running sum.
 * A chunk's length depends on its own points alone, so a late point changes its chunk and the two joints beside it.
 */

import { distanceMetres } from './geo.ts';
import type { Fix } from './events.ts';
import { LIMITS } from './settings.ts';

export const WINDOW_MS = 120_000;
/** A window holds no more than this; points beyond it are refused, not silently dropped. */
export const MOST_POINTS = 2_000;

export function windowOf(at: number): number {
  return Math.floor(at / WINDOW_MS) * WINDOW_MS;
}

/** The points of one window, encoded. */
export interface Chunk {
  readonly window: number;
  readonly points: string;
  readonly count: number;
}

/** The distance filter within one chunk. Legs are whole millimetres, so that sums are exact in any order. */
export interface ChunkFold {
  readonly window: number;
  readonly first: Fix | null;
  /** The last fix that moved. */
  readonly anchor: Fix | null;
  /** The last believed fix. */
  readonly last: Fix | null;
  /** A fix the one before contradicts; the next decides between them. */
  readonly doubt: Fix | null;
  readonly millimetres: number;
  readonly fixes: number;
}

/** The track so far: finished chunks as sums, the open one as its filter. */
export interface Totals {
  readonly millimetres: number;
  /** Without the factor for thin legs. */
  readonly leastMillimetres: number;
  readonly thin: boolean;
  readonly fixes: number;
  readonly first: Fix | null;
  readonly chunk: ChunkFold | null;
}
