/**
 * The track of a trip: its fixes in order, in chunks of fixed windows of time, and its length as a running sum.
 * A chunk's length depends on its own points alone, so a late point changes its chunk and the two joints beside it.
 */

import type { Fix } from './events.ts';
import { distanceMetres } from './geo.ts';
import { LIMITS } from './settings.ts';

export const WINDOW_MS = 120_000;

/** The distance filter within one chunk. Legs are whole millimetres, so that sums are exact in any order. */
export interface ChunkFold {
  readonly window: number;
  readonly first: Fix;
  /** The last fix that moved. */
  readonly anchor: Fix;
  /** The last believed fix. */
  readonly last: Fix;
  /** A fix the ones before contradict; the next one decides between them. */
  readonly doubt: Fix | null;
  readonly millimetres: number;
  readonly fixes: number;
}

/** What the joint to the next chunk needs of a finished one. */
export interface FinishedChunk {
  readonly last: Fix;
  readonly doubt: Fix | null;
  readonly millimetres: number;
  readonly fixes: number;
}

/** The track so far: chunks that are done as a sum, the last of them as its end, the open one as its filter. */
export interface Totals {
  readonly millimetres: number;
  /** Without the factor for thin legs. */
  readonly leastMillimetres: number;
  readonly thin: boolean;
  /** Fixes in the chunks of the sum. */
  readonly fixes: number;
  readonly first: Fix | null;
  /** The second fix of a track, where it contradicts the first; the third decides between them. */
  readonly rival: Fix | null;
  readonly before: FinishedChunk | null;
  readonly chunk: ChunkFold | null;
}

export const NO_TRACK: Totals = {
  millimetres: 0,
  leastMillimetres: 0,
  thin: false,
  fixes: 0,
  first: null,
  rival: null,
  before: null,
  chunk: null,
};

/** A track's length; `thin` says it is only a lower bound. */
export interface Measure {
  readonly metres: number;
  readonly leastMetres: number;
  readonly thin: boolean;
  readonly fixes: number;
  readonly first: Fix | null;
  readonly last: Fix | null;
}

const METRES_PER_MS_FASTEST = LIMITS.fastestKmh / 3_600;
/** What two fixes may differ by at rest, accuracy unknown. */
const SLACK_METRES = 50;
const SMALLEST_LEG_METRES = 20;

export function windowOf(at: number): number {
  return Math.floor(at / WINDOW_MS) * WINDOW_MS;
}

export function isUsable(fix: Fix): boolean {
  return fix.accuracyMetres === null || fix.accuracyMetres <= LIMITS.worstFixMetres;
}

/** Whether one can have got from the one fix to the other in the time between. */
export function isBelievable(a: Fix, b: Fix, metres = distanceMetres(a, b)): boolean {
  const slack = Math.max(SLACK_METRES, (a.accuracyMetres ?? 0) + (b.accuracyMetres ?? 0));
  return metres <= METRES_PER_MS_FASTEST * Math.abs(b.at - a.at) + slack;
}

/** Adds a fix that is not older than the ones before. Unusable fixes change nothing. */
export function extend(totals: Totals, fix: Fix): Totals {
  if (!isUsable(fix)) return totals;
  const window = windowOf(fix.at);
  const { chunk } = totals;
  if (chunk?.window === window) return { ...totals, chunk: foldFix(chunk, fix) };
  return { ...settle(totals), chunk: foldOf(window, fix) };
}

/** The filter over one chunk's fixes in order; `null` when none is usable. */
export function foldChunk(fixes: readonly Fix[]): ChunkFold | null {
  let fold: ChunkFold | null = null;
  for (const fix of fixes) {
    if (isUsable(fix)) fold = fold ? foldFix(fold, fix) : foldOf(windowOf(fix.at), fix);
  }
  return fold;
}

/** A whole track from its chunks' filters, in order. */
export function totalsOf(folds: Iterable<ChunkFold>): Totals {
  let totals = NO_TRACK;
  for (const fold of folds) totals = { ...settle(totals), chunk: fold };
  return totals;
}

export function measure(totals: Totals): Measure {
  const { millimetres, leastMillimetres, thin, fixes, first, before } = settle(totals);
  const tail = before?.millimetres ?? 0;
  return {
    metres: Math.round((millimetres + tail) / 1_000),
    leastMetres: Math.round((leastMillimetres + tail) / 1_000),
    thin,
    fixes: fixes + (before?.fixes ?? 0),
    first,
    last: before?.last ?? null,
  };
}

function foldOf(window: number, fix: Fix): ChunkFold {
  return { window, first: fix, anchor: fix, last: fix, doubt: null, millimetres: 0, fixes: 1 };
}

function foldFix(fold: ChunkFold, fix: Fix): ChunkFold {
  const away = distanceMetres(fold.last, fix);
  if (isBelievable(fold.last, fix, away)) return moveOn({ ...fold, doubt: null }, fix);
  const { doubt } = fold;
  if (doubt && fold.fixes === 1 && isBelievable(doubt, fix)) return moveOn(foldOf(fold.window, doubt), fix);
  return { ...fold, doubt: fix };
}

function moveOn(fold: ChunkFold, fix: Fix): ChunkFold {
  const leg = distanceMetres(fold.anchor, fix);
  const moved = leg >= smallestLegMetres(fold.anchor, fix);
  return {
    ...fold,
    last: fix,
    fixes: fold.fixes + 1,
    anchor: moved ? fix : fold.anchor,
    millimetres: fold.millimetres + (moved ? Math.round(leg * 1_000) : 0),
  };
}

/** Below this two fixes may be the same place. */
function smallestLegMetres(a: Fix, b: Fix): number {
  const doubtful = (a.accuracyMetres ?? 0) + (b.accuracyMetres ?? 0);
  return Math.min(LIMITS.worstFixMetres, Math.max(SMALLEST_LEG_METRES, doubtful));
}

/** A chunk that moved also counts the last bit behind its anchor: the next chunk goes on from there. */
function finish({ last, doubt, anchor, millimetres, fixes }: ChunkFold): FinishedChunk {
  const rest = millimetres === 0 ? 0 : Math.round(distanceMetres(anchor, last) * 1_000);
  return { last, doubt, millimetres: millimetres + rest, fixes };
}

/** Moves the open chunk to `before` and what lay there, with the joint between them, into the sums. */
function settle(totals: Totals): Totals {
  const { before, chunk } = totals;
  if (!chunk) return totals;
  if (!before) return { ...totals, first: chunk.first, before: finish(chunk), chunk: null };
  const joint = jointOf(before, chunk, totals);
  return {
    millimetres: totals.millimetres + before.millimetres + joint.millimetres,
    leastMillimetres: totals.leastMillimetres + before.millimetres + joint.leastMillimetres,
    thin: totals.thin || joint.thin,
    fixes: totals.fixes + before.fixes,
    first: joint.first,
    rival: joint.rival,
    before: finish(chunk),
    chunk: null,
  };
}

interface Leg {
  readonly millimetres: number;
  readonly leastMillimetres: number;
  readonly thin: boolean;
}

type Joint = Leg & Pick<Totals, 'first' | 'rival'>;

const NO_LEG: Leg = { millimetres: 0, leastMillimetres: 0, thin: false };

/** The way between two chunks. Where the track's very first fix turns out to be noise, it began at the one after it. */
function jointOf({ last, doubt, millimetres, fixes }: FinishedChunk, chunk: ChunkFold, totals: Totals): Joint {
  if (isBelievable(last, chunk.first)) {
    return { ...legOf(last, chunk.first, millimetres > 0), first: totals.rival ?? totals.first, rival: null };
  }
  const isVeryFirst = totals.fixes === 0 && fixes === 1;
  if (isVeryFirst && doubt && isBelievable(doubt, chunk.first)) {
    return { ...legOf(doubt, chunk.first, false), first: doubt, rival: null };
  }
  if (!isVeryFirst) return { ...NO_LEG, first: totals.first, rival: null };
  return chunk.fixes > 1
    ? { ...NO_LEG, first: chunk.first, rival: null }
    : { ...NO_LEG, first: totals.first, rival: chunk.first };
}

function legOf(from: Fix, to: Fix, moving: boolean): Leg {
  const metres = distanceMetres(from, to);
  const counted = moving || metres >= smallestLegMetres(from, to) ? metres : 0;
  const thin = to.at - from.at > LIMITS.thinGapMs;
  return {
    millimetres: Math.round(counted * 1_000 * (thin ? LIMITS.thinFactor : 1)),
    leastMillimetres: Math.round(counted * 1_000),
    thin,
  };
}
