/** What a `start` means in each phase (trip rules 1 and 2). */

import { carOf, isNamed, namesDifferentCars } from '../cars.ts';
import type { PhoneEvent } from '../events.ts';
import { distanceMetres } from '../geo.ts';
import { locationAt } from '../locations.ts';
import { LIMITS } from '../settings.ts';
import { close, closeLost, closePaused, closeStale } from './close.ts';
import { endPlace } from './record.ts';
import { adoptCar, openTrip, resume, stayWith, withSign, type Heard } from './open-trip.ts';
import { leavePassingCar } from './passing.ts';
import type { Closed, Machine, OpenTrip, Pause, Phase } from './state.ts';
import { answer, go, isSettled, remember, reply, andThen, type Context, type Turn } from './turn.ts';

/** Rule 1: a new trip, or the last one again after a short pause. */
export function startIdle(before: Machine, event: PhoneEvent, context: Context): Turn {
  const machine = remember(before, { lastEnd: null });
  const last = machine.memory.closed[0];
  if (last && isResumed(machine, last, event, context)) return resume(machine, last, event);
  const trip = openTrip(event, machine.memory, context);
  return go(machine, { phase: 'driving', trip }, reply('started', trip.id));
}

function isResumed({ memory }: Machine, last: Closed, event: PhoneEvent, context: Context): boolean {
  const pauseMs = event.at - last.at;
  if (pauseMs < 0 || isSettled(memory, last.trip.id, event)) return false;
  if (namesDifferentCars(last.trip.car, carOf(event.car, context.cars))) return false;
  if (pauseMs <= LIMITS.reconnectMs) return true;
  return pauseMs <= context.settings.resumeWindowMs && isClose(last, event) && !endedAtLocation(last, context);
}

function isClose(last: Closed, event: PhoneEvent): boolean {
  const place = endPlace(last);
  return !place || !event.fix || distanceMetres(place, event.fix) <= LIMITS.resumeWithinMetres;
}

function endedAtLocation(last: Closed, context: Context): boolean {
  const location = locationAt(context.locations, endPlace(last));
  return location !== null && location.kind !== 'stop';
}

/** Rule 2 while driving. */
export function startDriving(machine: Machine, trip: OpenTrip, event: PhoneEvent, context: Context): Turn {
  const passing = leavePassingCar(machine, trip, event, context);
  if (passing) return answer(passing, reply('already_active', passing.reply?.tripId ?? null));
  const silenceMs = event.at - trip.sign.at;
  const isSilent = silenceMs > context.settings.resumeWindowMs;
  const otherCar = isOtherKnownCar(trip, event, context);
  if (otherCar && !isSilent) return switchCars(machine, trip, event, context);
  if (!otherCar && event.at - trip.lastStartAt <= context.settings.duplicateWindowMs) {
    const known = adoptCar(trip, event, machine.memory, context);
    return answer(stayWith(machine, known), reply('already_active', trip.id, true));
  }
  if (silenceMs > LIMITS.lostEndMaxMs) {
    return andThen(closeStale(machine, trip, event.at, context), (idle) => startAfresh(idle, event, context));
  }
  if (isSilent) {
    return andThen(closeLost(machine, trip, event.at, event.fix, context), (idle) => startAfresh(idle, event, context));
  }
  const alive = withSign(adoptCar(trip, event, machine.memory, context), event, event.fix);
  return answer(stayWith(machine, { ...alive, lastStartAt: event.at }), reply('already_active', trip.id));
}

/** A trip whose end was lost is not gone on with: the silence says that it ended. */
function startAfresh(machine: Machine, event: PhoneEvent, context: Context): Turn {
  const trip = openTrip(event, machine.memory, context);
  return go(machine, { phase: 'driving', trip }, reply('started', trip.id));
}

/** Rule 2(b): the user sits in another car now, unless that one only passed by. */
function switchCars(machine: Machine, trip: OpenTrip, event: PhoneEvent, context: Context): Turn {
  const { at, fix, totals } = trip.sign;
  const closing = { closedBy: 'next_start', at, estimated: true, fix, totals, closingAt: event.at } as const;
  const closed = close(machine, trip, { ...closing, reasons: ['end_lost'] }, context);
  return andThen(closed, (idle) => {
    const started = startIdle(idle, event, context);
    const by = started.reply?.tripId ?? '';
    return { ...started, machine: remember(started.machine, { interrupted: { trip, by, at: event.at } }) };
  });
}

function isOtherKnownCar(trip: OpenTrip, event: PhoneEvent, context: Context): boolean {
  const said = carOf(event.car, context.cars);
  return isNamed(said) && trip.car.carId !== null && said.carId !== trip.car.carId;
}

/** Rule 2(a): the trip is over as of its end; this start may take it up again. */
export function startEnding(
  machine: Machine,
  now: Extract<Phase, { phase: 'ending' }>,
  event: PhoneEvent,
  context: Context,
): Turn {
  const { at, fix } = now.end;
  return andThen(close(machine, now.trip, { closedBy: 'phone', at, fix }, context), (idle) =>
    startIdle(idle, event, context),
  );
}

/** Rules 2(a) and 14. */
export function startPaused(machine: Machine, trip: OpenTrip, pause: Pause, event: PhoneEvent, context: Context): Turn {
  if (pause.locationId !== null && !isOtherKnownCar(trip, event, context)) {
    return answer(goOn(machine, trip, pause, event), reply('resumed', trip.id));
  }
  return andThen(closePaused(machine, trip, pause, event.at, context), (idle) => startIdle(idle, event, context));
}

/** A paused trip goes on; the pause stays as a stop. */
export function goOn(machine: Machine, trip: OpenTrip, pause: Pause, event: PhoneEvent | Heard): Turn {
  const fix = 'fix' in event ? event.fix : null;
  const stop = {
    arrivedAt: pause.at,
    leftAt: event.at,
    lat: pause.position?.lat ?? null,
    lng: pause.position?.lng ?? null,
    address: null,
    locationId: pause.locationId,
  };
  const again = withSign({ ...trip, stops: [...trip.stops, stop] }, event, fix);
  const lastStartAt = 'type' in event && event.type === 'start' ? event.at : trip.lastStartAt;
  return go(machine, { phase: 'driving', trip: { ...again, lastStartAt } }, reply('resumed', trip.id));
}
