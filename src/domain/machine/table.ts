/**
 * The trip machine: every phase × every event, in one table. No clock, no chance, no I/O; time comes in with the event.
 * A combination without a cell does not compile.
 */

import type { TripEvent } from '../events.ts';
import { LIMITS } from '../settings.ts';
import { elapse, tick } from './clock.ts';
import {
  cancel,
  endDriving,
  endEnding,
  endIdle,
  endPaused,
  finalizeDriving,
  finalizeEnding,
  finalizePaused,
  nothingOpen,
} from './end.ts';
import { revive } from './open-trip.ts';
import { isTooLate, pingDriving, pingEnding, pingIdle, pingPaused } from './ping.ts';
import { readCar, readDriving, readEnding, readIdle, readPaused, readStale } from './reading.ts';
import { startDriving, startEnding, startIdle, startPaused } from './start.ts';
import type { Machine, Phase, PhaseName } from './state.ts';
import { remember, stay, andThen, type Context, type Turn } from './turn.ts';

type EventName = TripEvent['type'] | 'start' | 'end' | 'finalize' | 'cancel';
type EventOf<E extends EventName> =
  Extract<TripEvent, { type: E }> extends never
    ? Extract<TripEvent, { fix: unknown; car: unknown }>
    : Extract<TripEvent, { type: E }>;
type Cell<P extends PhaseName, E extends EventName> = (
  machine: Machine,
  now: Extract<Phase, { phase: P }>,
  event: EventOf<E>,
  context: Context,
) => Turn;
type Table = { readonly [P in PhaseName]: { readonly [E in EventName]: Cell<P, E> } };

export const TABLE: Table = {
  idle: {
    start: (m, _, event, context) => startIdle(m, event, context),
    ping: (m) => pingIdle(m),
    end: (m, _, event, context) => endIdle(m, event, context),
    finalize: (m) => nothingOpen(m),
    cancel: (m) => nothingOpen(m),
    car_reading: (m, _, event, context) => readCar(m, event, (on, judged) => readIdle(on, judged, context)),
    car_failure: (m) => stay(m),
    tick: (m, _, event, context) => tick(m, event, context),
  },
  driving: {
    start: (m, { trip }, event, context) => startDriving(m, trip, event, context),
    ping: (m, { trip }, event, context) => pingDriving(m, trip, event, context),
    end: (m, { trip }, event, context) => endDriving(m, trip, event, context),
    finalize: (m, { trip }, event, context) => finalizeDriving(m, trip, event, context),
    cancel: (m, { trip }, event) => cancel(m, trip, event),
    car_reading: (m, { trip }, event, context) =>
      readCar(m, event, (on, judged) => readDriving(on, trip, judged, context)),
    car_failure: (m) => stay(m),
    tick: (m, _, event, context) => tick(m, event, context),
  },
  ending: {
    start: (m, now, event, context) => startEnding(m, now, event, context),
    ping: (m, { trip }) => pingEnding(m, trip),
    end: (m, _, event, context) => endEnding(m, event, context),
    finalize: (m, { trip, end }, _, context) => finalizeEnding(m, trip, end, context),
    cancel: (m, { trip }, event) => cancel(m, trip, event),
    car_reading: (m, now, event, context) => readCar(m, event, (on, judged) => readEnding(on, now, judged, context)),
    car_failure: (m) => stay(m),
    tick: (m, _, event, context) => tick(m, event, context),
  },
  paused: {
    start: (m, { trip, pause }, event, context) => startPaused(m, trip, pause, event, context),
    ping: (m, { trip, pause }, event, context) => pingPaused(m, trip, pause, event, context),
    end: (m, { trip, pause }, event, context) => endPaused(m, trip, pause, event, context),
    finalize: (m, { trip, pause }, event, context) => finalizePaused(m, trip, pause, event, context),
    cancel: (m, { trip }, event) => cancel(m, trip, event),
    car_reading: (m, { trip, pause }, event, context) =>
      readCar(m, event, (on, judged) => readPaused(on, trip, pause, judged, context)),
    car_failure: (m) => stay(m),
    tick: (m, _, event, context) => tick(m, event, context),
  },
  stale: {
    start: (m, { trip }, event, context) => andThen(revive(m, trip), (on) => startDriving(on, trip, event, context)),
    ping: (m, { trip }, event, context) =>
      isTooLate(trip, event, context)
        ? pingIdle(m)
        : andThen(revive(m, trip), (on) => pingDriving(on, trip, event, context)),
    end: (m, { trip }, event, context) =>
      event.at - trip.sign.at > LIMITS.lateEndMs
        ? endIdle(m, event, context)
        : andThen(revive(m, trip), (on) => endDriving(on, trip, event, context)),
    finalize: (m) => nothingOpen(m),
    cancel: (m) => nothingOpen(m),
    car_reading: (m, { trip }, event, context) =>
      readCar(m, event, (on, judged) => readStale(on, trip, judged, context)),
    car_failure: (m) => stay(m),
    tick: (m, _, event, context) => tick(m, event, context),
  },
};

/** What one event does. Spans due before it are applied first; what a `cancel` struck out does nothing. */
export function step(machine: Machine, event: TripEvent, context: Context): Turn {
  if (isVoid(machine, event)) return nothingOpen(machine);
  return andThen(elapse(machine, event.at, context), (current) => {
    const turn = cell(current.now.phase, event.type)(current, current.now, event, context);
    const lastAt = event.type === 'tick' ? turn.machine.memory.lastAt : Math.max(event.at, turn.machine.memory.lastAt);
    return { ...turn, machine: remember(turn.machine, { lastAt }) };
  });
}

function isVoid({ memory }: Machine, event: TripEvent): boolean {
  if (event.type === 'tick' || event.type === 'car_reading' || event.type === 'car_failure') return false;
  return memory.voids.some(({ from, to }) => event.at >= from && event.at <= to && event.type !== 'cancel');
}

/** The table is complete by its type; here phase and event are only known at run time. */
function cell(phase: PhaseName, event: EventName): (m: Machine, now: Phase, e: TripEvent, c: Context) => Turn {
  return TABLE[phase][event] as (m: Machine, now: Phase, e: TripEvent, c: Context) => Turn;
}
