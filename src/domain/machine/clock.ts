/** What time alone does: spans that run out, silence, and readings nobody waits for any longer. */

import type { Tick } from '../events.ts';
import { LIMITS } from '../settings.ts';
import { close, closeAgain, closePaused, closeStale } from './close.ts';
import { staleAfterMs } from './open-trip.ts';
import type { Machine, Pause } from './state.ts';
import { remember, stay, andThen, type Context, type Turn } from './turn.ts';

/** Applies the span that runs out before an instant, at its own time, tick or no tick. */
export function elapse(machine: Machine, until: number, context: Context): Turn {
  const { now } = machine;
  if (now.phase === 'ending' && now.until < until) {
    return close(
      machine,
      now.trip,
      { closedBy: 'phone', at: now.end.at, fix: now.end.fix, closingAt: now.until },
      context,
    );
  }
  if (now.phase === 'paused') {
    const over = pauseOver(now.pause, context);
    if (over < until) return closePaused(machine, now.trip, now.pause, over, context);
  }
  return stay(machine);
}

function pauseOver(pause: Pause, { settings }: Context): number {
  return pause.locationId === null
    ? pause.heardAt + settings.resumeWindowMs + settings.carWaitMs
    : pause.at + settings.stopMaxMs;
}

/** The clock speaks. Staleness alone counts by when things were received. */
export function tick(machine: Machine, event: Tick, context: Context): Turn {
  return andThen(
    andThen(elapse(machine, event.at + 1, context), (later) => silence(later, event, context)),
    (later) => forgetOld(later, event, context),
  );
}

function silence(machine: Machine, event: Tick, context: Context): Turn {
  const { now } = machine;
  if (now.phase !== 'driving') return stay(machine);
  const silentMs = event.receivedAt - now.trip.sign.receivedAt;
  return silentMs > staleAfterMs(now.trip, context) ? closeStale(machine, now.trip, event.at, context) : stay(machine);
}

function forgetOld(machine: Machine, event: Tick, context: Context): Turn {
  const { closed, settled, voids } = machine.memory;
  const isRecent = (at: number) => event.at - at <= LIMITS.journalMs;
  const kept = remember(machine, {
    settled: Object.fromEntries(Object.entries(settled).filter(([, { at }]) => isRecent(at))),
    voids: voids.filter(({ to }) => isRecent(to)),
  });
  const waiting = closed.find((one) => one.booked?.odometerPending && event.at - one.at > LIMITS.odometerPendingMs);
  return waiting ? closeAgain(kept, waiting, { final: true }, context) : stay(kept);
}

/** When the clock may next have something to say about the open trip. */
export function nextDue(machine: Machine, context: Context): number | null {
  const { now } = machine;
  if (now.phase === 'driving') return now.trip.sign.receivedAt + staleAfterMs(now.trip, context);
  if (now.phase === 'ending') return now.until;
  if (now.phase === 'paused') return pauseOver(now.pause, context);
  const waiting = machine.memory.closed.filter((one) => one.booked?.odometerPending).map(({ at }) => at);
  return waiting.length === 0 ? null : Math.min(...waiting) + LIMITS.odometerPendingMs;
}
