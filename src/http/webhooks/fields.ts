/** The names clients give to what we ask for. Keys are compared without case, spaces, dashes and underscores. */

import { plainText } from '../../domain/digits.ts';

export type Field =
  | 'lat'
  | 'lng'
  | 'place'
  | 'timestamp'
  | 'accuracy'
  | 'speed'
  | 'carId'
  | 'device'
  | 'eventId'
  | 'points';

/** Values as they came, by squeezed key. A `Map`, so that no key can reach a prototype. */
export type Named = ReadonlyMap<string, unknown>;

/** Names of one field; where two differ the earlier one counts. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  lat: ['lat', 'latitude', 'breedtegraad'],
  lng: ['lng', 'lon', 'long', 'longitude', 'lengtegraad'],
  place: ['location', 'coords'],
  timestamp: ['timestamp', 'ts', 'time', 'tst', 'date'],
  accuracy: ['accuracym', 'accuracy', 'acc', 'horizontalaccuracy'],
  speed: ['speedkmh'],
  carId: ['carid'],
  device: ['vehicle', 'car', 'auto', 'device'],
  eventId: ['eventid'],
  points: ['points'],
};
/** Objects that only hold the others: an envelope around everything, then one around the position. */
const WRAPPERS = [
  ['body', 'data'],
  ['location', 'coords'],
];
const EMPTY_WORDS = new Set(['', 'null', '(null)', '<null>', 'nil', 'undefined']);
const LONGEST_EMPTY_WORD = 9;

/** Names every value and takes it out of its wrappers, one level each. What stands outside a wrapper goes first. */
export function nameValues(entries: Iterable<readonly [string, unknown]>): Named {
  const named = new Map<string, unknown>();
  for (const [key, value] of entries) named.set(squeeze(key), value);
  for (const wrappers of WRAPPERS) {
    for (const wrapper of wrappers) unwrap(named, wrapper);
  }
  return named;
}

function unwrap(named: Map<string, unknown>, wrapper: string): void {
  const inner = objectIn(named.get(wrapper));
  if (inner === null) return;
  named.delete(wrapper);
  for (const [key, value] of Object.entries(inner)) {
    const name = squeeze(key);
    if (isMissing(named.get(name))) named.set(name, value);
  }
}

export interface Found {
  /** `undefined`: nothing was sent under any of its names. */
  readonly value: unknown;
  /** Two of its names hold different values. */
  readonly conflicting: boolean;
}

export function find(named: Named, field: Field): Found {
  let value: unknown;
  let conflicting = false;
  for (const name of NAMES[field]) {
    const candidate = named.get(name);
    if (isMissing(candidate)) continue;
    if (value === undefined) value = candidate;
    else if (!isSame(value, candidate)) conflicting = true;
  }
  return { value, conflicting };
}

/** What an unset variable of a shortcut leaves behind counts as nothing. */
export function isMissing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'string') return false;
  const text = value.trim();
  return text.length <= LONGEST_EMPTY_WORD && EMPTY_WORDS.has(plainText(text).toLowerCase());
}

/** The one element of a list of one, else the value itself: Shortcuts sends lists where one value was meant. */
export function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** The object a value is, holds as its only element, or spells as JSON; `null` when it is none. */
export function objectIn(value: unknown): object | null {
  const one = single(value);
  if (typeof one === 'string') return one.trimStart().startsWith('{') ? objectIn(parsed(one)) : null;
  return typeof one === 'object' && one !== null && !Array.isArray(one) ? one : null;
}

/** The JSON a text spells; `undefined` when it spells none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function squeeze(key: string): string {
  return key.replace(/[\s_-]+/g, '').toLowerCase();
}

function isSame(a: unknown, b: unknown): boolean {
  const [first, second] = [spelling(single(a)), spelling(single(b))];
  return first === second || Number(first) === Number(second);
}

function spelling(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value).trim();
}
