/** The pure machine in tests: a Monday in March, told in clock times (UTC); kilometres north of home. */

import type { CarFacts } from '../../src/domain/cars.ts';
import type { CarReading, DrivingState, Fix, PhoneEvent, TripEvent } from '../../src/domain/events.ts';
import type { UserLocation } from '../../src/domain/locations.ts';
import { START, type Machine } from '../../src/domain/machine/state.ts';
import type { Context, Output } from '../../src/domain/machine/turn.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { ledgerOf, stepsOf } from '../../src/domain/timeline.ts';
import type { Reply } from '../../src/domain/events.ts';

export const ZONE = 'Europe/Amsterdam';
const METRES_PER_DEGREE = 111_195.08;

/** `08:30`, `08:30:15`, `+1 08:30` for the day after. */
export function t(clock: string): number {
  const [, days = '0', time = ''] = /^(?:\+(\d+) )?([\d:.]+)$/.exec(clock) ?? [];
  const whole = time.split(':').length === 2 ? `${time}:00` : time;
  return Date.parse(`2026-03-02T${whole}Z`) + Number(days) * 86_400_000;
}

/** So many kilometres north of home. */
export function km(north: number): { lat: number; lng: number } {
  return { lat: 52 + (north * 1_000) / METRES_PER_DEGREE, lng: 5 };
}

export function fixAt(clock: string, north: number, accuracyMetres: number | null = 8): Fix {
  return { ...km(north), at: t(clock), accuracyMetres, speedKmh: null };
}

export interface Said {
  /** Kilometres north of home; without: no position. */
  readonly km?: number;
  readonly car?: string;
  readonly device?: string;
  readonly token?: string;
  readonly receivedAt?: string;
  readonly zone?: string;
}

let count = 0;

function phone(type: PhoneEvent['type'], clock: string, said: Said): PhoneEvent {
  count += 1;
  return {
    type,
    id: `evt_${type}_${clock}_${count}`,
    at: t(clock),
    receivedAt: t(said.receivedAt ?? clock),
    fix: said.km === undefined ? null : fixAt(clock, said.km),
    car: { carId: said.car ?? null, device: said.device ?? null, tokenCarId: said.token ?? null },
    timeZone: said.zone ?? ZONE,
  };
}

export const start = (clock: string, said: Said = {}) => phone('start', clock, said);
export const end = (clock: string, said: Said = {}) => phone('end', clock, said);
export const finalize = (clock: string, said: Said = {}) => phone('finalize', clock, said);
export const cancel = (clock: string, said: Said = {}) => phone('cancel', clock, said);

export function ping(clock: string, north: number, accuracyMetres: number | null = 8, receivedAt = clock): TripEvent {
  const fix = fixAt(clock, north, accuracyMetres);
  return { type: 'ping', fix, at: fix.at, receivedAt: t(receivedAt), own: false };
}

export interface Read {
  readonly car?: string;
  readonly odometer?: number;
  readonly state?: DrivingState;
  readonly km?: number;
  readonly resolution?: number;
  readonly observed?: boolean;
  readonly source?: string;
}

/** A car's answer; `odometer` in kilometres. */
export function reading(clock: string, read: Read = {}): CarReading {
  count += 1;
  return {
    type: 'car_reading',
    id: `odo_${clock}_${count}`,
    at: t(clock),
    receivedAt: t(clock),
    carId: read.car ?? 'car_a',
    observed: read.observed ?? true,
    odometerMetres: read.odometer === undefined ? null : read.odometer * 1_000,
    resolutionMetres: read.resolution ?? 100,
    position: read.km === undefined ? null : km(read.km),
    state: read.state ?? 'unknown',
    source: read.source ?? 'push',
    timeZone: ZONE,
  };
}

export function failure(clock: string): TripEvent {
  return { type: 'car_failure', id: `fail_${clock}`, at: t(clock), receivedAt: t(clock), carId: 'car_a' };
}

export function tick(clock: string): TripEvent {
  return { type: 'tick', at: t(clock), receivedAt: t(clock) };
}

export const HOME: UserLocation = { id: 'home', kind: 'home', ...km(0), radiusMetres: 150 };
export const SCHOOL: UserLocation = { id: 'school', kind: 'stop', ...km(5), radiusMetres: 200 };
export const CLIENT: UserLocation = { id: 'client', kind: 'client', ...km(20), radiusMetres: 150 };

export const CAR_A: CarFacts = { id: 'car_a', deviceNames: ['Golf'], pollIntervalMs: null, ignored: false };
export const CAR_B: CarFacts = { id: 'car_b', deviceNames: ['Polo'], pollIntervalMs: null, ignored: false };
export const ASKABLE: CarFacts = { ...CAR_A, pollIntervalMs: 60_000 };

export function context(change: Partial<Context> = {}): Context {
  return { settings: defaultSettings(ZONE, 'en'), cars: [], locations: [], rules: [], ...change };
}

export interface Ran {
  readonly machine: Machine;
  /** The machine before the last event. */
  readonly before: Machine;
  readonly phase: string;
  readonly reply: Reply | null;
  readonly outputs: readonly Output[];
  /** All that is in the book at the end, and what was discarded. */
  readonly trips: readonly { readonly [field: string]: unknown }[];
  readonly discards: readonly string[];
  readonly waiting: readonly string[];
}

/** Runs events one after another through the machine, each with the fix that came with it. */
export function run(events: readonly TripEvent[], rules: Context = context(), from: Machine = START): Ran {
  const outputs: Output[] = [];
  let machine = from;
  let before = from;
  let reply: Reply | null = null;
  for (const event of events) {
    before = machine;
    for (const { event: each, turn } of stepsOf(machine, event, rules)) {
      outputs.push(...turn.outputs);
      machine = turn.machine;
      if (each === event) reply = turn.reply;
    }
  }
  const { trips, waiting } = ledgerOf(outputs);
  const verdicts = [...trips.values()];
  return {
    machine,
    before,
    phase: nameOf(machine),
    reply,
    outputs,
    trips: verdicts.flatMap(({ booked }) => (booked ? [{ ...booked }] : [])),
    discards: verdicts.flatMap(({ discard }) => (discard ? [discard.reason] : [])),
    waiting: [...waiting.values()],
  };
}

/** The phase, with what a pause is for. */
export function nameOf({ now }: Machine): string {
  if (now.phase !== 'paused') return now.phase;
  return now.pause.locationId === null ? 'paused by the car' : 'paused at a stop';
}
