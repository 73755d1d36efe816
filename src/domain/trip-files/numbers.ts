/** Numbers as files write them: which sign is the decimal one is proven by the rows, never by where they come from. */

import type { DistanceUnit } from '../units.ts';
import type { Decimal } from './columns.ts';

/** Digits with their separators, and perhaps a unit behind them. */
const NUMBER = /^([+-]?)([\d.,]+) ?([a-z]*)$/i;

interface Written {
  readonly sign: string;
  readonly digits: string;
  readonly unit: string;
}

function written(cell: string): Written | null {
  // Thousands are set off with spaces and apostrophes too.
  const compact = cell.trim().replaceAll(/(?<=\d)['’\u00a0\u202f ](?=\d{3})/g, '');
  const [, sign = '', digits, unit = ''] = NUMBER.exec(compact.replaceAll(/[\u00a0\u202f]/g, ' ')) ?? [];
  return digits === undefined ? null : { sign, digits, unit };
}

/** What a cell says about the decimal sign: `null` nothing, `'either'` that it could be read both ways. */
export function decimalIn(cell: string): Decimal | 'either' | null {
  const digits = written(cell)?.digits;
  const signs = digits?.match(/[.,]/g) ?? [];
  const [first, last] = [signs[0], signs.at(-1)];
  if (digits === undefined || first === undefined || last === undefined) return null;
  if (first !== last) return last as Decimal;
  if (signs.length > 1) return first === '.' ? ',' : '.';
  const [whole = '', fraction = ''] = digits.split(first);
  const mayBeThousands = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  return mayBeThousands ? 'either' : (first as Decimal);
}

export interface ReadNumber {
  readonly value: number;
  /** How many digits stand behind the decimal sign. */
  readonly decimals: number;
  /** As written behind the number; empty: none. */
  readonly unit: string;
}

/** `null`: no number, with that decimal sign. */
export function numberIn(cell: string, decimal: Decimal): ReadNumber | null {
  const found = written(cell);
  if (found === null) return null;
  const [whole = '', fraction = '', ...more] = found.digits.split(decimal);
  const groups = whole.split(decimal === '.' ? ',' : '.');
  const isGrouped = groups.length === 1 || groups.every((group, i) => (i === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(group));
  if (more.length > 0 || !isGrouped || !/^\d*$/.test(fraction) || !/\d/.test(whole + fraction)) return null;
  const value = Number(`${found.sign}${groups.join('') || '0'}.${fraction || '0'}`);
  return Number.isFinite(value) ? { value, decimals: fraction.length, unit: found.unit.toLowerCase() } : null;
}

const UNITS: Readonly<Record<string, DistanceUnit>> = {
  km: 'km',
  kms: 'km',
  kilometer: 'km',
  kilometers: 'km',
  kilometre: 'km',
  kilometres: 'km',
  mi: 'mi',
  mile: 'mi',
  miles: 'mi',
  mijl: 'mi',
  m: 'm',
  meter: 'm',
  meters: 'm',
  metre: 'm',
  metres: 'm',
};

/** The unit a word names. */
export function unitOf(word: string): DistanceUnit | null {
  return UNITS[word.toLowerCase()] ?? null;
}
