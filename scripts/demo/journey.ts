/** One way driven from place to place: where the car is at any moment of it. */

import { distanceMetres, type Position } from '../../src/domain/geo.ts';
import { chanceOf } from './chance.ts';
import type { PlaceName } from './places.ts';
import { wayBetween, type Road } from './roads.ts';

export interface Fix extends Position {
  readonly at: number;
  readonly accuracyMetres: number;
  readonly speedKmh: number;
}

export interface Journey {
  readonly durationMs: number;
  readonly metres: number;
  /** Where a phone sees the car so long after it left. */
  fixAt(startedAt: number, elapsedMs: number): Fix;
}

/** How far a road bends away from the straight line, as a share of its length. */
const BEND = 0.05;
const PIECES = 16;
/** What a phone is off by. */
const NOISE_DEGREES = 0.00004;

interface Piece extends Road {
  /** Since the beginning of the journey. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** `pace`: 1 is a quiet road, 0.6 a rush hour. */
export function journeyBetween(from: PlaceName, to: PlaceName, pace: number): Journey {
  const pieces = piecesOf(wayBetween(from, to).flatMap(bent), pace);
  const last = pieces.at(-1);
  if (!last) throw new Error(`From ${from} to ${to} there is nothing to drive.`);
  return {
    durationMs: last.untilMs,
    metres: Math.round(pieces.reduce((sum, { metres }) => sum + metres, 0)),
    fixAt: (startedAt, elapsedMs) => fixOn(pieces, last, startedAt, elapsedMs),
  };
}

/** No road is straight: a shallow S between its ends, the same in both directions. */
function bent({ from, to, kmh }: Road): Road[] {
  const isForth = from.lat < to.lat || (from.lat === to.lat && from.lng < to.lng);
  const [a, b] = isForth ? [from, to] : [to, from];
  const points = Array.from({ length: PIECES + 1 }, (_, i) => {
    const share = i / PIECES;
    const aside = Math.sin(share * 2 * Math.PI) * BEND;
    return {
      lat: a.lat + (b.lat - a.lat) * share - (b.lng - a.lng) * aside * 0.6,
      lng: a.lng + (b.lng - a.lng) * share + (b.lat - a.lat) * aside * 1.6,
    };
  });
  const along = isForth ? points : points.toReversed();
  return along.slice(1).map((end, i) => {
    const start = along[i] ?? end;
    return { from: start, to: end, kmh, metres: distanceMetres(start, end) };
  });
}

function piecesOf(roads: readonly Road[], pace: number): Piece[] {
  let fromMs = 0;
  return roads.map((road) => {
    const kmh = road.kmh * pace;
    const piece = { ...road, kmh, fromMs, untilMs: fromMs + (road.metres / kmh) * 3_600 };
    fromMs = piece.untilMs;
    return piece;
  });
}

function fixOn(pieces: readonly Piece[], last: Piece, startedAt: number, elapsedMs: number): Fix {
  const piece = pieces.find(({ untilMs }) => elapsedMs < untilMs) ?? last;
  const share = Math.min(1, (elapsedMs - piece.fromMs) / (piece.untilMs - piece.fromMs));
  const at = startedAt + elapsedMs;
  const chance = chanceOf(String(at));
  const along = (start: number, end: number) => start + (end - start) * share;
  const seen = (degrees: number) => Math.round((degrees + chance.between(-1, 1) * NOISE_DEGREES) * 1e6) / 1e6;
  return {
    lat: seen(along(piece.from.lat, piece.to.lat)),
    lng: seen(along(piece.from.lng, piece.to.lng)),
    at,
    accuracyMetres: Math.round(chance.between(4, 15)),
    speedKmh: Math.round(piece.kmh * chance.between(0.92, 1.04)),
  };
}
