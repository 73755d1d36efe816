/**
 * Two-way forms of stored values: how a value looks in an export, and how it is read back from one nobody vouches for.
 * A document keeps the order of its fields both ways. Reading throws `Misfit`, which names the field.
 */

import { instantOf, isoOf, kmOf, metresOf } from '../../../domain/units.ts';
import { ID } from '../values.ts';

export interface Form<T> {
  toWire(value: T): unknown;
  /** `field` is where it stands, for whoever has to find it. */
  fromWire(wire: unknown, field: string): T;
}

/** The message names the field and what is expected there, never the value. */
export class Misfit extends Error {
  override readonly name = 'Misfit';

  constructor(field: string, expected: string) {
    super(field === '' ? `must be ${expected}` : `${field} must be ${expected}`);
  }
}

/** A value that looks the same inside and out. */
function same<T>(isOne: (wire: unknown) => wire is T, expected: string): Form<T> {
  return {
    toWire: (value) => value,
    fromWire: (wire, field) => {
      if (isOne(wire)) return wire;
      throw new Misfit(field, expected);
    },
  };
}

export const text = same((wire): wire is string => typeof wire === 'string' && wire.isWellFormed(), 'text');
export const flag = same((wire): wire is boolean => typeof wire === 'boolean', 'true or false');
export const number = same((wire): wire is number => typeof wire === 'number' && Number.isFinite(wire), 'a number');
export const id = same(
  (wire): wire is string => typeof wire === 'string' && ID.test(wire),
  'an id: 1 … 100 letters, digits, - or _',
);
export const always: Form<true> = same((wire): wire is true => wire === true, 'true');

/** Left as it is, for a second look. */
export const anything: Form<unknown> = { toWire: (value) => value, fromWire: (wire) => wire };

export function within(least: number, most: number): Form<number> {
  const isOne = (wire: unknown): wire is number => typeof wire === 'number' && wire >= least && wire <= most;
  return same(isOne, `a number, ${least} … ${most}`);
}

export function textLike<T extends string = string>(isOne: (wire: string) => boolean, expected: string): Form<T> {
  return same((wire): wire is T => typeof wire === 'string' && isOne(wire), expected);
}

export function oneOf<const T extends readonly string[]>(...values: T): Form<T[number]> {
  return same((wire): wire is T[number] => values.some((value) => value === wire), `one of ${values.join(', ')}`);
}

const LAST_ISO_MS = 253_402_300_799_999;

/** Epoch milliseconds, ISO 8601 outside; what ISO 8601 cannot say exactly stays a number. */
export const instant: Form<number> = {
  toWire: (at) => (Number.isInteger(at) && at >= 0 && at <= LAST_ISO_MS ? isoOf(at) : at),
  fromWire: (wire, field) => {
    const at = typeof wire === 'string' ? instantOf(wire) : wire;
    if (typeof at === 'number' && Math.abs(at) <= LAST_ISO_MS) return at;
    throw new Misfit(field, 'an instant, like 2026-03-02T07:45:00.000Z');
  },
};

const MOST_METRES = 10_000_000_000;

/** Whole metres, kilometres outside. */
export const km: Form<number> = {
  toWire: kmOf,
  fromWire: (wire, field) => {
    const metres = typeof wire === 'number' ? metresOf(wire, 'km') : NaN;
    if (Math.abs(metres) <= MOST_METRES) return metres;
    throw new Misfit(field, 'a number of kilometres');
  },
};

export function nullable<T>(form: Form<T>): Form<T | null> {
  const known: Form<T | null> = {
    toWire: (value) => (value === null ? null : form.toWire(value)),
    fromWire: (wire, field) => (wire === null ? null : form.fromWire(wire, field)),
  };
  if (isLength(form)) LENGTHS.add(known);
  return known;
}

/** Forms whose fields change their name with their unit. */
const LENGTHS = new WeakSet<object>([km]);

function isLength(form: object): boolean {
  return LENGTHS.has(form);
}

export function list<T>(form: Form<T>): Form<readonly T[]> {
  return {
    toWire: (values) => values.map((value) => form.toWire(value)),
    fromWire: (wire, field) => {
      if (!Array.isArray(wire)) throw new Misfit(field, 'a list');
      return wire.map((one, i) => form.fromWire(one, `${field}[${i}]`));
    },
  };
}

/** A dictionary; its keys are ids and stay as they are. */
export function byId<T>(form: Form<T>): Form<Readonly<Record<string, T>>> {
  return {
    toWire: (values) => Object.fromEntries(Object.entries(values).map(([key, one]) => [key, form.toWire(one)])),
    fromWire: (wire, field) => {
      const entries = Object.entries(objectIn(wire, field));
      for (const [key] of entries) if (key === '__proto__') throw new Misfit(field, 'a dictionary by id');
      return Object.fromEntries(entries.map(([key, one]) => [key, form.fromWire(one, `${field}.${key}`)]));
    },
  };
}

const OPTIONAL = new WeakSet<object>();

/** A field that may be left out. */
export function optional<T>(form: Form<T>): Form<T | undefined> {
  const known: Form<T | undefined> = {
    toWire: (value) => (value === undefined ? undefined : form.toWire(value)),
    fromWire: (wire, field) => form.fromWire(wire, field),
  };
  OPTIONAL.add(known);
  return known;
}

const BEFORE = new WeakMap<object, unknown>();

/** A field that exports of before it existed do not have, and what it is in those. */
export function later<T>(form: Form<T>, before: T): Form<T> {
  const known: Form<T> = { ...form };
  BEFORE.set(known, before);
  return known;
}

/** Every field of a document: one that is forgotten does not compile. `names` are those that do not follow from it. */
export type Fields<T> = { readonly [K in keyof T]-?: Form<T[K]> };
export type Names<T> = { readonly [K in keyof T]?: string };

export function object<T extends object>(fields: Fields<T>, names: Names<T> = {}): Form<T> {
  const forms = new Map(Object.entries<Form<unknown>>(fields as Record<string, Form<unknown>>));
  const given = names as Readonly<Record<string, string | undefined>>;
  const wireNames = new Map([...forms].map(([key, form]) => [key, given[key] ?? wireName(key, isLength(form))]));
  const keys = new Map([...wireNames].map(([key, wire]) => [wire, key]));
  const required = [...forms].filter(([, form]) => !OPTIONAL.has(form) && !BEFORE.has(form)).map(([key]) => key);
  const before = new Map(
    [...forms].filter(([, form]) => BEFORE.has(form)).map(([key, form]) => [key, BEFORE.get(form)]),
  );
  return {
    toWire: (value) => {
      const known = Object.entries(value).filter(([key]) => forms.has(key));
      return Object.fromEntries(known.map(([key, one]) => [wireNames.get(key), forms.get(key)?.toWire(one)]));
    },
    fromWire: (wire, field) => {
      const value: Record<string, unknown> = Object.fromEntries(before);
      for (const [name, one] of Object.entries(objectIn(wire, field))) {
        const key = keys.get(name);
        if (key === undefined) throw new Misfit(inside(field, name), 'left out: no such field is known');
        value[key] = forms.get(key)?.fromWire(one, inside(field, name));
      }
      const missing = required.find((key) => !Object.hasOwn(value, key));
      if (missing !== undefined) throw new Misfit(inside(field, wireNames.get(missing) ?? ''), 'there');
      // Every field was read with the form of its own type, and none is missing.
      return value as T;
    },
  };
}

/** One of several shapes, told apart by the value of one field. */
export function either<T extends object, K extends keyof T & string>(
  by: K,
  forms: { readonly [V in T[K] & string]: Form<Extract<T, Record<K, V>>> },
): Form<T> {
  const known = new Map(Object.entries<unknown>(forms)) as ReadonlyMap<unknown, Form<T>>;
  const formOf = (name: unknown, field: string): Form<T> => {
    const form = known.get(name);
    if (form === undefined) throw new Misfit(inside(field, by), `one of ${[...known.keys()].join(', ')}`);
    return form;
  };
  return {
    toWire: (value) => formOf(value[by], '').toWire(value),
    fromWire: (wire, field) =>
      formOf((objectIn(wire, field) as Record<string, unknown>)[by], field).fromWire(wire, field),
  };
}

export function objectIn(wire: unknown, field: string): object {
  if (typeof wire === 'object' && wire !== null && !Array.isArray(wire)) return wire;
  throw new Misfit(field, 'an object');
}

function inside(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

/** `startedAt` → `started_at`, and a length in kilometres `distanceMetres` → `distance_km`. */
function wireName(key: string, isKm: boolean): string {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return isKm ? name.replace(/_metres$/, '_km') : name;
}
