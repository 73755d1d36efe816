/** Addresses from a Nominatim-compatible service (https://nominatim.org/release-docs/latest/api/Reverse/, Search). */

import type { Position } from '../../domain/geo.ts';
import { failureOf, notLooked, type Looked } from '../../domain/services.ts';
import type { Clock } from '../../seams/clock.ts';
import type { FoundPlace, Geocoder } from '../../seams/geocoder.ts';
import type { Web, WebAnswer } from '../../seams/web.ts';
import { addressOf, beginningOf, fieldsOf, nameOf } from './address.ts';

const MOST_FOUND = 10;
/** How far around a position places are preferred: some 50 km. */
const NEAR_DEGREES = 0.5;
const DECIMALS = 6;
const BUILDING = '18';

/** `base`: without a slash at its end. */
export function nominatimGeocoder(base: string, web: Web, clock: Clock): Geocoder {
  const ask = (path: string, parameters: Readonly<Record<string, string>>, signal: AbortSignal) => {
    const query = new URLSearchParams({ format: 'jsonv2', addressdetails: '1', ...parameters });
    return web.get(`${base}${path}?${query}`, {}, signal);
  };
  return {
    id: base,
    async reverse({ lat, lng }, language, signal) {
      const where = { lat: lat.toFixed(DECIMALS), lon: lng.toFixed(DECIMALS), zoom: BUILDING };
      const answer = await ask('/reverse', { ...where, 'accept-language': language }, signal);
      return answer.ok ? addressIn(answer.value, clock.now()) : answer;
    },
    async search(text, language, near, signal) {
      const around = near === null ? {} : { viewbox: boxAround(near), bounded: '0' };
      const wish = { q: text, limit: String(MOST_FOUND), 'accept-language': language, ...around };
      const answer = await ask('/search', wish, signal);
      return answer.ok ? placesIn(answer.value, clock.now()) : answer;
    },
  };
}

function boxAround({ lat, lng }: Position): string {
  const corners = [lng - NEAR_DEGREES, lat + NEAR_DEGREES, lng + NEAR_DEGREES, lat - NEAR_DEGREES];
  return corners.map((degrees) => degrees.toFixed(2)).join(',');
}

/** Where nothing is, it says so in an `error`: `Unable to geocode`, with status 200 or 404. */
const NOTHING_THERE = /^unable to geocode/i;

function addressIn({ status, body, said }: WebAnswer, now: number): Looked<string | null> {
  const place = fieldsOf(body);
  const { error } = place;
  if (typeof error === 'string' && NOTHING_THERE.test(error)) return { ok: true, value: null };
  if (status !== 200) return { ok: false, failure: failureOf(status, said, now) };
  if (error !== undefined || !('address' in place || 'display_name' in place)) return UNLIKE;
  return { ok: true, value: addressOf(place) };
}

function placesIn({ status, body, said }: WebAnswer, now: number): Looked<readonly FoundPlace[]> {
  if (status !== 200) return { ok: false, failure: failureOf(status, said, now) };
  if (!Array.isArray(body)) return UNLIKE;
  return {
    ok: true,
    value: body
      .map(placeOf)
      .filter((place) => place !== null)
      .slice(0, MOST_FOUND),
  };
}

const UNLIKE = notLooked('protocol', 'does not answer like Nominatim');

function placeOf(found: unknown): FoundPlace | null {
  const place = fieldsOf(found);
  const [lat, lng] = [degreesOf(place['lat'], 90), degreesOf(place['lon'], 180)];
  const address = addressOf(place) ?? nameOf(place) ?? beginningOf(place);
  if (lat === null || lng === null || address === null) return null;
  return { name: nameOf(place) ?? address, address, lat, lng };
}

/** Degrees come as text. */
function degreesOf(value: unknown, most: number): number | null {
  const degrees = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof degrees === 'number' && Math.abs(degrees) <= most ? degrees : null;
}
