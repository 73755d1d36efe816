/** A car that exists on paper: what it answers follows from its settings and the time alone, nothing is kept. */

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { RawAnswer } from '../../domain/car-answers.ts';
import type { Failure, SimulatedFault, SimulatorSettings } from '../../domain/connections.ts';
import { METRES_PER } from '../../domain/units.ts';
import type { Ask, CarProvider, ProviderAnswer } from '../../seams/car-provider.ts';
import { isAsleep, truthAt, type Truth } from './car.ts';
import { ASLEEP, failureOf, faultAt, NO_ANSWER } from './faults.ts';

export const simulatorProvider: CarProvider = {
  id: 'simulator',
  policy: {
    drivingMs: 60_000,
    parkedMs: 5 * 60_000,
    asleepMs: 5 * 60_000,
    timeLimitMs: 20_000,
    stateMaxAgeMs: 30 * 60_000,
    callsPerDay: null,
    callsPerMonth: null,
  },
  resolutionMetres: 1_000,
  sentinels: [],
  read,
};

async function read({ settings, now, signal }: Ask): Promise<ProviderAnswer> {
  if (settings.provider !== 'simulator')
    throw new TypeError(`a simulated car was asked as one of ${settings.provider}`);
  const fault = faultAt(settings, now);
  const isInTime = await waited(fault === 'silent' ? null : settings.answersAfterMs, signal);
  return isInTime ? answerOf(settings, fault, now) : failed(NO_ANSWER);
}

/** Waits so long, or for ever (`null`). `false`: it was aborted before. */
async function waited(ms: number | null, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  if (ms === null) {
    await once(signal, 'abort');
    return false;
  }
  await pause(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

function answerOf(settings: SimulatorSettings, fault: SimulatedFault, now: number): ProviderAnswer {
  const failure = failureOf(fault, now);
  if (failure !== null) return failed(failure);
  // What it knows is late as a whole: also that it drives, and that it fell asleep.
  const at = now - settings.lagMs;
  const truth = truthAt(settings, at);
  if (isAsleep(settings, truth, at)) return failed(ASLEEP);
  return { ok: true, raw: rawOf(settings, fault, truth, at) };
}

function rawOf(settings: SimulatorSettings, fault: SimulatedFault, truth: Truth, at: number): RawAnswer {
  const { resolutionMetres } = settings;
  const observedAt = settings.observes ? at : null;
  const metres = Math.floor(truth.odometerMetres / resolutionMetres) * resolutionMetres;
  const unit = fault === 'wrong_unit' ? null : 'km';
  return {
    odometer: { value: metres / METRES_PER.km, unit, observedAt, resolutionMetres },
    position: fault === 'no_position' ? null : { ...truth.position, observedAt },
    state: { value: truth.state, observedAt },
  };
}

function failed(failure: Failure): ProviderAnswer {
  return { ok: false, failure };
}
