/** What an `end`, a `finalize` and a `cancel` mean in each phase (trip rules 4, 14, 18 and 19). */

import { carOf, isNamed, namedCar } from '../cars.ts';
import type { Fix, PhoneEvent } from '../events.ts';
import { locationAt } from '../locations.ts';
import { LIMITS } from '../settings.ts';
import { carOfClosed, carWaitMs, close, closedOf, closePaused, closeStale, file } from './close.ts';
import { discardOf, endPlace } from './record.ts';
import { adoptCar, follow, pollableCars } from './open-trip.ts';
import { leavePassingCar } from './passing.ts';
import { goOn } from './start.ts';
import type { Closed, EndSeen, Machine, OpenTrip, Pause } from './state.ts';
import {
  answer,
  go,
  isSettled,
  output,
  remember,
  reply,
  stay,
  andThen,
  wait,
  type Context,
  type Turn,
} from './turn.ts';

export function endDriving(machine: Machine, trip: OpenTrip, event: PhoneEvent, context: Context): Turn {
  const passing = leavePassingCar(machine, trip, event, context);
  if (passing) return passing;
  if (namesAnotherCar(trip, event, context)) return endOtherCar(machine, event, context);
  if (event.at - trip.sign.at > LIMITS.lateEndMs) {
    return andThen(closeStale(machine, trip, event.at, context), (idle) => wait(idle, event.id, 'orphan_end'));
  }
  return endTrip(machine, adoptCar(trip, event, machine.memory, context), event, context);
}

/** At a stop place the trip pauses; where a car can be asked it waits for it; otherwise it is finished now. */
function endTrip(machine: Machine, trip: OpenTrip, event: PhoneEvent, context: Context): Turn {
  const fix = endPlace({ fix: event.fix, totals: trip.totals, at: event.at });
  const location = locationAt(context.locations, fix);
  if (location?.kind === 'stop') {
    const { at } = event;
    const pause = { at, position: fix, totals: trip.totals, locationId: location.id, heardAt: at, odometer: null };
    return ended(go(machine, { phase: 'paused', trip, pause }, reply('paused_at_stop', trip.id)), event);
  }
  const end = { eventId: event.id, at: event.at, fix: event.fix };
  if (pollableCars(trip, context).length > 0) {
    return ended(go(machine, endingOf(trip, end, context), reply('ending', trip.id)), event);
  }
  return ended(
    finished(close(machine, trip, { closedBy: 'phone', at: event.at, fix: event.fix }, context), trip.id),
    event,
  );
}

function endingOf(trip: OpenTrip, end: EndSeen, context: Context) {
  return { phase: 'ending', trip, end, until: end.at + carWaitMs(trip, context), droveOn: null } as const;
}

/** The answer a trip that was just closed deserves: in the book, or not a trip. */
export function finished(turn: Turn, tripId: string): Turn {
  const closed = turn.machine.memory.closed.find(({ trip }) => trip.id === tripId);
  return answer(turn, reply(closed?.discard ? 'discarded' : 'finished', tripId));
}

/** Remembers the `end`, so that the same one again within the duplicate window is told apart. */
function ended(turn: Turn, event: PhoneEvent): Turn {
  if (!turn.reply) return turn;
  const lastEnd = { eventId: event.id, at: event.at, hadFix: event.fix !== null, reply: turn.reply };
  return { ...turn, machine: remember(turn.machine, { lastEnd }) };
}

function namesAnotherCar(trip: OpenTrip, event: PhoneEvent, context: Context): boolean {
  const said = carOf(event.car, context.cars);
  if (isNamed(said)) return trip.car.carId !== null && said.carId !== trip.car.carId;
  return trip.car.by === 'foreign' && namedCar(said) !== null && namedCar(said) !== namedCar(trip.car);
}

/** Rule 4: it ends that car's last trip, if nothing else did. */
function endOtherCar(machine: Machine, event: PhoneEvent, context: Context): Turn {
  const { carId } = carOf(event.car, context.cars);
  const last = machine.memory.closed.find((closed) => carId !== null && carOfClosed(closed) === carId);
  if (!last || !mayStillEnd(machine, last, event)) return wait(machine, event.id, 'orphan_end');
  return finished(endAgain(machine, last, event, context), last.trip.id);
}

function mayStillEnd(machine: Machine, last: Closed, event: PhoneEvent): boolean {
  return (
    !isSettled(machine.memory, last.trip.id, event) &&
    last.closedBy !== 'phone' &&
    event.at >= last.trip.startedAt &&
    event.at - last.trip.sign.at <= LIMITS.lateEndMs
  );
}

/** The phone knows better than what closed the trip; an odometer from before this end says nothing about it. */
function endAgain(machine: Machine, last: Closed, event: PhoneEvent, context: Context): Turn {
  const endOdometer = last.endOdometer && last.endOdometer.at >= event.at ? last.endOdometer : null;
  const closing = { closedBy: 'phone', at: event.at, fix: event.fix, endOdometer } as const;
  return file(machine, closedOf(machine.memory, last.trip, closing, context), context);
}

export function endIdle(machine: Machine, event: PhoneEvent, context: Context): Turn {
  const last = machine.memory.closed[0];
  if (last && namesAnotherCar(last.trip, event, context)) return endOtherCar(machine, event, context);
  const again = repeated(machine, event, context);
  if (again) return again;
  if (last?.closedBy === 'car' && mayStillEnd(machine, last, event)) {
    return ended(finished(endAgain(machine, last, event, context), last.trip.id), event);
  }
  return ended(wait(machine, event.id, last?.closedBy === 'phone' ? 'second_end' : 'orphan_end'), event);
}

/** CarPlay and Bluetooth both tell of the same end; the second may know where. */
function repeated(machine: Machine, event: PhoneEvent, context: Context): Turn | null {
  const { lastEnd } = machine.memory;
  if (!lastEnd || event.at - lastEnd.at > context.settings.duplicateWindowMs) return null;
  if (!lastEnd.hadFix && event.fix) {
    const placed = withPlace(remember(machine, { lastEnd: { ...lastEnd, hadFix: true } }), event, lastEnd.at, context);
    if (placed) return placed;
  }
  return stay(machine, { ...lastEnd.reply, duplicate: true });
}

/** The trip that ended then, measured again with the place its end lacked. `null`: there is nothing to change. */
function withPlace(machine: Machine, event: PhoneEvent, endedAt: number, context: Context): Turn | null {
  const { now, memory } = machine;
  const fix = event.fix && { ...event.fix, at: endedAt };
  if (fix === null) return null;
  const placed = (trip: OpenTrip) =>
    follow(trip, { type: 'ping', fix, at: endedAt, receivedAt: event.receivedAt, own: true });
  if (now.phase === 'ending') {
    const known = { ...now, trip: placed(now.trip), end: { ...now.end, fix } };
    return go(machine, known, reply('ending', now.trip.id, true));
  }
  const [last] = memory.closed;
  if (now.phase !== 'idle' || !last || last.closedBy !== 'phone' || last.at !== endedAt) return null;
  if (isSettled(memory, last.trip.id, event)) return null;
  const { endOdometer, reasons, final } = last;
  const closing = { closedBy: 'phone', at: endedAt, fix, endOdometer, reasons, final } as const;
  const turn = finished(file(machine, closedOf(memory, placed(last.trip), closing, context), context), last.trip.id);
  const again = ended(turn, { ...event, at: endedAt });
  return turn.reply && answer(again, { ...turn.reply, duplicate: true });
}

export function endEnding(machine: Machine, event: PhoneEvent, context: Context): Turn {
  return repeated(machine, event, context) ?? wait(machine, event.id, 'second_end');
}

export function endPaused(machine: Machine, trip: OpenTrip, pause: Pause, event: PhoneEvent, context: Context): Turn {
  const again = pause.locationId === null ? null : repeated(machine, event, context);
  if (again) return again;
  if (pause.locationId !== null && isAtStop(pause, event.fix, context)) {
    return wait(machine, event.id, 'second_end');
  }
  return andThen(goOn(machine, trip, pause, event), (driving) =>
    driving.now.phase === 'driving'
      ? endDriving(driving, trimStop(driving.now.trip, event), event, context)
      : stay(driving),
  );
}

/** The car stood still a moment before the phone let go: that is no stop on the way. */
function trimStop(trip: OpenTrip, event: PhoneEvent): OpenTrip {
  return { ...trip, stops: trip.stops.filter((stop) => stop.leftAt !== event.at || stop.locationId !== null) };
}

function isAtStop(pause: Pause, fix: Fix | null, context: Context): boolean {
  return fix === null || locationAt(context.locations, fix)?.id === pause.locationId;
}

/** Rule 19: ends at its own time if it knows where, or the trip was alive just before; else at the last sign of life. */
export function finalizeDriving(machine: Machine, trip: OpenTrip, event: PhoneEvent, context: Context): Turn {
  const isHere = event.fix !== null || event.at - trip.sign.at <= context.settings.resumeWindowMs;
  const end = isHere
    ? { at: event.at, fix: event.fix }
    : { at: trip.sign.at, fix: trip.sign.fix, totals: trip.sign.totals, closingAt: event.at };
  return finished(close(machine, trip, { closedBy: 'finalize', ...end }, context), trip.id);
}

export function finalizeEnding(machine: Machine, trip: OpenTrip, end: EndSeen, context: Context): Turn {
  return finished(close(machine, trip, { closedBy: 'phone', at: end.at, fix: end.fix }, context), trip.id);
}

export function finalizePaused(
  machine: Machine,
  trip: OpenTrip,
  pause: Pause,
  event: PhoneEvent,
  context: Context,
): Turn {
  return finished(closePaused(machine, trip, pause, event.at, context), trip.id);
}

/** Removes the open trip. What happened in it, told late, opens and completes nothing. */
export function cancel(machine: Machine, trip: OpenTrip, event: PhoneEvent): Turn {
  const voids = [...machine.memory.voids, { from: trip.startedAt, to: event.at }];
  const turn = go(remember(machine, { voids }), { phase: 'idle' }, reply('cancelled', trip.id));
  return output(turn, { output: 'discard', discard: discardOf({ trip, at: event.at }, 'cancelled') });
}

export function nothingOpen(machine: Machine): Turn {
  return stay(machine, reply('no_active_trip'));
}
