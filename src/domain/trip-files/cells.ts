/** The cells of one row as values, column by column. What cannot be one is noted, as the mapping calls the column. */

import { zoneName } from '../calendar.ts';
import type { FieldError } from '../problem.ts';
import { isWritable, WRITABLE } from '../texts.ts';
import { degreesOf, metresOf } from '../units.ts';
import { nameOfDateFormat, type Column, type FileRow } from './columns.ts';
import { keyOf, type Reading } from './evidence.ts';
import { lastedMs, momentIn, type Said } from './moments.ts';
import { numberIn, unitOf } from './numbers.ts';

export interface Length {
  readonly metres: number;
  /** Of the last digit written. */
  readonly stepMetres: number;
}

const FLAGS: Readonly<Record<string, boolean | undefined>> = {
  true: true,
  yes: true,
  ja: true,
  '1': true,
  x: true,
  false: false,
  no: false,
  nee: false,
  '0': false,
};

export class Cells {
  readonly #row: FileRow;
  readonly reading: Reading;
  readonly errors: FieldError[] = [];

  constructor(row: FileRow, reading: Reading) {
    this.#row = row;
    this.reading = reading;
  }

  refuse(column: Column, expected: string): void {
    this.errors.push({ field: column, message: expected });
  }

  /** Trimmed; `''`: there is nothing. */
  plain(column: Column): string {
    const place = this.reading.layout.places.get(column);
    return (place && this.#row.cells[place.at]?.trim()) ?? '';
  }

  /** `undefined`: nothing is there, or nothing that can be taken. */
  text(column: Column, longest: number): string | undefined {
    const plain = this.plain(column);
    const cell = this.reading.layout.file.isGuarded ? plain.replace(/^'(?=[=+\-@\t\r])/, '') : plain;
    if (cell.length > longest) this.refuse(column, `text of at most ${longest} characters`);
    else if (!isWritable(cell)) this.refuse(column, WRITABLE);
    else if (cell !== '') return cell;
    return undefined;
  }

  flag(column: Column): boolean | undefined {
    const cell = keyOf(this.plain(column));
    if (cell === '') return undefined;
    const flag = FLAGS[cell];
    if (flag === undefined) this.refuse(column, 'yes or no');
    return flag;
  }

  timeZone(): string {
    const cell = this.plain('time_zone');
    if (cell === '') return this.reading.timeZone;
    const name = /^[A-Za-z]/.test(cell) ? zoneName(cell) : null;
    if (name === null) this.refuse('time_zone', 'an IANA time zone, like Europe/Amsterdam');
    return name ?? this.reading.timeZone;
  }

  moment(column: Column): Said | null {
    const cell = this.plain(column);
    if (cell === '') return null;
    const said = momentIn(cell, this.reading.dateFormat);
    if (said === null) this.refuse(column, this.#expectedMoment(column));
    return said;
  }

  #expectedMoment(column: Column): string {
    if (column === 'start_time' || column === 'end_time') return 'a time of day, like 08:45 or 8:45 AM';
    return `a date ${nameOfDateFormat(this.reading.dateFormat)}, also with a time of day, or an instant with offset`;
  }

  durationMs(): number | null {
    const cell = this.plain('duration_min');
    if (cell === '') return null;
    const minutes = numberIn(cell, this.reading.decimal);
    if (minutes !== null && minutes.unit === '' && minutes.value >= 0) return Math.round(minutes.value * 60_000);
    const lasted = lastedMs(cell);
    if (lasted === null) this.refuse('duration_min', 'a number of minutes, or hours and minutes like 1:20');
    return lasted;
  }

  length(column: Column, mostKm: number): Length | null {
    const cell = this.plain(column);
    if (cell === '') return null;
    const { decimal, distanceUnit, layout } = this.reading;
    const number = numberIn(cell, decimal);
    const headed = layout.places.get(column)?.unit ?? distanceUnit;
    const unit = number && (number.unit === '' ? headed : unitOf(number.unit));
    const metres = number && unit ? metresOf(number.value, unit) : NaN;
    if (number && unit && metres >= 0 && metres <= mostKm * 1_000) {
      return { metres, stepMetres: metresOf(10 ** -number.decimals, unit) };
    }
    this.refuse(column, `a length of 0 … ${mostKm} km, with “${decimal}” as its decimal sign`);
    return null;
  }

  degrees(column: Column, most: number): number | null {
    const cell = this.plain(column);
    if (cell === '') return null;
    const number = numberIn(cell, this.reading.decimal);
    if (number && number.unit === '' && Math.abs(number.value) <= most) return degreesOf(number.value);
    this.refuse(column, `a number of degrees, -${most} … ${most}`);
    return null;
  }
}
