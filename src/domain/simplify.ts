/**
 * Fewer points for the same line (Douglas–Peucker): what is left out lies no farther from the line that is left than the
 * tolerance. Distances are planar, on a map drawn true to scale around each span: over the length of a drive the earth
 * is flat enough. Points keep their times; which ones stay depends on the points alone.
 */

import type { Position } from './geo.ts';

const METRES_PER_DEGREE = 111_195.08;
const RADIANS = Math.PI / 180;

/** The points that stay, the first and the last among them, in order. */
export function simplified<P extends Position>(points: readonly P[], toleranceMetres: number): P[] {
  const stays = new Set([0, points.length - 1]);
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [first, last] = span;
    const { index, metres } = farthest(points, first, last);
    if (metres <= toleranceMetres) continue;
    stays.add(index);
    spans.push([first, index], [index, last]);
  }
  return points.filter((_, i) => stays.has(i));
}

/** Of the points between two, the one farthest from the straight line between them; the first of equals. */
function farthest(points: readonly Position[], first: number, last: number): { index: number; metres: number } {
  const [a, b] = [points[first], points[last]];
  let index = first;
  let metres = 0;
  if (a === undefined || b === undefined) return { index, metres };
  for (let i = first + 1; i < last; i += 1) {
    const away = metresFromLine(points[i] ?? a, a, b);
    if (away > metres) [index, metres] = [i, away];
  }
  return { index, metres };
}

/** From a point to the nearest of the straight line from `a` to `b`, ends included. */
export function metresFromLine(point: Position, a: Position, b: Position): number {
  const scale = Math.cos(((a.lat + b.lat) / 2) * RADIANS);
  const [px, py] = from(a, point, scale);
  const [bx, by] = from(a, b, scale);
  const length = bx * bx + by * by;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * bx + py * by) / length));
  return Math.hypot(px - along * bx, py - along * by);
}

/** East and north of a place, in metres; the shorter way round the earth. */
function from(origin: Position, { lat, lng }: Position, scale: number): readonly [number, number] {
  const east = ((lng - origin.lng + 540) % 360) - 180;
  return [east * scale * METRES_PER_DEGREE, (lat - origin.lat) * METRES_PER_DEGREE];
}
