/**
 * The files we know: what their headers are, and what follows from them. Whatever a file of a kind does not settle for
 * all of its kind is left out, and asked for.
 */

import type { TripType } from '../trips.ts';
import type { DistanceUnit } from '../units.ts';
import type { Column, DateFormat, Decimal, Delimiter, Format } from './columns.ts';

/** Headers by which a column is known, in lower case, without marks, units and underscores; the first that is there. */
export type Names = { readonly [C in Column]?: readonly string[] };

export interface KnownFile {
  readonly format: Format;
  /** Headers that only such a file has together. Empty: never recognised by itself. */
  readonly mark: readonly string[];
  readonly names: Names;
  readonly distanceUnit: DistanceUnit | null;
  readonly decimal: Decimal | null | ((delimiter: Delimiter) => Decimal);
  readonly dateFormat: DateFormat | null;
  readonly timeZone: string | null;
  readonly types: Readonly<Record<string, TripType>>;
  /** What the first cell of the row behind the last trip says. */
  readonly ends: RegExp | null;
  /** Text that looks like a formula is written behind an apostrophe. */
  readonly isGuarded: boolean;
}

/** What people call a class, in lower case. */
const TYPES: Readonly<Record<string, TripType>> = {
  b: 'B',
  business: 'B',
  zakelijk: 'B',
  work: 'B',
  werk: 'B',
  p: 'P',
  private: 'P',
  personal: 'P',
  privé: 'P',
  prive: 'P',
  m: 'M',
  mixed: 'M',
  gemengd: 'M',
};

const ISO: DateFormat = { order: 'ymd', hasShortYear: false };

/** As people head such columns, in English and Dutch. */
const USUAL: Names = {
  started_at: ['started at', 'start date', 'start datetime', 'start date time', 'departure', 'vertrek', 'begindatum'],
  date: ['date', 'trip date', 'day', 'datum', 'ritdatum'],
  start_time: ['start time', 'time started', 'departure time', 'starttijd', 'begintijd', 'vertrektijd'],
  ended_at: ['ended at', 'end date', 'end datetime', 'end date time', 'arrival', 'aankomst', 'einddatum'],
  end_time: ['end time', 'time ended', 'stop time', 'arrival time', 'eindtijd', 'aankomsttijd'],
  duration_min: ['duration', 'duration min', 'duration minutes', 'minutes', 'duur', 'reistijd'],
  time_zone: ['time zone', 'timezone', 'tijdzone'],
  car: ['car', 'vehicle', 'vehicle name', 'license plate', 'registration', 'auto', 'voertuig', 'kenteken'],
  from_address: ['from', 'from address', 'start', 'start address', 'start location', 'origin', 'van', 'vertrekadres'],
  from_lat: ['from lat', 'from latitude', 'start lat', 'start latitude'],
  from_lng: ['from lng', 'from lon', 'from longitude', 'start lng', 'start lon', 'start longitude'],
  to_address: [
    'to',
    'to address',
    'stop',
    'end',
    'end address',
    'end location',
    'stop address',
    'destination',
    'naar',
    'aankomstadres',
    'bestemming',
  ],
  to_lat: ['to lat', 'to latitude', 'end lat', 'end latitude'],
  to_lng: ['to lng', 'to lon', 'to longitude', 'end lng', 'end lon', 'end longitude'],
  distance: ['distance', 'total distance', 'trip distance', 'miles', 'kilometers', 'kilometres', 'km', 'afstand'],
  start_odometer: ['start odometer', 'odometer start', 'odometer begin', 'beginstand', 'km stand begin', 'begin km'],
  end_odometer: ['end odometer', 'odometer end', 'odometer stop', 'eindstand', 'km stand eind', 'eind km'],
  trip_type: ['trip type', 'type', 'category', 'classification', 'class', 'soort', 'soort rit', 'categorie'],
  business_distance: ['business distance', 'business', 'zakelijk'],
  private_distance: ['private distance', 'personal distance', 'private', 'personal', 'privé', 'prive'],
  commute: ['commute', 'woon werk'],
  purpose: ['purpose', 'business purpose', 'reason', 'doel', 'reden'],
  business_partner: ['business partner', 'customer', 'client', 'klant', 'relatie'],
  route_note: ['route note', 'route'],
  detour: ['detour', 'omrijkilometers'],
  notes: ['notes', 'note', 'comment', 'comments', 'description', 'opmerking', 'opmerkingen', 'notities'],
};

const UNKNOWN: KnownFile = {
  format: 'generic',
  mark: [],
  names: USUAL,
  distanceUnit: null,
  decimal: null,
  dateFormat: null,
  timeZone: null,
  types: TYPES,
  ends: null,
  isGuarded: false,
};

/** The report `plain`, as a CSV: a column per field of a trip. */
const OWN: KnownFile = {
  ...UNKNOWN,
  format: 'own',
  mark: ['started at', 'ended at', 'time zone', 'distance', 'trip type', 'classified by'],
  names: {
    id: ['id'],
    started_at: ['started at'],
    ended_at: ['ended at'],
    time_zone: ['time zone'],
    car: ['car', 'license plate', 'car id'],
    from_address: ['from address'],
    from_lat: ['from lat'],
    from_lng: ['from lng'],
    to_address: ['to address'],
    to_lat: ['to lat'],
    to_lng: ['to lng'],
    distance: ['distance'],
    start_odometer: ['start odometer'],
    end_odometer: ['end odometer'],
    trip_type: ['trip type'],
    business_distance: ['business'],
    private_distance: ['private'],
    commute: ['commute'],
    purpose: ['purpose'],
    business_partner: ['business partner'],
    route_note: ['route note'],
    detour: ['detour'],
    notes: ['notes'],
  },
  decimal: (delimiter) => (delimiter === ';' ? ',' : '.'),
  dateFormat: ISO,
  ends: /^(totals?|totaal)$/i,
  isGuarded: true,
};

/** Summaries above, totals and remarks below; the dates are those of its user's country. */
const MILEIQ: KnownFile = {
  ...UNKNOWN,
  format: 'mileiq',
  mark: ['start date', 'end date', 'category', 'start', 'stop'],
  names: {
    started_at: ['start date'],
    ended_at: ['end date'],
    trip_type: ['category'],
    from_address: ['start'],
    to_address: ['stop'],
    distance: ['miles', 'kilometers', 'kilometres', 'distance'],
    car: ['vehicle'],
    purpose: ['purpose'],
    notes: ['notes'],
  },
  ends: /^totals?$/i,
};

const DRIVERSNOTE: KnownFile = { ...UNKNOWN, format: 'driversnote', ends: /^totals?$/i };

/** Lengths in its tables are kilometres, whatever its pages show. */
const TESLAMATE: KnownFile = {
  ...UNKNOWN,
  format: 'teslamate',
  mark: [],
  names: {
    started_at: ['start date ts', 'start date', 'start time', 'date'],
    ended_at: ['end date ts', 'end date', 'end time'],
    duration_min: ['duration min', 'duration'],
    from_address: ['start address'],
    from_lat: ['start latitude', 'start lat'],
    from_lng: ['start longitude', 'start lng'],
    to_address: ['end address', 'destination'],
    to_lat: ['end latitude', 'end lat'],
    to_lng: ['end longitude', 'end lng'],
    start_odometer: ['start', 'start odometer'],
    end_odometer: ['end', 'end odometer'],
    distance: ['distance'],
    car: ['car', 'car name'],
  },
  decimal: '.',
};

/** The table itself, as `psql` writes it: times in UTC. */
const TESLAMATE_TABLE: KnownFile = {
  ...TESLAMATE,
  mark: ['start date', 'end date', 'start km', 'end km', 'duration min'],
  distanceUnit: 'km',
  dateFormat: ISO,
  timeZone: 'UTC',
};

/** The page “Drives”, and the one for the Dutch tax office, with the names of the query or of the columns. */
const TESLAMATE_PAGES: readonly KnownFile[] = [
  ['start date ts', 'end date ts', 'start address', 'end address'],
  ['start time', 'start odometer', 'start address', 'end time', 'end odometer', 'end address'],
].map((mark) => ({ ...TESLAMATE, mark }));

/** In the order they are tried. */
export const KNOWN_FILES: readonly KnownFile[] = [
  OWN,
  MILEIQ,
  TESLAMATE_TABLE,
  ...TESLAMATE_PAGES,
  DRIVERSNOTE,
  UNKNOWN,
];
