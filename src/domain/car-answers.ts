/** What a maker's service answered, made into readings the trip rules believe: units, sentinels, times. Pure. */

import type { Failure } from './connections.ts';
import type { DrivingState } from './events.ts';
import type { Position } from './geo.ts';
import { metresPer } from './lengths.ts';
import { LIMITS } from './settings.ts';
import { degreesOf } from './units.ts';

/** An answer as it came, only taken apart. Nothing in it is trusted yet. */
export interface RawAnswer {
  readonly odometer: {
    readonly value: unknown;
    readonly unit: string | null;
    readonly observedAt: number | null;
    /** The step of this value, where it shows. */
    readonly resolutionMetres?: number;
  } | null;
  readonly position: { readonly lat: unknown; readonly lng: unknown; readonly observedAt: number | null } | null;
  readonly state: { readonly value: DrivingState; readonly observedAt: number | null } | null;
}

/** What a car said of one instant. */
export interface CarAnswer {
  readonly odometerMetres: number | null;
  /** The step of the odometer. */
  readonly resolutionMetres: number;
  readonly position: Position | null;
  readonly state: DrivingState;
  /** `null`: the source gave no time. */
  readonly at: number | null;
}

export interface AboutAnswer {
  readonly fetchedAt: number;
  /** The step of the odometer where the answer does not say better. */
  readonly resolutionMetres: number;
  /** Raw counter values that mean “unknown” with this maker, in its own unit. */
  readonly sentinels: readonly number[];
  /** A state older than this when it was fetched is none. */
  readonly stateMaxAgeMs: number;
}

/** Readings in the order they were observed, one per instant, those without a time last; at least one. */
export type ReadAnswer =
  | { readonly ok: true; readonly readings: readonly CarAnswer[] }
  | { readonly ok: false; readonly failure: Failure };

/** A part of an answer that says something. */
interface Part {
  readonly at: number | null;
  readonly says: Partial<Pick<CarAnswer, 'odometerMetres' | 'position' | 'state'>>;
}

/** Trusts nothing: what means “unknown” is absent, and an odometer nobody can be sure of spoils the whole answer. */
export function readingsOf(raw: RawAnswer, about: AboutAnswer): ReadAnswer {
  const odometer = odometerMetresOf(raw.odometer, about);
  if (typeof odometer === 'string') return { ok: false, failure: notUnderstood(odometer) };
  const position = raw.position && positionOf(raw.position);
  const state = stateOf(raw.state, about);
  const parts: Part[] = [
    ...(odometer === null ? [] : [{ at: timeOf(raw.odometer, about), says: { odometerMetres: odometer } }]),
    ...(position === null ? [] : [{ at: timeOf(raw.position, about), says: { position } }]),
    ...(state === 'unknown' ? [] : [{ at: timeOf(raw.state, about), says: { state } }]),
  ];
  return { ok: true, readings: byInstant(parts, resolutionOf(raw.odometer, about)) };
}

function byInstant(parts: readonly Part[], resolutionMetres: number): CarAnswer[] {
  const nothing: CarAnswer = { odometerMetres: null, resolutionMetres, position: null, state: 'unknown', at: null };
  if (parts.length === 0) return [nothing];
  const instants = [...new Set(parts.map(({ at }) => at))].toSorted((a, b) => (a ?? Infinity) - (b ?? Infinity));
  return instants.map((at) =>
    parts.filter((part) => part.at === at).reduce((answer, { says }) => ({ ...answer, ...says }), { ...nothing, at }),
  );
}

/** Values that mean “unknown” wherever they come from. */
const UNKNOWN_WORDS: ReadonlySet<string> = new Set([
  '',
  '-',
  'unknown',
  'unavailable',
  'invalid',
  'none',
  'null',
  'nan',
]);
const NUMBER = /^-?\d{1,15}(\.\d{1,20})?$/;
/** No car was ever driven so far. */
const IMPOSSIBLE_METRES = 2_000_000_000;

/** Whole metres, `null` where there is no value, or a sentence on why the value cannot be understood. */
function odometerMetresOf(odometer: RawAnswer['odometer'], { sentinels }: AboutAnswer): number | string | null {
  const value = numberOf(odometer?.value);
  if (value === 'unreadable') return 'The odometer it answered is not a number.';
  if (odometer === null || value === null || value < 0 || sentinels.includes(value)) return null;
  if (odometer.unit === null) return 'The odometer it answered has no unit.';
  const metres = metresPer(odometer.unit);
  if (metres === null) return 'The odometer it answered has a unit that is no length.';
  const rounded = Math.round(value * metres);
  // A zero without a sign: stores and comparisons know but one.
  return rounded >= IMPOSSIBLE_METRES ? null : rounded + 0;
}

function resolutionOf(odometer: RawAnswer['odometer'], about: AboutAnswer): number {
  const step = odometer?.resolutionMetres ?? 0;
  return step > 0 && Number.isFinite(step) ? step : about.resolutionMetres;
}

/** A finite number, `null` where a word or nothing stands for “unknown”. */
function numberOf(value: unknown): number | 'unreadable' | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return 'unreadable';
  const text = value.trim();
  if (UNKNOWN_WORDS.has(text.toLowerCase())) return null;
  return NUMBER.test(text) ? Number(text) : 'unreadable';
}

/** Null Island has no roads: both zero is what a receiver without a fix says. One zero alone is a place. */
function positionOf(raw: NonNullable<RawAnswer['position']>): Position | null {
  const lat = degreesWithin(90, raw.lat);
  const lng = degreesWithin(180, raw.lng);
  if (lat === null || lng === null || (lat === 0 && lng === 0)) return null;
  return { lat, lng };
}

function degreesWithin(most: number, value: unknown): number | null {
  const degrees = numberOf(value);
  if (degrees === null || degrees === 'unreadable' || Math.abs(degrees) > most) return null;
  return degreesOf(degrees) + 0;
}

/** Never “parked” for want of better knowledge, and nothing at all from long ago. */
function stateOf(state: RawAnswer['state'], about: AboutAnswer): DrivingState {
  if (state === null) return 'unknown';
  const at = timeOf(state, about);
  return at !== null && about.fetchedAt - at > about.stateMaxAgeMs ? 'unknown' : state.value;
}

/** 1 January 2000: clocks that were never set stand before it. */
const FIRST_BELIEVED_AT = 946_684_800_000;

/** When it was observed; `null` where the source does not say so believably. A clock a little ahead said “now”. */
function timeOf(part: { readonly observedAt: number | null } | null, { fetchedAt }: AboutAnswer): number | null {
  const at = part?.observedAt ?? Number.NaN;
  if (!(at >= FIRST_BELIEVED_AT && at - fetchedAt <= LIMITS.futureMs)) return null;
  return Math.min(Math.trunc(at), fetchedAt);
}

function notUnderstood(message: string): Failure {
  return { code: 'protocol', scope: 'vehicle', retryAt: null, message };
}
