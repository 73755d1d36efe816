/** A chunk's points as one compact text: appending costs the same however many there are. */

import type { Fix } from './events.ts';
import { windowOf } from './track.ts';

/** A window holds no more than this. */
export const MOST_POINTS = 2_000;

/** The points of one window of time, oldest first, one per instant. */
export interface Chunk {
  readonly window: number;
  /** `ms-in-window,lat·1e7,lng·1e7[,accuracy·10[,speed·10]];` in base 36. */
  readonly points: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A fix as it comes back from the store: 7 decimals, accuracy and speed to 0.1. */
export function storable(fix: Fix): Fix {
  return {
    at: fix.at,
    lat: Math.round(fix.lat * 1e7) / 1e7,
    lng: Math.round(fix.lng * 1e7) / 1e7,
    accuracyMetres: fix.accuracyMetres === null ? null : Math.round(fix.accuracyMetres * 10) / 10,
    speedKmh: fix.speedKmh === null ? null : Math.round(fix.speedKmh * 10) / 10,
  };
}

/** The chunk with a fix newer than all it holds; `null` when it is full. */
export function append(chunk: Chunk | null, fix: Fix): Chunk | null {
  const window = windowOf(fix.at);
  if (chunk === null) {
    return { window, points: encode(window, fix), count: 1, firstAt: fix.at, lastAt: fix.at };
  }
  if (chunk.count >= MOST_POINTS) return null;
  return {
    window,
    points: chunk.points + encode(window, fix),
    count: chunk.count + 1,
    firstAt: chunk.firstAt,
    lastAt: fix.at,
  };
}

export function decodePoints(chunk: Chunk): Fix[] {
  return chunk.points
    .split(';')
    .slice(0, -1)
    .map((text) => decode(chunk.window, text));
}

/** Fixes in any order as they are kept: by time, of those of one instant the better known. */
export function distinct(fixes: readonly Fix[]): Fix[] {
  const byInstant = new Map<number, Fix>();
  for (const fix of fixes) {
    const other = byInstant.get(fix.at);
    if (!other || isBetter(fix, other)) byInstant.set(fix.at, fix);
  }
  return [...byInstant.values()].toSorted((a, b) => a.at - b.at);
}

/** A chunk of fixes in any order, all of one window; those beyond `MOST_POINTS` find no room. `null` for none. */
export function chunkOf(fixes: readonly Fix[]): Chunk | null {
  let chunk: Chunk | null = null;
  for (const fix of distinct(fixes).slice(0, MOST_POINTS)) chunk = append(chunk, fix);
  return chunk;
}

/** An order without ties, so that the same points make the same chunk however they came. */
function isBetter(a: Fix, b: Fix): boolean {
  const differs = RANKS.find((rank) => rank(a) !== rank(b));
  return differs !== undefined && differs(a) < differs(b);
}

const RANKS: readonly ((fix: Fix) => number)[] = [
  ({ accuracyMetres }) => accuracyMetres ?? Infinity,
  ({ lat }) => lat,
  ({ lng }) => lng,
  ({ speedKmh }) => speedKmh ?? -1,
];

function encode(window: number, fix: Fix): string {
  const place = `${base36(fix.at - window, 1)},${base36(fix.lat, 1e7)},${base36(fix.lng, 1e7)}`;
  if (fix.speedKmh !== null) {
    const accuracy = fix.accuracyMetres === null ? '' : base36(fix.accuracyMetres, 10);
    return `${place},${accuracy},${base36(fix.speedKmh, 10)};`;
  }
  return fix.accuracyMetres === null ? `${place};` : `${place},${base36(fix.accuracyMetres, 10)};`;
}

function decode(window: number, text: string): Fix {
  const [at = '', lat = '', lng = '', accuracy = '', speed = ''] = text.split(',');
  return {
    at: window + parseInt(at, 36),
    lat: parseInt(lat, 36) / 1e7,
    lng: parseInt(lng, 36) / 1e7,
    accuracyMetres: accuracy === '' ? null : parseInt(accuracy, 36) / 10,
    speedKmh: speed === '' ? null : parseInt(speed, 36) / 10,
  };
}

function base36(value: number, scale: number): string {
  return Math.round(value * scale).toString(36);
}
