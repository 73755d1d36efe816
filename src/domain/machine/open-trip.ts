/** The open trip: how it begins, grows, and shows that it is alive. */

import { carOf, isNamed, type CarChoice } from '../cars.ts';
import type { CarReading, Fix, PhoneEvent, Ping } from '../events.ts';
import { distanceMetres } from '../geo.ts';
import { LIMITS } from '../settings.ts';
import { NO_CAR_MEMORY, type Odometer } from '../odometer.ts';
import { extend, isBelievable, measure, NO_TRACK } from '../track.ts';
import { go, output, reply, stay, type Context, type Turn } from './turn.ts';
import type { Closed, Machine, MachineMemory, OpenTrip } from './state.ts';

/** An event's id without its prefix names the trip it opens. */
export function tripIdOf(eventId: string): string {
  return `trip_${eventId.replace(/^[a-z]+_/, '')}`;
}

export function eventIdOf(tripId: string): string {
  return tripId.replace(/^trip_/, 'evt_');
}

export function openTrip(event: PhoneEvent, memory: MachineMemory, context: Context): OpenTrip {
  const car = carOf(event.car, context.cars);
  return {
    id: tripIdOf(event.id),
    openedBy: 'phone',
    timeZone: event.timeZone,
    startedAt: event.at,
    startFix: event.fix,
    lastStartAt: event.at,
    car,
    sign: { at: event.at, receivedAt: event.receivedAt, fix: event.fix, totals: NO_TRACK },
    heard: false,
    totals: NO_TRACK,
    lastFix: null,
    stops: [],
    knownOdometer: lastKnownOdometer(memory, car.carId),
    startOdometer: null,
    lastSeen: null,
    moved: false,
    still: null,
  };
}

/** Somebody drove on after the end: the car itself opens the trip. */
export function openByCar(reading: CarReading, startedAt: number, car: CarChoice, start: Odometer | null): OpenTrip {
  return {
    id: tripIdOf(reading.id),
    openedBy: 'car',
    timeZone: reading.timeZone,
    startedAt,
    startFix: null,
    lastStartAt: startedAt,
    car,
    sign: { at: reading.at, receivedAt: reading.receivedAt, fix: null, totals: NO_TRACK },
    heard: false,
    totals: NO_TRACK,
    lastFix: null,
    stops: [],
    knownOdometer: start,
    startOdometer: start && { ...start, estimated: true },
    lastSeen: { at: reading.at, odometerMetres: reading.odometerMetres, state: reading.state },
    moved: true,
    still: null,
  };
}

/** The car's last value, if nothing was driven in the book since. */
export function lastKnownOdometer(memory: MachineMemory, carId: string | null): Odometer | null {
  if (carId === null) return null;
  const { odometer } = memory.cars[carId] ?? NO_CAR_MEMORY;
  const byHand = memory.byHand?.[carId];
  const lastTrip = memory.closed.find(({ booked }) => booked?.carId === carId && booked.id !== byHand?.tripId);
  const drivenUntil = Math.max(lastTrip?.at ?? -Infinity, byHand?.at ?? -Infinity);
  const known = [odometer, byHand?.odometer ?? null].reduce(
    (a, b) => (a && b ? (b.at > a.at ? b : a) : (a ?? b)),
    null,
  );
  return known && known.at >= drivenUntil ? known : null;
}

/** Takes over a car that a later event says more surely. */
export function adoptCar(trip: OpenTrip, event: PhoneEvent, memory: MachineMemory, context: Context): OpenTrip {
  const said = carOf(event.car, context.cars);
  if (!isNamed(said) || isNamed(trip.car) || said.carId === trip.car.carId) return trip;
  return withCar(trip, said, lastKnownOdometer(memory, said.carId));
}

/** The trip with another car: what its car said so far was about the one before, and a value read since the start is none to start from. */
export function withCar(trip: OpenTrip, car: CarChoice, known: Odometer | null): OpenTrip {
  const knownOdometer = known && known.at <= trip.startedAt ? known : null;
  return { ...trip, car, knownOdometer, startOdometer: null, lastSeen: null, moved: false, still: null };
}

export interface Heard {
  readonly at: number;
  readonly receivedAt: number;
}

/** Alive, here. */
export function withSign(trip: OpenTrip, heard: Heard, fix: Fix | null): OpenTrip {
  const receivedAt = Math.max(heard.receivedAt, trip.sign.receivedAt);
  return { ...trip, sign: { at: heard.at, receivedAt, fix: fix ?? trip.sign.fix, totals: trip.totals }, still: null };
}

/** A ping is a sign of life when it is away from where the last sign was, and can be. */
export function isSignOfLife(trip: OpenTrip, fix: Fix): boolean {
  const before = trip.sign.fix;
  if (before === null) return true;
  const metres = distanceMetres(before, fix);
  return metres > Math.max(LIMITS.signOfLifeMetres, fix.accuracyMetres ?? 0) && isBelievable(before, fix, metres);
}

/** The trip with one more fix. */
export function follow(trip: OpenTrip, ping: Ping): OpenTrip {
  const { fix } = ping;
  const longer = {
    ...trip,
    totals: extend(trip.totals, fix),
    lastFix: fix,
    startFix: trip.startFix ?? (ping.own && fix.at === trip.startedAt ? fix : null),
    heard: trip.heard || !ping.own,
  };
  if (ping.own && trip.sign.at === fix.at) {
    return { ...longer, sign: { ...trip.sign, fix: trip.sign.fix ?? fix, totals: longer.totals } };
  }
  return isSignOfLife(trip, fix) ? withSign(longer, ping, fix) : longer;
}

/** How long the trip may be silent. A phone that sends nothing while it drives gets the benefit of the doubt. */
export function staleAfterMs(trip: OpenTrip, context: Context): number {
  const { staleAfterMs: usual, silentStaleAfterMs } = context.settings;
  return trip.heard || pollableCars(trip, context).length > 0 ? usual : silentStaleAfterMs;
}

/** The cars that can be asked about this trip: its own, or any while it has none. */
export function pollableCars(trip: OpenTrip, context: Context): readonly string[] {
  const { carId, by } = trip.car;
  if (by === 'foreign') return [];
  return context.cars
    .filter((car) => car.pollIntervalMs !== null && (carId === null || carId === car.id))
    .map(({ id }) => id);
}

/** Where the trip really began: the first fix the others do not contradict. */
export function startPlace(trip: OpenTrip): Fix | null {
  const { first } = measure(trip.totals);
  return first && first.at - trip.startedAt <= LIMITS.thinGapMs ? first : trip.startFix;
}

/** Opens a closed trip again under its own id, the pause kept as a stop. */
export function resume(machine: Machine, closed: Closed, event: PhoneEvent): Turn {
  const { trip } = closed;
  const place = closed.fix ?? event.fix;
  const stop = {
    arrivedAt: closed.at,
    leftAt: event.at,
    lat: place?.lat ?? null,
    lng: place?.lng ?? null,
    address: null,
    locationId: null,
  };
  const again = withSign({ ...trip, lastStartAt: event.at, stops: [...trip.stops, stop] }, event, event.fix);
  const turn = go(forget(machine, trip.id), { phase: 'driving', trip: again }, reply('resumed', trip.id));
  return output(turn, { output: 'reopen', tripId: trip.id });
}

/** A stale trip that goes on after all. */
export function revive(machine: Machine, trip: OpenTrip): Turn {
  return output(go(forget(machine, trip.id), { phase: 'driving', trip }), { output: 'reopen', tripId: trip.id });
}

function forget(machine: Machine, tripId: string): Machine {
  const closed = machine.memory.closed.filter(({ trip }) => trip.id !== tripId);
  return { ...machine, memory: { ...machine.memory, closed } };
}

export function stayWith(machine: Machine, trip: OpenTrip): Turn {
  return machine.now.phase === 'idle' ? stay(machine) : stay({ ...machine, now: { ...machine.now, trip } });
}
