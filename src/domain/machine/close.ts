/** Closing a trip. The one place where an open trip becomes a record, whatever closed it. */

import type { CarReading, Fix } from '../events.ts';
import { distanceMetres } from '../geo.ts';
import { NO_CAR_MEMORY, type Odometer } from '../odometer.ts';
import { LIMITS } from '../settings.ts';
import { extend, type Totals } from '../track.ts';
import type { ClosedBy, ReviewReason } from '../trips.ts';
import { recordOf } from './record.ts';
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
