/**
 * What the rows of a file prove about how they are written, and what has to be asked: a unit, the order of a date or a
 * decimal sign that could be two things is never guessed.
 */

import { Problem, type FieldError } from '../problem.ts';
import type { TripType } from '../trips.ts';
import type { DistanceUnit } from '../units.ts';
import {
  LENGTHS,
  type Column,
  type DateFormat,
  type DateOrder,
  type Decimal,
  type FileRow,
  type Mapping,
} from './columns.ts';
import type { Layout } from './headers.ts';
import { decimalIn, numberIn } from './numbers.ts';
import { orderIn } from './moments.ts';

/** A car, as far as a file can name it. */
export interface NamedCar {
  readonly id: string;
  readonly name: string;
  readonly licensePlate: string | null;
}

/** How the file is read, once everything is settled. */
export interface Reading {
  readonly layout: Layout;
  readonly decimal: Decimal;
  readonly dateFormat: DateFormat;
  readonly timeZone: string;
  /** Of the columns that have none of their own; `null`: every length says its unit. */
  readonly distanceUnit: DistanceUnit | null;
  /** Of rows that name none. */
  readonly carId: string | null | undefined;
  /** By what the file calls them, in lower case. */
  readonly cars: ReadonlyMap<string, string | null>;
  readonly types: ReadonlyMap<string, TripType | null>;
}

const POSITIONS: readonly Column[] = ['from_lat', 'from_lng', 'to_lat', 'to_lng'];
const MOMENTS: readonly Column[] = ['started_at', 'date', 'ended_at'];
const MOST_WORDS = 20;
const NO_CLASS = ['-', 'unclassified', 'unknown', 'onbekend'];

/** Gathers from every row; settled when all were seen. */
export class Evidence {
  readonly #layout: Layout;
  readonly #orders = new Map<DateOrder, number>();
  readonly #decimals = new Map<Decimal, number>();
  #hasOpenOrder = false;
  #hasShortYear = false;
  #hasOpenDecimal = false;
  /** Headers of lengths without any unit. */
  readonly #bare = new Set<string>();
  readonly #cars = new Map<string, string>();
  readonly #types = new Map<string, string>();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  see({ row, cells }: FileRow): void {
    const cellsOf = (columns: readonly Column[]) =>
      columns.flatMap((column) => {
        const place = this.#layout.places.get(column);
        const cell = place && cells[place.at]?.trim();
        return place && cell ? [{ place, cell }] : [];
      });
    for (const { cell } of cellsOf(MOMENTS)) this.#seeDate(cell, row);
    for (const { cell } of cellsOf(POSITIONS)) this.#seeNumber(cell, row, true);
    for (const { cell } of cellsOf(LENGTHS)) this.#seeNumber(cell, row, false);
    for (const { cell, place } of cellsOf(LENGTHS)) {
      if (place.unit === null && numberIn(cell, '.')?.unit === '') this.#bare.add(place.header);
    }
    for (const { cell } of cellsOf(['car'])) this.#cars.set(keyOf(cell), cell);
    for (const { cell } of cellsOf(['trip_type'])) this.#types.set(keyOf(cell), cell);
  }

  #seeDate(cell: string, row: number): void {
    const order = orderIn(cell);
    if (order === 'either') this.#hasOpenOrder = true;
    else if (order === 'short') this.#hasShortYear = true;
    else if (order !== null && !this.#orders.has(order)) this.#orders.set(order, row);
  }

  /** There are no thousands of degrees. */
  #seeNumber(cell: string, row: number, isPosition: boolean): void {
    const said = decimalIn(cell);
    const decimal = said === 'either' && isPosition ? signIn(cell) : said;
    if (decimal === 'either') this.#hasOpenDecimal = true;
    else if (decimal !== null && !this.#decimals.has(decimal)) this.#decimals.set(decimal, row);
  }

  /** Throws `Problem('unprocessable')` with a line for each thing to be said in the mapping. */
  settle(mapping: Mapping, timeZone: string, cars: readonly NamedCar[]): Reading {
    const asked: FieldError[] = [];
    const ask = (field: string, message: string) => void asked.push({ field: `mapping.${field}`, message });
    const { file } = this.#layout;
    const reading: Reading = {
      layout: this.#layout,
      decimal: this.#decimal(mapping, ask),
      dateFormat: this.#dateFormat(mapping, ask),
      timeZone: mapping.timeZone ?? file.timeZone ?? timeZone,
      distanceUnit: this.#distanceUnit(mapping, ask),
      carId: mapping.carId,
      cars: this.#carsBy(mapping, cars, ask),
      types: this.#typesBy(mapping, ask),
    };
    if (asked.length > 0) throw new Problem('unprocessable', 'The file can be read in more than one way.', asked);
    return reading;
  }

  #decimal({ decimal }: Mapping, ask: Ask): Decimal {
    const { file, delimiter } = this.#layout;
    const known = decimal ?? (typeof file.decimal === 'function' ? file.decimal(delimiter) : file.decimal);
    if (known !== null) return known;
    const [first, second] = this.#decimals;
    if (first && second) {
      ask('decimal', `“.” or “,”: row ${first[1]} has one, row ${second[1]} the other`);
    } else if (!first && this.#hasOpenDecimal) {
      ask('decimal', '“.” or “,”: is 1.234 one and a bit, or more than a thousand? The rows do not say');
    }
    return first?.[0] ?? '.';
  }

  #dateFormat({ dateFormat }: Mapping, ask: Ask): DateFormat {
    const known = dateFormat ?? this.#layout.file.dateFormat;
    if (known !== null) return known;
    const dated = [...this.#orders].filter(([order]) => order !== 'ymd');
    const [first, second] = dated;
    if (first && second) {
      const where = `row ${first[1]} can only be ${NAMES[first[0]]}, row ${second[1]} only ${NAMES[second[0]]}`;
      ask('date_format', `${EXAMPLES}: ${where}`);
    } else if (this.#hasShortYear) {
      ask('date_format', 'YY-MM-DD, DD-MM-YY or MM-DD-YY: years of two digits do not say which they are');
    } else if (!first && this.#hasOpenOrder) {
      ask('date_format', `${EXAMPLES}: no row has a day above 12, so day and month could change places`);
    }
    return { order: first?.[0] ?? 'ymd', hasShortYear: false };
  }

  /** A file whose headers say one unit is written in that one. */
  #distanceUnit({ distanceUnit }: Mapping, ask: Ask): DistanceUnit | null {
    const headed = LENGTHS.flatMap((column) => this.#layout.places.get(column) ?? []).filter(
      ({ unit }) => unit !== null,
    );
    const units = new Set(headed.map(({ unit }) => unit));
    const [only = null] = units.size === 1 ? units : [];
    const other = headed.find(({ unit }) => unit !== distanceUnit);
    if (distanceUnit !== null && other && this.#bare.size === 0) {
      ask('distance_unit', `left out: the header “${other.header}” says ${other.unit}`);
    }
    const known = distanceUnit ?? this.#layout.file.distanceUnit ?? only;
    if (known === null && this.#bare.size > 0) {
      ask('distance_unit', `km, mi or m: neither the file nor ${quoted([...this.#bare])} says which`);
    }
    return known;
  }

  #carsBy(mapping: Mapping, cars: readonly NamedCar[], ask: Ask): ReadonlyMap<string, string | null> {
    const said = new Map(Object.entries(mapping.cars).map(([name, id]) => [keyOf(name), id]));
    const wrong = [...said].filter(([, id]) => id !== null && !cars.some((car) => car.id === id));
    for (const [name] of wrong) ask(`cars.${name}`, 'the id of one of your cars, or null');
    if (typeof mapping.carId === 'string' && !cars.some(({ id }) => id === mapping.carId)) {
      ask('car_id', 'the id of one of your cars, or null');
    }
    const unknown: string[] = [];
    for (const [key, cell] of this.#cars) {
      if (said.has(key)) continue;
      const car = carNamed(cell, cars);
      if (car === null) unknown.push(cell);
      else said.set(key, car.id);
    }
    if (unknown.length > 0) ask('cars', `which of your cars are these, by id, or null for none: ${quoted(unknown)}`);
    return said;
  }

  #typesBy(mapping: Mapping, ask: Ask): ReadonlyMap<string, TripType | null> {
    const types = new Map<string, TripType | null>(NO_CLASS.map((word) => [word, null]));
    for (const [word, type] of [...Object.entries(this.#layout.file.types), ...Object.entries(mapping.types)]) {
      types.set(keyOf(word), type);
    }
    const unknown = [...this.#types].filter(([key]) => !types.has(key)).map(([, cell]) => cell);
    if (unknown.length > 0) ask('types', `B, P, M or null (as the rules say) for each of ${quoted(unknown)}`);
    return types;
  }
}

function signIn(cell: string): Decimal {
  return cell.includes(',') ? ',' : '.';
}

type Ask = (field: string, message: string) => void;

const NAMES: { readonly [O in DateOrder]: string } = { ymd: 'YYYY-MM-DD', dmy: 'DD-MM-YYYY', mdy: 'MM-DD-YYYY' };
const EXAMPLES = 'DD-MM-YYYY or MM-DD-YYYY';

/** Case and outer space do not count. */
export function keyOf(cell: string): string {
  return cell.normalize('NFKC').trim().toLowerCase();
}

function quoted(words: readonly string[]): string {
  const shown = words.slice(0, MOST_WORDS).map((word) => `“${word.slice(0, 60)}”`);
  return shown.join(', ') + (words.length > MOST_WORDS ? ` and ${words.length - MOST_WORDS} more` : '');
}

/** By id, name or licence plate; two of one name are none. */
function carNamed(cell: string, cars: readonly NamedCar[]): NamedCar | null {
  const key = keyOf(cell);
  const byId = cars.find(({ id }) => id === cell);
  if (byId) return byId;
  const plate = plateOf(cell);
  const named = cars.filter(
    ({ name, licensePlate }) => keyOf(name) === key || (licensePlate !== null && plateOf(licensePlate) === plate),
  );
  return named.length === 1 ? (named[0] ?? null) : null;
}

/** Dashes and spaces are for the eye. */
function plateOf(text: string): string {
  return text.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
