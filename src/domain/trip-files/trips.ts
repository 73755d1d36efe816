/** One row of a file as a trip that somebody writes down, or every reason why it is none. */

import { localDate, zoneName } from '../calendar.ts';
import { newTrip, type NewTrip, type NewTripContext } from '../new-trips.ts';
import { Problem, type FieldError } from '../problem.ts';
import { isWritable, LONGEST, WRITABLE } from '../texts.ts';
import { AGREEMENT_METRES, type PlaceEdit } from '../trip-edits.ts';
import type { Trip, TripType } from '../trips.ts';
import { degreesOf, metresOf } from '../units.ts';
import { NUMBERS, nameOfDateFormat, type Column, type FileRow } from './columns.ts';
import { keyOf, type Reading } from './evidence.ts';
import { endOf, lastedMs, momentIn, startOf, type Said } from './moments.ts';
import { numberIn, unitOf } from './numbers.ts';

/** What a row says. Its errors name columns as the mapping calls them. */
export interface ReadRow {
  readonly row: number;
  readonly wish: NewTrip | null;
  readonly errors: readonly FieldError[];
  /** The id the trip had where it comes from. */
  readonly id: string | null;
}

const MOST_KM = { trip: 100_000, odometer: 10_000_000 } as const;
const FIRST_AT = 0;

export function readRow(fileRow: FileRow, reading: Reading): ReadRow {
  const row = new Row(fileRow, reading);
  const timeZone = row.timeZone();
  const start = row.start(timeZone);
  const end = start === null ? null : row.end(start, timeZone);
  const lengths = row.lengths();
  const wish = {
    ...row.car(),
    timeZone,
    from: row.place('from'),
    to: row.place('to'),
    ...lengths,
    ...row.type(lengths.distanceMetres),
    ...row.words(),
  };
  const { errors } = row;
  const isRead = start !== null && end !== null && errors.length === 0;
  return {
    row: fileRow.row,
    wish: isRead ? { ...wish, startedAt: start.at, endedAt: end } : null,
    errors,
    id: row.text('id', LONGEST.line) ?? null,
  };
}

interface Length {
  readonly metres: number;
  /** Of the last digit written. */
  readonly stepMetres: number;
}

interface Start {
  readonly at: number;
  readonly date: string;
}

class Row {
  readonly #row: FileRow;
  readonly #reading: Reading;
  readonly errors: FieldError[] = [];
  readonly #lengths = new Map<Column, Length | null>();

  constructor(row: FileRow, reading: Reading) {
    this.#row = row;
    this.#reading = reading;
  }

  /** Trimmed; `''`: there is nothing. */
  #cell(column: Column): string {
    const { places, file } = this.#reading.layout;
    const place = places.get(column);
    const cell = (place && this.#row.cells[place.at]?.trim()) ?? '';
    if (!file.isGuarded) return cell;
    return NUMBERS.includes(column) ? cell : cell.replace(/^'(?=[=+\-@\t\r])/, '');
  }

  #refuse(column: Column, expected: string): void {
    this.errors.push({ field: column, message: expected });
  }

  /** `undefined`: nothing is there, or nothing that can be taken. */
  text(column: Column, longest: number): string | undefined {
    const cell = this.#cell(column);
    if (cell.length > longest) this.#refuse(column, `text of at most ${longest} characters`);
    else if (!isWritable(cell)) this.#refuse(column, WRITABLE);
    else if (cell !== '') return cell;
    return undefined;
  }

  timeZone(): string {
    const cell = this.#cell('time_zone');
    if (cell === '') return this.#reading.timeZone;
    const name = /^[A-Za-z]/.test(cell) ? zoneName(cell) : null;
    if (name === null) this.#refuse('time_zone', 'an IANA time zone, like Europe/Amsterdam');
    return name ?? this.#reading.timeZone;
  }

  #moment(column: Column): Said | null {
    const cell = this.#cell(column);
    if (cell === '') return null;
    const said = momentIn(cell, this.#reading.dateFormat);
    if (said === null) this.#refuse(column, this.#expected(column));
    return said;
  }

  #expected(column: Column): string {
    if (column === 'start_time' || column === 'end_time') return 'a time of day, like 08:45 or 8:45 AM';
    return `a date ${nameOfDateFormat(this.#reading.dateFormat)}, also with a time of day, or an instant with offset`;
  }

  start(timeZone: string): Start | null {
    const before = this.errors.length;
    const [day, clock] = [this.#moment('started_at') ?? this.#moment('date'), this.#moment('start_time')];
    if (this.errors.length > before) return null;
    const at = this.#at(day, clock, timeZone);
    if (at === null) {
      const column = day === null && clock?.kind !== 'instant' ? 'started_at' : 'start_time';
      this.#refuse(column, column === 'start_time' ? 'required: when on that day the trip began' : 'required');
      return null;
    }
    if (at >= FIRST_AT) return { at, date: localDate(at, timeZone) };
    this.#refuse('started_at', 'a date from 1970 on');
    return null;
  }

  #at(day: Said | null, clock: Said | null, timeZone: string): number | null {
    if (day?.kind === 'instant') return day.at;
    if (clock?.kind === 'instant') return clock.at;
    const date = day?.date ?? clock?.date ?? null;
    const time = day?.time ?? clock?.time ?? null;
    return date === null || time === null ? null : startOf(date, time, timeZone);
  }

  end(start: Start, timeZone: string): number | null {
    const before = this.errors.length;
    const [day, clock] = [this.#moment('ended_at'), this.#moment('end_time')];
    const lasted = this.#duration();
    if (this.errors.length > before) return null;
    const instant = [day, clock].find((said) => said?.kind === 'instant');
    if (instant?.kind === 'instant') return instant.at;
    const [date, time] = [partOf(day, 'date') ?? partOf(clock, 'date'), partOf(day, 'time') ?? partOf(clock, 'time')];
    if (time !== null) return endOf(date, time, start.date, start.at, timeZone);
    if (lasted !== null) return start.at + lasted;
    this.#refuse('ended_at', 'required, or end_time or duration_min');
    return null;
  }

  #duration(): number | null {
    const cell = this.#cell('duration_min');
    if (cell === '') return null;
    const minutes = numberIn(cell, this.#reading.decimal);
    if (minutes !== null && minutes.unit === '' && minutes.value >= 0) return Math.round(minutes.value * 60_000);
    const lasted = lastedMs(cell);
    if (lasted === null) this.#refuse('duration_min', 'a number of minutes, or hours and minutes like 1:20');
    return lasted;
  }

  /** Read once, so that what is wrong is said once. */
  #length(column: Column, mostKm: number): Length | null {
    const known = this.#lengths.get(column);
    if (known !== undefined) return known;
    const length = this.#readLength(column, mostKm);
    this.#lengths.set(column, length);
    return length;
  }

  #readLength(column: Column, mostKm: number): Length | null {
    const cell = this.#cell(column);
    if (cell === '') return null;
    const { decimal, distanceUnit, layout } = this.#reading;
    const number = numberIn(cell, decimal);
    const unit =
      number && (number.unit === '' ? (layout.places.get(column)?.unit ?? distanceUnit) : unitOf(number.unit));
    const metres = number && unit ? metresOf(number.value, unit) : NaN;
    if (number && unit && metres >= 0 && metres <= mostKm * 1_000) {
      return { metres, stepMetres: metresOf(10 ** -number.decimals, unit) };
    }
    this.#refuse(column, `a length of 0 … ${mostKm} km, with “${decimal}” as its decimal sign`);
    return null;
  }

  /** Where odometers are written less exactly than the distance, they count: the next trip begins where this one ended. */
  lengths(): Pick<NewTrip, 'distanceMetres' | 'startOdometerMetres' | 'endOdometerMetres' | 'detourMetres'> {
    const before = this.errors.length;
    const distance = this.#length('distance', MOST_KM.trip);
    const [start, end] = [
      this.#length('start_odometer', MOST_KM.odometer),
      this.#length('end_odometer', MOST_KM.odometer),
    ];
    const detour = this.#length('detour', MOST_KM.trip);
    const parts = [this.#length('business_distance', MOST_KM.trip), this.#length('private_distance', MOST_KM.trip)];
    const given = distance?.metres ?? (parts.some((part) => part !== null) ? sumOf(parts) : undefined);
    const driven = start && end ? end.metres - start.metres : null;
    const step = Math.max(start?.stepMetres ?? 0, end?.stepMetres ?? 0);
    const isRounded =
      given !== undefined && driven !== null && driven >= 0 && isBetween(Math.abs(given - driven), step);
    if (given === undefined && driven === null && this.errors.length === before) {
      this.#refuse('distance', 'required, or start_odometer and end_odometer');
    }
    return {
      distanceMetres: isRounded ? driven : given,
      ...(start && { startOdometerMetres: start.metres }),
      ...(end && { endOdometerMetres: end.metres }),
      ...(detour && { detourMetres: detour.metres }),
    };
  }

  /** Said, or by how the distance is divided; otherwise it is for the rules to say. */
  type(distance: number | undefined): Pick<NewTrip, 'type' | 'businessMetres'> {
    const said = this.#reading.types.get(keyOf(this.#cell('trip_type'))) ?? null;
    const business = this.#length('business_distance', MOST_KM.trip)?.metres ?? null;
    const rest = this.#length('private_distance', MOST_KM.trip)?.metres ?? null;
    const isDivided = business !== null || rest !== null;
    const type = said ?? (isDivided ? typeOfParts(business ?? 0, rest ?? 0) : null);
    if (type === null) return {};
    if (type !== 'M' || !isDivided || distance === undefined) return { type };
    const businessMetres = business ?? distance - (rest ?? 0);
    return { type, businessMetres: Math.min(distance, Math.max(0, businessMetres)) };
  }

  place(end: 'from' | 'to'): PlaceEdit | undefined {
    const address = this.text(`${end}_address`, LONGEST.line);
    const [lat, lng] = [this.#degrees(`${end}_lat`, 90), this.#degrees(`${end}_lng`, 180)];
    const hasPosition = lat !== null && lng !== null;
    if (!hasPosition && address === undefined) return undefined;
    return { ...(hasPosition && { lat, lng }), ...(address !== undefined && { address }) };
  }

  #degrees(column: Column, most: number): number | null {
    const cell = this.#cell(column);
    if (cell === '') return null;
    const number = numberIn(cell, this.#reading.decimal);
    if (number && number.unit === '' && Math.abs(number.value) <= most) return degreesOf(number.value);
    this.#refuse(column, `a number of degrees, -${most} … ${most}`);
    return null;
  }

  car(): Pick<NewTrip, 'carId'> {
    const cell = this.#cell('car');
    const { cars, carId } = this.#reading;
    return { carId: cell === '' ? carId : cars.get(keyOf(cell)) };
  }

  words(): Pick<NewTrip, 'commute' | 'purpose' | 'businessPartner' | 'routeNote' | 'notes'> {
    return {
      commute: this.#flag('commute'),
      purpose: this.text('purpose', LONGEST.line),
      businessPartner: this.text('business_partner', LONGEST.line),
      routeNote: this.text('route_note', LONGEST.line),
      notes: this.text('notes', LONGEST.notes),
    };
  }

  #flag(column: Column): boolean | undefined {
    const cell = keyOf(this.#cell(column));
    if (cell === '') return undefined;
    const flag = FLAGS[cell];
    if (flag === undefined) this.#refuse(column, 'yes or no');
    return flag;
  }
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

function partOf(said: Said | null, part: 'date' | 'time'): string | null {
  return said?.kind === 'local' ? said[part] : null;
}

/** Further apart than any two measures may be, but not beyond what was not written. */
function isBetween(metres: number, stepMetres: number): boolean {
  return metres > AGREEMENT_METRES && metres <= stepMetres;
}

function sumOf(parts: readonly ({ readonly metres: number } | null)[]): number {
  return parts.reduce((sum, part) => sum + (part?.metres ?? 0), 0);
}

function typeOfParts(business: number, rest: number): TripType | null {
  if (business === 0 && rest === 0) return null;
  if (business > 0 && rest > 0) return 'M';
  return business > 0 ? 'B' : 'P';
}

const CLASS_FIELDS = ['trip_type', 'business_km', 'private_km'];

/** The trip a row becomes: its distance and class say where they came from. */
export function importedTrip(id: string, wish: NewTrip, context: NewTripContext): Trip | readonly FieldError[] {
  try {
    const trip = newTrip(id, wish, context);
    const setByUser = trip.setByUser.filter((field) => !CLASS_FIELDS.includes(field));
    return {
      ...trip,
      setByUser,
      distanceSource: trip.distanceSource === 'odometer' ? 'odometer' : 'imported',
      ...(wish.type !== undefined && { classifiedBy: 'import' }),
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.errors.map(({ field, message }) => ({ field: COLUMN_OF[field] ?? field, message }));
  }
}

/** What the mapping calls the fields of a trip. */
const COLUMN_OF: Readonly<Record<string, Column>> = {
  distance_km: 'distance',
  start_odometer_km: 'start_odometer',
  end_odometer_km: 'end_odometer',
  business_km: 'business_distance',
  private_km: 'private_distance',
  detour_km: 'detour',
  car_id: 'car',
};
