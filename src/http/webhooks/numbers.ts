/** Numbers as phones write them: text, decimal commas, other scripts' digits, typographic minus signs. */

import { plainText } from '../../domain/digits.ts';
import { isMissing, single } from './fields.ts';

const NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;
const LONGEST_NUMBER = 40;
const METRES = /\s*m$/i;
const KMH = /\s*(?:km\/h|kmh|kph)$/i;
const WORST_ACCURACY_METRES = 1e6;
const FASTEST_KMH = 2_000;

/** The number a plain text spells, or `null`. May be infinite. */
export function numberIn(text: string): number | null {
  if (text.length > LONGEST_NUMBER || !NUMBER.test(text)) return null;
  return Number(text.replace(',', '.'));
}

/** A length or speed: `null` when none was sent or it says unknown (negative), `undefined` when it cannot be read. */
function readMeasure(raw: unknown, unit: RegExp): number | null | undefined {
  if (isMissing(raw)) return null;
  const value = single(raw);
  const number = typeof value === 'string' ? numberIn(plainText(value).replace(unit, '')) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return number < 0 ? null : number;
}

export function readAccuracyMetres(raw: unknown): number | null | undefined {
  const metres = readMeasure(raw, METRES);
  return metres === null || metres === undefined ? metres : Math.min(metres, WORST_ACCURACY_METRES);
}

export function readSpeedKmh(raw: unknown): number | null | undefined {
  const kmh = readMeasure(raw, KMH);
  return kmh === null || kmh === undefined || kmh <= FASTEST_KMH ? kmh : undefined;
}
