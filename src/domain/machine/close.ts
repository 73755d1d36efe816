/** Closing a trip. The one place where an open trip becomes a record, whatever closed it. */

import type { Discard } from '../activity.ts';
import { classify } from '../classification.ts';
import { judgeDrive } from '../distance.ts';
import type { CarReading, Fix } from '../events.ts';
import { distanceMetres, type Position } from '../geo.ts';
import { locationAt } from '../locations.ts';
import { NO_CAR_MEMORY, startOdometer, type Driven, type Odometer } from '../odometer.ts';
import { LIMITS } from '../settings.ts';
import { extend, measure, type Measure, type Totals } from '../track.ts';
import type { ClosedBy, Place, ReviewReason, Trip } from '../trips.ts';
import { pollableCars, startPlace } from './open-trip.ts';
import type { Closed, Machine, MachineMemory, OpenTrip, Pause, Phase } from './state.ts';
import { go, output, type Context, type Output, type Turn } from './turn.ts';

export interface Closing {
  readonly closedBy: ClosedBy;
  /** The trip's end. */
  readonly at: number;
  readonly estimated?: boolean;
  readonly fix: Fix | null;
  /** When what closed it happened; `at` when left out. */
  readonly closingAt?: number;
  /** The track up to the end; all of it when left out. */
  readonly totals?: Totals;
  readonly endOdometer?: Odometer | null;
  /** A reading is awaited no longer (or never was). */
  readonly final?: boolean;
  readonly reasons?: readonly ReviewReason[];
}

/** Closes the trip; the machine goes to `next` (idle when left out). */
export function close(
  machine: Machine,
  trip: OpenTrip,
  closing: Closing,
  context: Context,
  next: Phase = { phase: 'idle' },
): Turn {
  return file(machine, closedOf(machine.memory, trip, closing, context), context, next);
}

/** Writes a closed trip down: in the book or, if it was none, in the feed. One the rules forget over it waits no longer. */
export function file(machine: Machine, closed: Closed, context: Context, next: Phase = machine.now): Turn {
  const cars = machine.memory.cars;
  const carId = closed.booked?.carId ?? null;
  const { endOdometer } = closed;
  const known = carId === null ? NO_CAR_MEMORY : (cars[carId] ?? NO_CAR_MEMORY);
  const odometer = endOdometer && endOdometer.at >= (known.odometer?.at ?? -Infinity) ? endOdometer : known.odometer;
  const all = [closed, ...machine.memory.closed.filter(({ trip }) => trip.id !== closed.trip.id)];
  const kept = keepLast(all);
  const memory = {
    ...machine.memory,
    closed: kept,
    cars: carId === null ? cars : { ...cars, [carId]: { ...known, odometer } },
  };
  const given = all
    .filter((one) => one.booked?.odometerPending && !kept.includes(one))
    .map((one) => closedOf(memory, one.trip, { ...one, final: true }, context));
  return output(go({ ...machine, memory }, next), ...[closed, ...given].flatMap(writtenDown));
}

function writtenDown({ booked, discard }: Closed): readonly Output[] {
  if (booked) return [{ output: 'book', trip: booked }];
  return discard ? [{ output: 'discard', discard }] : [];
}

/** The last trip of all and the last of each car, newest first. */
function keepLast(closed: readonly Closed[]): readonly Closed[] {
  const newest = closed.toSorted((a, b) => b.at - a.at || b.trip.startedAt - a.trip.startedAt);
  return newest.filter(
    (one, i) => i === 0 || newest.findIndex((other) => carOfClosed(other) === carOfClosed(one)) === i,
  );
}

export function carOfClosed(closed: Closed): string | null {
  return closed.booked ? closed.booked.carId : closed.trip.car.carId;
}

/** The same trip with another end, or measured again. */
export function closedOf(memory: MachineMemory, trip: OpenTrip, closing: Closing, context: Context): Closed {
  const totals = closing.totals ?? trip.totals;
  const base = {
    trip,
    at: closing.at,
    estimated: closing.estimated ?? false,
    fix: closing.fix,
    closedBy: closing.closedBy,
    closingAt: closing.closingAt ?? closing.at,
    totals,
    endOdometer: closing.endOdometer ?? null,
    waitUntil: closing.at + carWaitMs(trip, context),
    reasons: closing.reasons ?? [],
    final: closing.final ?? false,
  };
  return { ...base, ...recordOf(memory, base, context) };
}

/** How long a car may take to answer after an end. */
export function carWaitMs(trip: OpenTrip, context: Context): number {
  const interval = Math.max(
    0,
    ...context.cars.filter(({ id }) => id === trip.car.carId).map((car) => car.pollIntervalMs ?? 0),
  );
  return Math.min(LIMITS.carWaitMaxMs, Math.max(context.settings.carWaitMs, 1.5 * interval));
}

/** What is still waited for: a car that can be asked, or one that reports by itself. */
export function isAwaited(
  memory: MachineMemory,
  closed: Pick<Closed, 'trip' | 'endOdometer' | 'final'>,
  context: Context,
): boolean {
  if (closed.final || closed.endOdometer) return false;
  const { carId } = closed.trip.car;
  if (pollableCars(closed.trip, context).length > 0) return true;
  return carId !== null && (memory.cars[carId]?.reports ?? false);
}

type Unrecorded = Omit<Closed, 'booked' | 'discard'>;

function recordOf(memory: MachineMemory, closed: Unrecorded, context: Context): Pick<Closed, 'booked' | 'discard'> {
  const { trip } = closed;
  const awaited = isAwaited(memory, closed, context);
  const car = carAtEnd(closed, context);
  const ends = endsOf(closed);
  const track = measure(closed.totals);
  const odometers = car.doubted ? NO_ODOMETERS : odometersOf(closed, context);
  const verdict = judgeDrive({
    from: ends.from,
    to: ends.to,
    track,
    thin: isThin(closed, track),
    followed: trip.heard,
    ...odometers,
    lastedMs: closed.closingAt - trip.startedAt,
    awaited,
  });
  const ignored = context.cars.some(({ id, ignored: isIgnored }) => id === car.carId && isIgnored);
  if (ignored) return { booked: null, discard: discardOf(closed, 'ignored_car') };
  if (!verdict.keep && closed.closedBy !== 'stale') return { booked: null, discard: discardOf(closed, verdict.reason) };
  const { distanceMetres: driven, source } = verdict.keep ? verdict : UNKNOWN_DISTANCE;
  const reasons: ReviewReason[] = [...closed.reasons];
  if (trip.openedBy === 'car') reasons.push('drove_on');
  if (source === 'unknown' && !awaited) reasons.push('unknown_distance');
  if (car.doubted || car.by === 'default') reasons.push('uncertain_car');
  const booked: Trip = {
    ...BLANK,
    id: trip.id,
    carId: car.carId,
    startedAt: trip.startedAt,
    endedAt: closed.at,
    endedAtEstimated: closed.estimated,
    timeZone: trip.timeZone,
    from: placeOf(ends.from, context),
    to: placeOf(ends.to, context),
    stops: trip.stops,
    distanceMetres: driven,
    distanceSource: source,
    ...odometers,
    odometerPending: awaited,
    gpsDistanceMetres: trip.heard && track.fixes > 1 ? track.metres : null,
    needsReview: reasons.length > 0,
    reviewReasons: reasons,
    openedBy: trip.openedBy,
    closedBy: closed.closedBy,
  };
  const device = trip.car.device;
  return { booked: classify(booked, { ...context, device }), discard: null };
}

export function discardOf(closed: Pick<Closed, 'trip' | 'at'>, reason: Discard['reason']): Discard {
  const { trip } = closed;
  return { tripId: trip.id, reason, startedAt: trip.startedAt, endedAt: closed.at, carId: trip.car.carId };
}

const BLANK = {
  routeDistanceMetres: null,
  type: 'B',
  businessMetres: 0,
  commute: false,
  classifiedBy: 'default',
  purpose: null,
  businessPartner: null,
  routeNote: null,
  detourMetres: null,
  notes: null,
  reconstructed: false,
  locked: false,
  setByUser: [],
  createdAt: 0,
  updatedAt: 0,
} as const;

/** Trip rule 6: the default car answers only here; a car whose odometer stood still was not the one. */
function carAtEnd(closed: Unrecorded, context: Context): { carId: string | null; by: string; doubted: boolean } {
  const { trip, endOdometer } = closed;
  const { carId, by } = trip.car;
  if (carId === null) {
    const fallback = by === 'none' && context.cars.some(({ id }) => id === context.settings.defaultCarId);
    return fallback
      ? { carId: context.settings.defaultCarId, by: 'default', doubted: false }
      : { carId: null, by, doubted: false };
  }
  const { metres } = measure(closed.totals);
  const start = trip.startOdometer ?? (trip.knownOdometer && { ...trip.knownOdometer, estimated: false });
  const stood =
    endOdometer !== null &&
    endOdometer.at >= closed.at &&
    start !== null &&
    !start.estimated &&
    metres > LIMITS.notTheCarMetres &&
    endOdometer.metres - start.metres < metres / 2;
  return stood ? { carId: null, by, doubted: true } : { carId, by, doubted: false };
}

const UNKNOWN_DISTANCE = { distanceMetres: 0, source: 'unknown' } as const;

const NO_ODOMETERS = { startOdometerMetres: null, endOdometerMetres: null, startOdometerEstimated: false };

function odometersOf(
  closed: Unrecorded,
  context: Context,
):
  | typeof NO_ODOMETERS
  | {
      startOdometerMetres: number | null;
      endOdometerMetres: number | null;
      startOdometerEstimated: boolean;
    } {
  const { trip, endOdometer } = closed;
  if (carAtEnd(closed, context).carId !== trip.car.carId) return NO_ODOMETERS;
  const start = trip.startOdometer ?? startFromEnd(closed) ?? null;
  return {
    startOdometerMetres: start?.metres ?? null,
    endOdometerMetres: endOdometer?.metres ?? null,
    startOdometerEstimated: start?.estimated ?? false,
  };
}

/** No reading came in the trip: only a last known value that the end agrees with can be its start. */
function startFromEnd(closed: Unrecorded): (Odometer & { readonly estimated: boolean }) | null {
  const { knownOdometer } = closed.trip;
  if (!knownOdometer) return null;
  if (!closed.endOdometer) return { ...knownOdometer, estimated: false };
  const start = startOdometer(knownOdometer, closed.endOdometer, drivenUntil(closed.trip, closed.totals, closed.at));
  return start.estimated ? null : start;
}

/** What was driven from the trip's start to an instant in or after it, as far as its track tells. */
export function drivenUntil(trip: OpenTrip, totals: Totals, at: number): Driven {
  const track = measure(totals);
  const thin = track.thin || isThinEdge(trip.startedAt, track.first?.at) || isThinEdge(track.last?.at, at);
  return { metres: track.metres, leastMetres: track.leastMetres, thin, elapsedMs: at - trip.startedAt };
}

function isThin(closed: Unrecorded, track: Measure): boolean {
  return track.thin || isThinEdge(closed.trip.startedAt, track.first?.at) || isThinEdge(track.last?.at, closed.at);
}

function isThinEdge(from: number | undefined, to: number | undefined): boolean {
  return from === undefined || to === undefined || to - from > LIMITS.thinGapMs;
}

function endsOf(closed: Unrecorded): { from: Position | null; to: Position | null } {
  return { from: startPlace(closed.trip), to: endPlace(closed) };
}

/** Where a closed trip ended: as said, else its last fix if that is not long before. */
export function endPlace(closed: Pick<Closed, 'fix' | 'totals' | 'at'>): Fix | null {
  const { last } = measure(closed.totals);
  return closed.fix ?? (last && closed.at - last.at <= LIMITS.thinGapMs ? last : null);
}

function placeOf(position: Position | null, context: Context): Place | null {
  if (position === null) return null;
  const location = locationAt(context.locations, position);
  return { lat: position.lat, lng: position.lng, address: null, locationId: location?.id ?? null };
}

/** Trip rule 13: finished as of the last sign of life. What comes next may still bring it back. */
export function closeStale(machine: Machine, trip: OpenTrip, closingAt: number, context: Context): Turn {
  const { at, fix, totals } = trip.sign;
  const closing: Closing = { closedBy: 'stale', at, fix, totals, closingAt, reasons: ['stale'] };
  return close(machine, trip, closing, context, { phase: 'stale', trip });
}

/** Trip rule 2(d): the end was lost; finished where the next start is, at the last sign plus the way there. */
export function closeLost(
  machine: Machine,
  trip: OpenTrip,
  startedAt: number,
  fix: Fix | null,
  context: Context,
): Turn {
  const { sign } = trip;
  const straight = sign.fix && fix ? distanceMetres(sign.fix, fix) : 0;
  const wayMs = ((straight * LIMITS.thinFactor) / LIMITS.lostEndKmh) * 3_600;
  const at = Math.min(startedAt, Math.round(sign.at + wayMs));
  const end = fix && { ...fix, at };
  const closing: Closing = {
    closedBy: 'next_start',
    at,
    estimated: true,
    fix: end ?? sign.fix,
    totals: end ? extend(sign.totals, end) : sign.totals,
    closingAt: startedAt,
    reasons: ['end_lost'],
  };
  return close(machine, trip, closing, context);
}

/** A paused trip is over as of its pause. */
export function closePaused(machine: Machine, trip: OpenTrip, pause: Pause, closingAt: number, context: Context): Turn {
  const { at, position, totals, odometer } = pause;
  const fix = position && { ...position, at, accuracyMetres: null, speedKmh: null };
  const closedBy = pause.locationId === null ? 'car' : 'stop';
  return close(machine, trip, { closedBy, at, fix, totals, closingAt, endOdometer: odometer }, context);
}

/** Closed as before, but for what is told otherwise. */
export function closeAgain(machine: Machine, closed: Closed, change: Partial<Closing>, context: Context): Turn {
  const { closedBy, at, estimated, fix, closingAt, totals, endOdometer, reasons, final } = closed;
  const closing = { closedBy, at, estimated, fix, closingAt, totals, endOdometer, reasons, final, ...change };
  return file(machine, closedOf(machine.memory, closed.trip, closing, context), context);
}

/** The end a reading gives: its value as an odometer, when it has one. */
export function odometerOf(reading: CarReading): Odometer | null {
  return reading.odometerMetres === null
    ? null
    : { metres: reading.odometerMetres, at: reading.at, resolutionMetres: reading.resolutionMetres };
}
