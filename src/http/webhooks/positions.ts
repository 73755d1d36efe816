/** Where somebody was, out of whatever was sent as latitude and longitude. Nothing is guessed: doubt means no position. */

import { plainText } from '../../domain/digits.ts';
import type { Position } from '../../domain/geo.ts';
import { degreesOf } from '../../domain/units.ts';
import { isMissing, single } from './fields.ts';
import { numberIn } from './numbers.ts';

/** Why there is no position, or (`first_of_list_used`) why it may be another one. */
export type PositionWarning =
  | 'no_location'
  | 'partial_location'
  | 'null_island'
  | 'location_unreadable'
  | 'location_out_of_range'
  | 'location_is_address'
  | 'lat_lng_swapped?'
  | 'first_of_list_used';

export interface ReadPosition {
  readonly position: Position | null;
  readonly warnings: readonly PositionWarning[];
}

interface Coordinate {
  readonly degrees: number | null;
  readonly warning: PositionWarning | null;
}

const MISSING: Coordinate = { degrees: null, warning: 'partial_location' };
const UNREADABLE: Coordinate = { degrees: null, warning: 'location_unreadable' };

/** A word of a language, as street addresses and labels have. */
const WORD = /\p{L}{3,}/u;
const NO_WORD = /^[+-]?(?:nan|inf|infinity|true|false)$/i;
const DOT_NUMBER = String.raw`[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const ANY_NUMBER = String.raw`[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?`;
const GEO_URI = new RegExp(`^geo:(${DOT_NUMBER}),(${DOT_NUMBER})(?:,${DOT_NUMBER})?(?:[;?].*)?$`, 'is');
/** Between decimal commas only a semicolon, a bar, a slash or space tells the two apart. */
const SPACED_PAIR = new RegExp(String.raw`^\(?(${ANY_NUMBER})(?:\s*[;|/]\s*|,?\s+)(${ANY_NUMBER})\)?$`, 'i');
const COMMA_PAIR = new RegExp(String.raw`^\(?(${DOT_NUMBER}),(${DOT_NUMBER})\)?$`, 'i');
const LONGEST_PAIR = 200;

/** `place` is a text with both coordinates; it counts when they are not given one by one. */
export function readPosition(rawLat: unknown, rawLng: unknown, rawPlace: unknown): ReadPosition {
  const lat = readCoordinate(rawLat);
  const lng = readCoordinate(rawLng);
  if (lat.degrees !== null && lng.degrees !== null) {
    const found = usablePosition(lat.degrees, lng.degrees);
    const listed = lat.warning ?? lng.warning;
    if (typeof found === 'string') return none(found);
    return { position: found, warnings: listed === null ? [] : [listed] };
  }
  const pair = isMissing(rawPlace) && isMissing(rawLng) ? readLonePair(rawLat) : readPair(rawPlace);
  return pair ?? none(whyNot(lat, lng, rawLat, rawLng, rawPlace));
}

/** The position two numbers name, with 7 decimals, or why they name none. */
export function usablePosition(latDegrees: number, lngDegrees: number): Position | PositionWarning {
  const lat = degreesOf(latDegrees) + 0;
  const lng = degreesOf(lngDegrees) + 0;
  if (lat === 0 && lng === 0) return 'null_island';
  if (Math.abs(lat) <= 90 && Math.abs(lng) <= 180) return { lat, lng };
  return Math.abs(lat) <= 180 && Math.abs(lng) <= 90 ? 'lat_lng_swapped?' : 'location_out_of_range';
}

function none(warning: PositionWarning): ReadPosition {
  return { position: null, warnings: [warning] };
}

function whyNot(lat: Coordinate, lng: Coordinate, rawLat: unknown, rawLng: unknown, place: unknown): PositionWarning {
  const reasons = [lat.warning, lng.warning, isMissing(place) ? null : textWarning(place)];
  const worst = (['location_is_address', 'location_out_of_range', 'location_unreadable'] as const).find((warning) =>
    reasons.includes(warning),
  );
  if (worst !== undefined) return worst;
  return isMissing(rawLat) && isMissing(rawLng) ? 'no_location' : 'partial_location';
}

function readCoordinate(raw: unknown): Coordinate {
  if (isMissing(raw)) return MISSING;
  const value = single(raw);
  if (typeof value === 'number') return Number.isFinite(value) ? { degrees: value, warning: null } : UNREADABLE;
  if (typeof value !== 'string') return UNREADABLE;
  const [first = '', ...more] = linesOf(value);
  const number = numberIn(first.replace(/\s*°$/, ''));
  if (number === null) {
    const warning = textWarning(value);
    return {
      degrees: null,
      warning: warning === 'location_unreadable' && /\d/.test(first) ? 'location_out_of_range' : warning,
    };
  }
  if (!Number.isFinite(number)) return UNREADABLE;
  return { degrees: number, warning: more.length > 0 ? 'first_of_list_used' : null };
}

function textWarning(raw: unknown): PositionWarning {
  const value = single(raw);
  if (typeof value !== 'string') return 'location_unreadable';
  const text = plainText(value);
  return WORD.test(text) && !NO_WORD.test(text) ? 'location_is_address' : 'location_unreadable';
}

/** `null`: not a pair. The whole text is tried first: two lines may be the two coordinates. */
function readPair(raw: unknown): ReadPosition | null {
  const value = single(raw);
  if (typeof value !== 'string') return null;
  const whole = pairIn(plainText(value));
  if (whole !== null) return whole;
  const [first = '', ...more] = linesOf(value);
  const pair = more.length > 0 ? pairIn(first) : null;
  if (pair === null || pair.position === null) return pair;
  return { position: pair.position, warnings: ['first_of_list_used'] };
}

/** Several lines under `lat` are a list of latitudes. */
function readLonePair(raw: unknown): ReadPosition | null {
  const value = single(raw);
  return typeof value === 'string' && linesOf(value).length === 1 ? readPair(value) : null;
}

function pairIn(text: string): ReadPosition | null {
  if (text.length > LONGEST_PAIR) return null;
  // Without a dot "52,37" is one number with a decimal comma as likely as it is two.
  const commaPair = text.includes('.') ? COMMA_PAIR.exec(text) : null;
  const found = GEO_URI.exec(text) ?? commaPair ?? SPACED_PAIR.exec(text);
  if (!found) return null;
  const [, first = '', second = ''] = found;
  const [lat, lng] = [numberIn(first), numberIn(second)];
  if (lat === null || lng === null || !Number.isFinite(lat) || !Number.isFinite(lng)) return null;
  const position = usablePosition(lat, lng);
  return typeof position === 'string' ? none(position) : { position, warnings: [] };
}

function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => plainText(line))
    .filter((line) => line !== '');
}
