/** One row of a file as a trip that somebody writes down, or every reason why it is none. */

import { newTrip, type NewTrip, type NewTripContext } from '../new-trips.ts';
import { Problem, type FieldError } from '../problem.ts';
import { LONGEST } from '../texts.ts';
import { AGREEMENT_METRES, type PlaceEdit } from '../trip-edits.ts';
import type { Trip, TripType } from '../trips.ts';
import { Cells, type Length } from './cells.ts';
import type { Column, FileRow } from './columns.ts';
import { keyOf, type Reading } from './evidence.ts';
import { spanIn } from './spans.ts';

/** What a row says. Its errors name columns as the mapping calls them. */
export interface ReadRow {
  readonly row: number;
  readonly wish: NewTrip | null;
  readonly errors: readonly FieldError[];
  /** The id the trip had where it comes from. */
  readonly id: string | null;
}

export function readRow(row: FileRow, reading: Reading): ReadRow {
  const cells = new Cells(row, reading);
  const timeZone = cells.timeZone();
  const span = spanIn(cells, timeZone);
  const lengths = lengthsIn(cells);
  const distanceMetres = distanceIn(cells, lengths);
  const wish = {
    ...carIn(cells),
    timeZone,
    from: placeIn(cells, 'from'),
    to: placeIn(cells, 'to'),
    distanceMetres,
    ...odometersIn(lengths),
    ...classIn(cells, lengths, distanceMetres),
    ...wordsIn(cells),
  };
  const id = cells.text('id', LONGEST.line) ?? null;
  const { errors } = cells;
  return { row: row.row, wish: span !== null && errors.length === 0 ? { ...wish, ...span } : null, errors, id };
}

interface Lengths {
  readonly distance: Length | null;
  readonly start: Length | null;
  readonly end: Length | null;
  readonly business: Length | null;
  readonly rest: Length | null;
  readonly detour: Length | null;
  readonly areRead: boolean;
}

const MOST_TRIP_KM = 100_000;
const MOST_KM = 10_000_000;

function lengthsIn(cells: Cells): Lengths {
  const before = cells.errors.length;
  const read = {
    distance: cells.length('distance', MOST_TRIP_KM),
    start: cells.length('start_odometer', MOST_KM),
    end: cells.length('end_odometer', MOST_KM),
    business: cells.length('business_distance', MOST_TRIP_KM),
    rest: cells.length('private_distance', MOST_TRIP_KM),
    detour: cells.length('detour', MOST_TRIP_KM),
  };
  return { ...read, areRead: cells.errors.length === before };
}

/** Where odometers are written less exactly than the distance, they count: the next trip begins where this one ended. */
function distanceIn(cells: Cells, { distance, start, end, business, rest, areRead }: Lengths): number | undefined {
  const parts = business || rest ? (business?.metres ?? 0) + (rest?.metres ?? 0) : undefined;
  const given = distance?.metres ?? parts;
  if (start === null || end === null) {
    if (given === undefined && areRead) cells.refuse('distance', 'required, or start_odometer and end_odometer');
    return given;
  }
  const driven = end.metres - start.metres;
  if (given === undefined || driven < 0) return given;
  const apart = Math.abs(given - driven);
  const isRounded = apart > AGREEMENT_METRES && apart <= Math.max(start.stepMetres, end.stepMetres);
  return isRounded ? driven : given;
}

function odometersIn({ start, end, detour }: Lengths): Partial<NewTrip> {
  return {
    ...(start && { startOdometerMetres: start.metres }),
    ...(end && { endOdometerMetres: end.metres }),
    ...(detour && { detourMetres: detour.metres }),
  };
}

/** Said, or by how the distance is divided; otherwise it is for the rules to say. */
function classIn(
  cells: Cells,
  { business, rest }: Lengths,
  distance: number | undefined,
): Pick<NewTrip, 'type' | 'businessMetres'> {
  const said = cells.reading.types.get(keyOf(cells.plain('trip_type'))) ?? null;
  const type = said ?? typeOfParts(business?.metres ?? 0, rest?.metres ?? 0);
  if (type === null) return {};
  if (type !== 'M' || (business === null && rest === null) || distance === undefined) return { type };
  const businessMetres = business?.metres ?? distance - (rest?.metres ?? 0);
  return { type, businessMetres: Math.min(distance, Math.max(0, businessMetres)) };
}

function typeOfParts(business: number, rest: number): TripType | null {
  if (business === 0 && rest === 0) return null;
  if (business > 0 && rest > 0) return 'M';
  return business > 0 ? 'B' : 'P';
}

function placeIn(cells: Cells, end: 'from' | 'to'): PlaceEdit | undefined {
  const address = cells.text(`${end}_address`, LONGEST.line);
  const [lat, lng] = [cells.degrees(`${end}_lat`, 90), cells.degrees(`${end}_lng`, 180)];
  const hasPosition = lat !== null && lng !== null;
  if (!hasPosition && address === undefined) return undefined;
  return { ...(hasPosition && { lat, lng }), ...(address !== undefined && { address }) };
}

function carIn(cells: Cells): Pick<NewTrip, 'carId'> {
  const cell = cells.plain('car');
  const { cars, carId } = cells.reading;
  return { carId: cell === '' ? carId : cars.get(keyOf(cell)) };
}

function wordsIn(cells: Cells): Pick<NewTrip, 'commute' | 'purpose' | 'businessPartner' | 'routeNote' | 'notes'> {
  return {
    commute: cells.flag('commute'),
    purpose: cells.text('purpose', LONGEST.line),
    businessPartner: cells.text('business_partner', LONGEST.line),
    routeNote: cells.text('route_note', LONGEST.line),
    notes: cells.text('notes', LONGEST.notes),
  };
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
