/** The ping that nearly all requests are, read without detours. Whatever it cannot read exactly as the long way would, it leaves. */

import type { SaidPing, SaidPoint } from '../../actions/said.ts';
import { readTime, type SaidTime } from '../../domain/timestamps.ts';
import { isMissing, parsed } from './fields.ts';
import { readAccuracyMetres, readSpeedKmh } from './numbers.ts';
import { usablePosition } from './positions.ts';
import type { SaidRequest } from './requests.ts';

const NO_WARNINGS: readonly string[] = [];
/** Nothing of a query is a field but what says who is calling. */
const ONLY_CALLER = /^(?:(?:user|token)=[^&]*(?:&|$))*$/;

/** `null`: read it the long way. */
export function quickPing(request: SaidRequest): SaidPing | null {
  const { body, query } = request;
  if (!body.startsWith('{') || !request.contentType.startsWith('application/json')) return null;
  if (query !== '' && !ONLY_CALLER.test(query)) return null;
  const point = quickPoint(parsed(body));
  if (point === null) return null;
  const { tokenCarId } = request;
  return { points: [point], unreadable: 0, carId: null, device: null, tokenCarId, warnings: NO_WARNINGS };
}

/** A point of plain numbers under the names of the contract, and nothing else; `null` for any other. */
export function quickPoint(raw: unknown): SaidPoint | null {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  let lat = NaN;
  let lng = NaN;
  let accuracy: number | null = null;
  let speed: number | null = null;
  let timestamp: unknown;
  for (const [key, value] of Object.entries(raw)) {
    if (key === 'timestamp') timestamp = value;
    else if (typeof value !== 'number') return null;
    else if (key === 'lat') lat = value;
    else if (key === 'lng') lng = value;
    else if (key === 'accuracy_m') accuracy = value;
    else if (key === 'speed_kmh') speed = value;
    else return null;
  }
  const time = timestamp === undefined ? null : quickTime(timestamp);
  const accuracyMetres = readAccuracyMetres(accuracy);
  const speedKmh = readSpeedKmh(speed);
  if (time === undefined || accuracyMetres === undefined || speedKmh === undefined) return null;
  if (!Number.isFinite(lat) || !Number.isFinite(lng)) return null;
  const position = usablePosition(lat, lng);
  if (typeof position === 'string') return null;
  return { lat: position.lat, lng: position.lng, accuracyMetres, speedKmh, time };
}

/** `undefined`: not a plain one. */
function quickTime(raw: unknown): SaidTime | null | undefined {
  if (typeof raw !== 'string' && typeof raw !== 'number') return undefined;
  return isMissing(raw) ? undefined : readTime(raw);
}
