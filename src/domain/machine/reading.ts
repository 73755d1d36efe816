/** What a car's answer means in each phase (trip rules 6 to 10, 12, 14 and 15). */

import type { CarReading, Fix } from '../events.ts';
import { locationAt } from '../locations.ts';
import { agreesWithTrack, judge, NO_CAR_MEMORY, startOdometer, type CarSeen, type Odometer } from '../odometer.ts';
import { LIMITS } from '../settings.ts';
import { carOfClosed, close, closeAgain, closePaused } from './close.ts';
import { drivenUntil, endPlace } from './record.ts';
import { lastKnownOdometer, openByCar, revive, staleAfterMs, withCar, withSign } from './open-trip.ts';
import { goOn } from './start.ts';
import type { Closed, Machine, MachineMemory, OpenTrip, Pause, Phase } from './state.ts';
import { go, isSettled, output, remember, stay, andThen, type Context, type Turn } from './turn.ts';

type Ending = Extract<Phase, { phase: 'ending' }>;

/** A reading with what the odometer rules made of it. `before` is the memory it was judged against. */
export interface Judged {
  readonly reading: CarReading;
  readonly odometer: Odometer | null;
  readonly before: MachineMemory;
}

/** Rule 15 first: whatever the phase, an odometer is believed or held. Then the phase has its say. */
export function readCar(machine: Machine, reading: CarReading, next: (machine: Machine, judged: Judged) => Turn): Turn {
  const before = machine.memory;
  const judgement = judge(before.cars[reading.carId] ?? NO_CAR_MEMORY, reading);
  const turn = stay(remember(machine, { cars: { ...before.cars, [reading.carId]: judgement.memory } }));
  const held = judgement.suspicious
    ? output(turn, { output: 'wait', eventId: reading.id, reason: 'suspicious_reading' })
    : turn;
  const believed =
    judgement.believed.length > 0 ? output(held, { output: 'believe', readingIds: judgement.believed }) : held;
  return andThen(believed, (judged) => next(judged, { reading, odometer: judgement.odometer, before }));
}

/** A late odometer completes the car's last trip, or stops it waiting. */
export function readIdle(machine: Machine, judged: Judged, context: Context): Turn {
  const { reading, odometer } = judged;
  const closed = lateTrip(machine, judged);
  if (!closed || reading.state === 'driving' || odometer === null) return stay(machine);
  if (isSettled(machine.memory, closed.trip.id, reading) && machine.memory.settled[closed.trip.id]?.measures) {
    return stay(machine);
  }
  const completes = isCompletedBy(closed, reading.at, odometer);
  return closeAgain(machine, closed, completes ? { endOdometer: odometer, final: true } : { final: true }, context);
}

function isCompletedBy(closed: Closed, at: number, odometer: Odometer): boolean {
  return at <= closed.waitUntil || stillAgrees(closed, odometer);
}

/** The trip that waits for this car; else one nobody knows the car of, if this one's odometer rose since its start. */
function lateTrip({ memory }: Machine, judged: Judged): Closed | null {
  const { reading, odometer } = judged;
  const waiting = memory.closed.filter((one) => one.booked?.odometerPending && reading.at >= one.at);
  const own = waiting.find((one) => carOfClosed(one) === reading.carId);
  if (own) return own;
  const nobodys = waiting.find(({ trip }) => trip.car.by === 'none');
  if (!nobodys || odometer === null || reading.state === 'driving') return null;
  const trip = seenDriving(nobodys.trip, judged);
  if (trip.car.by !== 'seen' || trip.knownOdometer === null) return null;
  const adopted: Closed = { ...nobodys, trip, reasons: [...nobodys.reasons, 'uncertain_car'] };
  return isCompletedBy(adopted, reading.at, odometer) ? adopted : null;
}

function stillAgrees({ trip, totals, at }: Closed, odometer: Odometer): boolean {
  const start = trip.startOdometer ?? trip.knownOdometer;
  return start !== null && agreesWithTrack(start, odometer, drivenUntil(trip, totals, at));
}

export function readDriving(machine: Machine, open: OpenTrip, judged: Judged, context: Context): Turn {
  const trip = seenDriving(open, judged);
  if (!isOwn(trip, judged.reading) || !isFresh(trip, judged)) return readIdle(machine, judged, context);
  const known = withStartOdometer(trip, judged);
  if (isAlive(known, judged)) return go(machine, { phase: 'driving', trip: arrived(move(known, judged), judged) });
  return standStill(machine, known, judged, context);
}

/** A car that moved since and says `parked` has arrived: it stands from now on. */
function arrived(trip: OpenTrip, { reading }: Judged): OpenTrip {
  if (reading.state !== 'parked') return trip;
  return { ...trip, still: { at: reading.at, position: fixOf(reading), readings: 1, totals: trip.totals } };
}

/** Rule 6: no car is known yet, and this one drives. */
function seenDriving(trip: OpenTrip, { reading, odometer, before }: Judged): OpenTrip {
  if (trip.car.by !== 'none' || reading.at <= trip.startedAt) return trip;
  const known = lastKnownOdometer(before, reading.carId);
  const rose = odometer !== null && known !== null && odometer.metres > known.metres;
  if (reading.state !== 'driving' && !rose) return trip;
  return withCar(trip, { ...trip.car, carId: reading.carId, by: 'seen' }, known);
}

function isOwn(trip: OpenTrip, reading: CarReading): boolean {
  return trip.car.carId === reading.carId;
}

/** A source without times is fresh only when something changed since its reading before. */
function isFresh(trip: OpenTrip, { reading, before }: Judged): boolean {
  if (reading.at <= trip.startedAt) return false;
  if (reading.observed) return true;
  const seen = before.cars[reading.carId]?.seen;
  if (!seen) return false;
  return reading.state !== seen.state || (reading.odometerMetres ?? 0) > (seen.odometerMetres ?? Infinity);
}

function withStartOdometer(trip: OpenTrip, { reading, odometer }: Judged): OpenTrip {
  if (trip.startOdometer || odometer === null) return trip;
  const driven = drivenUntil(trip, trip.totals, reading.at);
  return { ...trip, startOdometer: startOdometer(trip.knownOdometer, odometer, driven) };
}

/** Rule 8: only `driving` or a risen odometer; nothing and unknown are neither life nor rest. */
function isAlive(trip: OpenTrip, { reading, odometer }: Judged): boolean {
  if (reading.state === 'driving') return true;
  const last = trip.lastSeen?.odometerMetres ?? trip.knownOdometer?.metres ?? null;
  return odometer !== null && last !== null && odometer.metres > last;
}

function move(trip: OpenTrip, { reading, odometer }: Judged): OpenTrip {
  const alive = withSign(trip, reading, fixOf(reading));
  return { ...alive, moved: true, lastSeen: seenOf(trip, reading, odometer) };
}

function seenOf(trip: OpenTrip, reading: CarReading, odometer: Odometer | null) {
  const odometerMetres = odometer?.metres ?? trip.lastSeen?.odometerMetres ?? null;
  return { at: reading.at, odometerMetres, state: reading.state };
}

function fixOf({ position, at }: CarReading): Fix | null {
  return position && { lat: position.lat, lng: position.lng, at, accuracyMetres: null, speedKmh: null };
}

/** Rule 9: a car that moved in this trip and has stood for the dwell time pauses it. */
function standStill(machine: Machine, trip: OpenTrip, { reading, odometer }: Judged, context: Context): Turn {
  const lastSeen = seenOf(trip, reading, odometer);
  const hasState = reading.state === 'parked';
  const unmoved = odometer !== null && trip.lastSeen?.odometerMetres === odometer.metres;
  if (!trip.moved || (!hasState && !unmoved)) return go(machine, { phase: 'driving', trip: { ...trip, lastSeen } });
  const at = hasState ? reading.at : (trip.lastSeen?.at ?? reading.at);
  const first = trip.still ?? { at, position: fixOf(reading), readings: 0, totals: trip.totals };
  const still = { ...first, readings: first.readings + 1 };
  const standing = { ...trip, lastSeen, still };
  const dwellMs = hasState ? context.settings.parkedDwellMs : LIMITS.dwellWithoutStateMs;
  if (reading.at - still.at < dwellMs || trip.sign.at > still.at) {
    return go(machine, { phase: 'driving', trip: standing });
  }
  const position = still.position ?? endPlace({ fix: null, totals: still.totals, at: still.at });
  const location = locationAt(context.locations, position);
  const locationId = location?.kind === 'stop' ? location.id : null;
  const pause: Pause = { at: still.at, position, totals: still.totals, locationId, heardAt: reading.at, odometer };
  return go(machine, { phase: 'paused', trip: { ...standing, still: null }, pause });
}

/** Rules 9 and 10 after an `end`: it stands, so the trip is done; or somebody drives on. */
export function readEnding(machine: Machine, now: Ending, judged: Judged, context: Context): Turn {
  const trip = withStartOdometer(seenDriving(now.trip, judged), judged);
  const { reading, odometer } = judged;
  if (!isOwn(trip, reading)) return readIdle(machine, judged, context);
  if (!reading.observed && !isFresh(trip, judged)) return stay(machine);
  if (isDrivingOn(now, judged)) return driveOn(machine, now, judged, context);
  if (reading.state === 'driving' || reading.drives) {
    // A source without times may tell of the drive that ended.
    const isSeenSince = reading.observed && reading.at - now.end.at >= LIMITS.droveOnAfterMs;
    const droveOn = isSeenSince ? seenSince(now, judged) : now.droveOn;
    return stay({ ...machine, now: { ...now, droveOn } });
  }
  if (odometer === null && reading.state === 'unknown') return stay(machine);
  const fix = now.end.fix ?? fixOf(reading);
  const closing = { closedBy: 'phone', at: now.end.at, fix, endOdometer: odometer } as const;
  return close(machine, { ...now.trip, car: trip.car, knownOdometer: trip.knownOdometer }, closing, context);
}

/** The first sign, completed by what the other parts of its answer say. An odometer from before the end is none of it. */
function seenSince({ droveOn }: Ending, { reading, odometer }: Judged): CarSeen {
  return {
    at: droveOn?.at ?? reading.at,
    odometerMetres: droveOn?.odometerMetres ?? odometer?.metres ?? null,
    state: droveOn?.state === 'driving' ? 'driving' : reading.state,
  };
}

function isDrivingOn({ droveOn }: Ending, { reading, odometer }: Judged): boolean {
  if (!droveOn) return false;
  if (droveOn.state === 'driving' && reading.state === 'driving') return reading.at > droveOn.at;
  return (
    odometer !== null &&
    droveOn.odometerMetres !== null &&
    odometer.metres - droveOn.odometerMetres >= LIMITS.droveOnMetres
  );
}

function driveOn(machine: Machine, now: Ending, judged: Judged, context: Context): Turn {
  const { trip, end, droveOn } = now;
  const { reading } = judged;
  const since = droveOn ?? { at: reading.at, odometerMetres: null, state: reading.state };
  const odometer =
    since.odometerMetres === null
      ? null
      : { metres: since.odometerMetres, at: since.at, resolutionMetres: reading.resolutionMetres };
  const closing = { closedBy: 'phone', at: end.at, fix: end.fix, endOdometer: odometer, final: true } as const;
  return andThen(close(machine, trip, closing, context), (idle) => {
    const on = openByCar(reading, since.at, trip.car, odometer);
    return go(idle, { phase: 'driving', trip: { ...on, lastSeen: seenOf(on, reading, judged.odometer) } });
  });
}

export function readPaused(machine: Machine, trip: OpenTrip, pause: Pause, judged: Judged, context: Context): Turn {
  const { reading, odometer } = judged;
  if (!isOwn(trip, reading) || !isFresh(trip, judged)) return readIdle(machine, judged, context);
  const rose = odometer !== null && pause.odometer !== null && odometer.metres > pause.odometer.metres;
  if (reading.state === 'driving' || rose) {
    return andThen(goOn(machine, trip, pause, reading), (on) =>
      on.now.phase === 'driving' ? go(on, { phase: 'driving', trip: move(on.now.trip, judged) }) : stay(on),
    );
  }
  const standing = { ...pause, heardAt: reading.at, odometer: odometer ?? pause.odometer };
  const stays = pause.locationId !== null || reading.at - pause.at < context.settings.resumeWindowMs;
  if (stays)
    return stay({ ...machine, now: { phase: 'paused', trip: withStartOdometer(trip, judged), pause: standing } });
  return closePaused(machine, withStartOdometer(trip, judged), standing, reading.at, context);
}

/** A car that still drives brings a stale trip back; anything else can only complete it. */
export function readStale(machine: Machine, trip: OpenTrip, judged: Judged, context: Context): Turn {
  const inTime = judged.reading.at - trip.sign.at <= staleAfterMs(trip, context);
  const known = seenDriving(trip, judged);
  if (inTime && isOwn(known, judged.reading) && isFresh(known, judged) && isAlive(known, judged)) {
    return andThen(revive(machine, trip), (on) => readDriving(on, trip, judged, context));
  }
  return readIdle(machine, judged, context);
}
