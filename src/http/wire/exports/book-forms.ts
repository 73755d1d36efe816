/** The logbook in an export: trips, tracks, places, cars, readings, and what changed. */

import { decodePoints, chunkOf, MOST_POINTS, type Chunk } from '../../../domain/points.ts';
import { DISCARD_REASONS, type Discard } from '../../../domain/activity.ts';
import { isDate, isTimeZone } from '../../../domain/calendar.ts';
import type { Car } from '../../../domain/cars.ts';
import type { Conditions, EndCondition, Rule, RuleInOrder } from '../../../domain/classification.ts';
import type { Connection } from '../../../domain/connections.ts';
import type { Fix } from '../../../domain/events.ts';
import type { Position } from '../../../domain/geo.ts';
import { LOCATION_KINDS, type Location } from '../../../domain/locations.ts';
import type { OdometerReading } from '../../../domain/odometer-readings.ts';
import { isWeekday, WEEKDAYS, type Settings, type WorkingHours } from '../../../domain/settings.ts';
import { WINDOW_MS, windowOf } from '../../../domain/track.ts';
import { DISTANCE_SOURCES, REVIEW_REASONS, type Place, type Stop, type Trip } from '../../../domain/trips.ts';
import {
  byId,
  flag,
  id,
  instant,
  km,
  list,
  Misfit,
  nullable,
  number,
  object,
  objectIn,
  oneOf,
  optional,
  text,
  textLike,
  within,
  type Form,
} from './forms.ts';

export const lat = within(-90, 90);
export const lng = within(-180, 180);
export const timeZone = textLike(isTimeZone, 'an IANA time zone');
const date = textLike(isDate, 'a date YYYY-MM-DD');
const metres = { radiusMetres: 'radius_m', accuracyMetres: 'accuracy_m' };
const TYPES = ['B', 'P', 'M'] as const;

export const position = object<Position>({ lat, lng });

export const fix = object<Fix>(
  { lat, lng, at: instant, accuracyMetres: nullable(number), speedKmh: nullable(number) },
  { accuracyMetres: metres.accuracyMetres },
);

const placeFields = {
  lat: nullable(lat),
  lng: nullable(lng),
  address: nullable(text),
  locationId: nullable(id),
};
const place = object<Place>(placeFields);
export const stop = object<Stop>({ ...placeFields, arrivedAt: instant, leftAt: instant });
export const openedBy = oneOf('phone', 'car', 'movement', 'user');
export const closedBy = oneOf('phone', 'car', 'next_start', 'stale', 'stop', 'finalize', 'movement', 'user');
export const reviewReason = oneOf(...REVIEW_REASONS);

const anyTrip = object<Trip>(
  {
    id,
    carId: nullable(id),
    startedAt: instant,
    endedAt: instant,
    endedAtEstimated: flag,
    timeZone,
    from: nullable(place),
    to: nullable(place),
    stops: list(stop),
    distanceMetres: km,
    distanceSource: oneOf(...DISTANCE_SOURCES),
    startOdometerMetres: nullable(km),
    endOdometerMetres: nullable(km),
    startOdometerEstimated: flag,
    odometerPending: flag,
    gpsDistanceMetres: nullable(km),
    routeDistanceMetres: nullable(km),
    type: oneOf(...TYPES),
    businessMetres: km,
    commute: flag,
    classifiedBy: text,
    needsReview: flag,
    reviewReasons: list(reviewReason),
    purpose: nullable(text),
    businessPartner: nullable(text),
    routeNote: nullable(text),
    detourMetres: nullable(km),
    notes: nullable(text),
    openedBy,
    closedBy,
    reconstructed: flag,
    locked: flag,
    setByUser: list(text),
    createdAt: instant,
    updatedAt: instant,
    tracks: optional(list(id)),
    device: optional(text),
  },
  { type: 'trip_type' },
);

/** What a trip must be beyond its fields: totals are made of it. */
export const trip: Form<Trip> = {
  toWire: anyTrip.toWire,
  fromWire: (wire, field) => {
    const read = anyTrip.fromWire(wire, field);
    const { startedAt, endedAt, distanceMetres, businessMetres, type } = read;
    if (endedAt < startedAt) throw new Misfit('ended_at', 'not before started_at');
    if (startedAt < 0) throw new Misfit('started_at', 'an instant after 1970');
    if (distanceMetres < 0) throw new Misfit('distance_km', 'at least 0');
    const isWhole = type === 'M' || businessMetres === (type === 'B' ? distanceMetres : 0);
    if (businessMetres < 0 || businessMetres > distanceMetres || !isWhole) {
      throw new Misfit('business_km', 'a part of distance_km that fits trip_type');
    }
    return read;
  },
};

export const location = object<Location>(
  {
    id,
    name: text,
    kind: oneOf(...LOCATION_KINDS),
    lat,
    lng,
    radiusMetres: within(1, 100_000),
    createdAt: instant,
    updatedAt: instant,
  },
  { radiusMetres: metres.radiusMetres },
);

const oneLocation = object<{ readonly locationId: string }>({ locationId: id });
/** A kind of location by its name, or one location by its id. */
const end: Form<EndCondition> = {
  toWire: (one) => (typeof one === 'string' ? one : oneLocation.toWire(one)),
  fromWire: (wire, field) =>
    typeof wire === 'string' ? oneOf(...LOCATION_KINDS).fromWire(wire, field) : oneLocation.fromWire(wire, field),
};

const ruleFields = {
  id,
  name: nullable(text),
  when: object<Conditions>({
    ends: optional(list(end)),
    weekdays: optional(list(oneOf(...WEEKDAYS))),
    workingHours: optional(flag),
    carId: optional(id),
    device: optional(text),
    leastMetres: optional(km),
    mostMetres: optional(km),
  }),
  type: oneOf(...TYPES),
  businessShare: nullable(within(0, 1)),
  purpose: nullable(text),
};
export const rule = object<Rule>(ruleFields, { type: 'trip_type' });
export const ruleInOrder = object<RuleInOrder>({ ...ruleFields, position: within(0, 1_000) }, { type: 'trip_type' });

/** Of a connection only which it is: what opens it is in no export, and one that needs it has to be made anew. */
const connectionParts = object<Omit<Connection, 'secretId' | 'provider'> & { readonly provider: string }>({
  provider: id,
  vehicleId: nullable(text),
  connectedAt: instant,
});
const connection: Form<Connection | null> = {
  toWire: (known) => known && connectionParts.toWire(known),
  fromWire: (wire, field) => {
    const known = nullable(connectionParts).fromWire(wire, field);
    return known?.provider === 'push' ? { ...known, provider: 'push', secretId: null } : null;
  },
};

const MOST_DEVICES = 50;
const deviceName = textLike((wire) => wire.length > 0 && wire.length <= 64, 'a name of 1 … 64 characters');
const deviceNames: Form<readonly string[]> = {
  ...list(deviceName),
  fromWire: (wire, field) => {
    const names = list(deviceName).fromWire(wire, field);
    if (names.length > MOST_DEVICES) throw new Misfit(field, `at most ${MOST_DEVICES} names`);
    return names;
  },
};

export const car = object<Car>({
  id,
  name: text,
  licensePlate: nullable(text),
  vin: nullable(text),
  make: nullable(text),
  model: nullable(text),
  availableFrom: nullable(date),
  availableTo: nullable(date),
  companyCar: flag,
  deviceNames,
  ignored: flag,
  odometerUnit: oneOf('km', 'mi'),
  startOdometerMetres: nullable(km),
  connection,
  archivedAt: nullable(instant),
  createdAt: instant,
  updatedAt: instant,
});

export const odometerReading = object<OdometerReading>({
  id,
  carId: id,
  odometerMetres: km,
  at: instant,
  source: text,
  suspicious: flag,
  note: nullable(text),
  createdAt: instant,
});

const clock = textLike((wire) => /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(wire), 'a time HH:MM');
const hours: Form<readonly [string, string]> = {
  toWire: (span) => span,
  fromWire: (wire, field) => {
    const [from, to, ...more] = list(clock).fromWire(wire, field);
    if (from === undefined || to === undefined || more.length > 0) throw new Misfit(field, '[from, to]');
    return [from, to];
  },
};
const workingHours: Form<WorkingHours> = {
  toWire: (week) => week,
  fromWire: (wire, field) => {
    const week = byId(hours).fromWire(wire, field);
    if (!Object.keys(week).every((day) => isWeekday(day))) throw new Misfit(field, 'hours by day, mon … sun');
    return week;
  },
};

const span = within(0, 366 * 86_400_000);

export const settings = object<Settings>({
  timeZone,
  language: oneOf('en', 'nl'),
  distanceUnit: oneOf('km', 'mi'),
  defaultTripType: oneOf(...TYPES),
  defaultCarId: nullable(id),
  mixedBusinessShare: within(0, 1),
  workingHours,
  duplicateWindowMs: span,
  resumeWindowMs: span,
  staleAfterMs: span,
  silentStaleAfterMs: span,
  parkedDwellMs: span,
  carWaitMs: span,
  stopMaxMs: span,
  movementDetection: flag,
  alarms: flag,
  trackRetentionDays: nullable(within(1, 100_000)),
});

/** A chunk as the points it holds; read back, it is made of them anew. */
export const chunk: Form<Chunk> = {
  toWire: (stored) => ({ window: instant.toWire(stored.window), points: decodePoints(stored).map(fix.toWire) }),
  fromWire: (wire, field) => {
    const { window, points } = objectIn(wire, field) as Readonly<Record<string, unknown>>;
    const at = instant.fromWire(window, `${field}.window`);
    const fixes = list(fix).fromWire(points, `${field}.points`);
    const made = chunkOf(fixes);
    const fits = made !== null && fixes.length <= MOST_POINTS && at >= 0 && at % WINDOW_MS === 0;
    if (!fits) throw new Misfit(`${field}.points`, `1 … ${MOST_POINTS} points of one window`);
    if (fixes.some((one) => windowOf(one.at) !== at)) throw new Misfit(`${field}.points`, 'of the window');
    return made;
  },
};

export const discard = object<Discard>({
  tripId: id,
  reason: oneOf(...DISCARD_REASONS),
  startedAt: instant,
  endedAt: instant,
  carId: nullable(id),
});
