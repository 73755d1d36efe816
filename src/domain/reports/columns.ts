/**
 * Every column a report may have: what kind of value it holds, how wide it is on paper, and what it says of a trip.
 * Lengths are metres, money cents, dates `YYYY-MM-DD`, times `HH:MM`; how those look is for whoever writes the file.
 */

import { localDate, localTime } from '../calendar.ts';
import type { Place, Stop, Trip } from '../trips.ts';
import { isoOf, minutesOf } from '../units.ts';
import { changesText } from './change-words.ts';
import { placeText, privateDetourMetres, privateMetres, type Entry } from './entries.ts';
import { marksOf, rateText, routeText } from './texts.ts';
import type { ReportLanguage } from './words.ts';

export type Cell = string | number | boolean | null;
export type ColumnKind = 'text' | 'date' | 'time' | 'distance' | 'number' | 'coordinate' | 'money' | 'flag';

interface Column {
  readonly kind: ColumnKind;
  /** Points on paper, before the columns of a page are fitted into it. */
  readonly width: number;
  readonly of: (entry: Entry, language: ReportLanguage) => Cell;
}

type Of = Column['of'];

const text = (width: number, of: Of): Column => ({ kind: 'text', width, of });
const distance = (of: (trip: Trip) => number | null, width = 42): Column => ({
  kind: 'distance',
  width,
  of: ({ trip }) => of(trip),
});
const share = (of: (entry: Entry) => number | null, width = 42): Column => ({ kind: 'distance', width, of });
const flag = (of: (trip: Trip) => boolean): Column => ({ kind: 'flag', width: 24, of: ({ trip }) => of(trip) });
const time = (of: (trip: Trip) => number): Column => ({
  kind: 'time',
  width: 30,
  of: ({ trip }) => localTime(of(trip), trip.timeZone),
});
const field = (of: (trip: Trip) => string | null, width = 60): Column => text(width, ({ trip }) => of(trip));
const coordinate = (of: (trip: Trip) => number | null): Column => ({
  kind: 'coordinate',
  width: 40,
  of: ({ trip }) => of(trip),
});
const name = (of: (trip: Trip) => Place | null): Column =>
  text(60, ({ trip, names }) => names.get(of(trip)?.locationId ?? '') ?? null);
const place = (of: (trip: Trip) => Place | null): Column => text(84, ({ trip, names }) => placeText(of(trip), names));

/** In no order; layouts choose. */
export const COLUMNS = {
  id: field(({ id }) => id),
  date: { kind: 'date', width: 56, of: ({ date }) => date },
  start_time: time(({ startedAt }) => startedAt),
  end_time: time(({ endedAt }) => endedAt),
  started_at: field(({ startedAt }) => isoOf(startedAt)),
  ended_at: field(({ endedAt }) => isoOf(endedAt)),
  ended_at_estimated: flag(({ endedAtEstimated }) => endedAtEstimated),
  time_zone: field(({ timeZone }) => timeZone),
  duration_min: { kind: 'number', width: 27, of: ({ trip }) => minutesOf(trip.endedAt - trip.startedAt) },
  car_id: field(({ carId }) => carId),
  car: text(50, ({ car }) => car?.name ?? null),
  plate: text(42, ({ car }) => car?.licensePlate ?? null),
  from: place(({ from }) => from),
  to: place(({ to }) => to),
  from_location: name(({ from }) => from),
  from_address: field(({ from }) => from?.address ?? null),
  from_lat: coordinate(({ from }) => from?.lat ?? null),
  from_lng: coordinate(({ from }) => from?.lng ?? null),
  to_location: name(({ to }) => to),
  to_address: field(({ to }) => to?.address ?? null),
  to_lat: coordinate(({ to }) => to?.lat ?? null),
  to_lng: coordinate(({ to }) => to?.lng ?? null),
  stops: text(
    60,
    ({ trip, names }) => trip.stops.map((stop) => stopText(stop, trip.timeZone, names)).join('\n') || null,
  ),
  distance: distance(({ distanceMetres }) => distanceMetres),
  distance_source: field(({ distanceSource }) => distanceSource),
  start_odometer: distance(({ startOdometerMetres }) => startOdometerMetres, 55),
  end_odometer: distance(({ endOdometerMetres }) => endOdometerMetres, 55),
  start_odometer_estimated: flag(({ startOdometerEstimated }) => startOdometerEstimated),
  odometer_pending: flag(({ odometerPending }) => odometerPending),
  gps_distance: distance(({ gpsDistanceMetres }) => gpsDistanceMetres),
  route_distance: distance(({ routeDistanceMetres }) => routeDistanceMetres),
  trip_type: field(({ type }) => type),
  type: text(48, typeText),
  business: share(({ businessMetres }) => businessMetres),
  private: share(privateMetres),
  private_detour: share(privateDetourMetres, 55),
  commute: flag(({ commute }) => commute),
  classified_by: field(({ classifiedBy }) => classifiedBy),
  needs_review: flag(({ needsReview }) => needsReview),
  review_reasons: field(({ reviewReasons }) => reviewReasons.join(' ') || null),
  purpose: field(({ purpose }) => purpose, 66),
  business_partner: field(({ businessPartner }) => businessPartner, 52),
  route_note: field(({ routeNote }) => routeNote),
  route: text(58, ({ trip }, language) => routeText(trip, language)),
  detour: distance(({ detourMetres }) => detourMetres),
  notes: field(({ notes }) => notes, 64),
  receipts: field(({ notes }) => notes, 110),
  rate: text(60, ({ paid }, language) => rateText(paid, language)),
  amount: { kind: 'money', width: 38, of: ({ paid }) => paid?.amountCents ?? null },
  currency: text(34, ({ paid }) => (paid === null || paid.amountCents === null ? null : (paid.rate?.currency ?? null))),
  recorded: { kind: 'date', width: 56, of: ({ trip }) => localDate(trip.createdAt, trip.timeZone) },
  changes: text(112, ({ changes, trip, names }, language) => changesText(changes, trip, names, language)),
  marks: text(68, ({ trip, date }, language) => marksOf(trip, date, language)),
  opened_by: field(({ openedBy }) => openedBy),
  closed_by: field(({ closedBy }) => closedBy),
  reconstructed: flag(({ reconstructed }) => reconstructed),
  locked: flag(({ locked }) => locked),
  created_at: field(({ createdAt }) => isoOf(createdAt)),
  updated_at: field(({ updatedAt }) => isoOf(updatedAt)),
} as const satisfies Readonly<Record<string, Column>>;

export type ColumnKey = keyof typeof COLUMNS;

export function columnOf(key: ColumnKey): Column {
  return COLUMNS[key];
}

function stopText(stop: Stop, timeZone: string, names: ReadonlyMap<string, string>): string {
  const span = `${localTime(stop.arrivedAt, timeZone)}–${localTime(stop.leftAt, timeZone)}`;
  return `${span} ${placeText(stop, names) ?? ''}`.trim();
}

/** A private trip to work is called nothing else where it counts as business. */
function typeText({ trip, businessMetres }: Entry, { words }: ReportLanguage): string {
  const isOther = trip.type === 'P' && businessMetres > 0;
  return [isOther ? null : words.types[trip.type], trip.commute ? words.commute : null]
    .filter((word) => word !== null)
    .join(', ');
}

/** The name of a column on the wire, with its unit: what programs look for. */
export function wireName(key: ColumnKey, unit: 'km' | 'mi'): string {
  if (key === 'plate') return 'license_plate';
  return columnOf(key).kind === 'distance' ? `${key}_${unit}` : key;
}
