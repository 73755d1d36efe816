/** The trip machine in an export: the open drive, what outlives one, and the events of the last days. */

import type { CarChoice, CarClaim } from '../../../domain/cars.ts';
import { REPLY_CODES, type CarReading, type PhoneEvent, type Reply } from '../../../domain/events.ts';
import type {
  ActiveTrip,
  Closed,
  EndSeen,
  IdlePoints,
  JournalEntry,
  Machine,
  MachineMemory,
  Memory,
  OpenTrip,
  Pause,
  Phase,
  Sign,
  Thinned,
} from '../../../domain/machine/state.ts';
import type { CarMemory, CarSeen, HeldOdometer, Odometer } from '../../../domain/odometer.ts';
import type { Lookups, Wish } from '../../../domain/lookups.ts';
import type { CarPoll, Polls } from '../../../domain/polls.ts';
import type { ChunkFold, FinishedChunk, Totals } from '../../../domain/track.ts';
import { FAILURE_CODES } from '../../../domain/connections.ts';
import { actor } from './actor-form.ts';
import { chunk, closedBy, discard, fix, openedBy, position, reviewReason, stop, timeZone, trip } from './book-forms.ts';
import {
  always,
  byId,
  either,
  flag,
  id,
  instant,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  text,
} from './forms.ts';

const odometerFields = { metres: number, at: instant, resolutionMetres: number };
const odometer = object<Odometer>(odometerFields);
const drivingState = oneOf('driving', 'parked', 'unknown');
const carSeen = object<CarSeen>({ at: instant, odometerMetres: nullable(number), state: drivingState });

const chunkFold = object<ChunkFold>({
  window: instant,
  first: fix,
  anchor: fix,
  last: fix,
  doubt: nullable(fix),
  millimetres: number,
  fixes: number,
});
const finishedChunk = object<FinishedChunk>({ last: fix, doubt: nullable(fix), millimetres: number, fixes: number });
const totals = object<Totals>({
  millimetres: number,
  leastMillimetres: number,
  thin: flag,
  fixes: number,
  first: nullable(fix),
  rival: nullable(fix),
  before: nullable(finishedChunk),
  chunk: nullable(chunkFold),
});

const carChoice = object<CarChoice>({
  carId: nullable(id),
  by: oneOf('request', 'device', 'token', 'foreign', 'only_car', 'seen', 'default', 'none'),
  device: nullable(text),
});
const sign = object<Sign>({ at: instant, receivedAt: instant, fix: nullable(fix), totals });

const openTrip = object<OpenTrip>({
  id,
  openedBy,
  timeZone,
  startedAt: instant,
  startFix: nullable(fix),
  lastStartAt: instant,
  car: carChoice,
  sign,
  heard: flag,
  totals,
  lastFix: nullable(fix),
  stops: list(stop),
  knownOdometer: nullable(odometer),
  startOdometer: nullable(object<NonNullable<OpenTrip['startOdometer']>>({ ...odometerFields, estimated: flag })),
  lastSeen: nullable(carSeen),
  moved: flag,
  still: nullable(
    object<NonNullable<OpenTrip['still']>>({ at: instant, position: nullable(position), readings: number, totals }),
  ),
});

const endSeen = object<EndSeen>({ eventId: id, at: instant, fix: nullable(fix) });
const pause = object<Pause>({
  at: instant,
  position: nullable(position),
  totals,
  locationId: nullable(id),
  heardAt: instant,
  odometer: nullable(odometer),
});

type Of<N extends Phase['phase']> = Extract<Phase, { phase: N }>;
const open = {
  driving: object<Of<'driving'>>({ phase: oneOf('driving'), trip: openTrip }),
  ending: object<Of<'ending'>>({
    phase: oneOf('ending'),
    trip: openTrip,
    end: endSeen,
    until: instant,
    droveOn: nullable(carSeen),
  }),
  paused: object<Of<'paused'>>({ phase: oneOf('paused'), trip: openTrip, pause }),
};
const phase = either<Phase, 'phase'>('phase', {
  ...open,
  idle: object<Of<'idle'>>({ phase: oneOf('idle') }),
  stale: object<Of<'stale'>>({ phase: oneOf('stale'), trip: openTrip }),
});

const reply = object<Reply>({
  code: oneOf(...REPLY_CODES),
  tripId: nullable(id),
  duplicate: flag,
});

const closed = object<Closed>({
  trip: openTrip,
  at: instant,
  estimated: flag,
  fix: nullable(fix),
  closedBy,
  closingAt: instant,
  totals,
  endOdometer: nullable(odometer),
  reasons: list(reviewReason),
  final: flag,
  waitUntil: instant,
  booked: nullable(trip),
  discard: nullable(discard),
});

const carMemory = object<CarMemory>({
  odometer: nullable(odometer),
  seen: nullable(carSeen),
  held: list(object<HeldOdometer>({ ...odometerFields, readingId: id })),
  reports: flag,
});

const machineMemory = object<MachineMemory>({
  closed: list(closed),
  cars: byId(carMemory),
  interrupted: nullable(object<NonNullable<MachineMemory['interrupted']>>({ trip: openTrip, by: text, at: instant })),
  lastEnd: nullable(object<NonNullable<MachineMemory['lastEnd']>>({ eventId: id, at: instant, hadFix: flag, reply })),
  lastAt: instant,
  settled: byId(object<MachineMemory['settled'][string]>({ at: instant, measures: flag })),
  byHand: optional(
    byId(
      object<NonNullable<MachineMemory['byHand']>[string]>({ tripId: id, at: instant, odometer: nullable(odometer) }),
    ),
  ),
  voids: list(object<MachineMemory['voids'][number]>({ from: instant, to: instant })),
});

const machine = object<Machine>({ now: phase, memory: machineMemory });

export const activeTrip = object<ActiveTrip>({
  now: either<ActiveTrip['now'], 'phase'>('phase', open),
  tail: nullable(chunk),
  patched: flag,
  lastAt: instant,
  lastEventAt: instant,
  dueAt: instant,
});

export const memory = object<Memory>({
  memory: machineMemory,
  stale: nullable(openTrip),
  lastEventAt: instant,
  lastEventId: nullable(id),
  clearedAt: instant,
  clearedTo: instant,
  scheduled: list(text),
  dueAt: nullable(instant),
});

export const idlePoints = object<IdlePoints>({
  hours: list(object<IdlePoints['hours'][number]>({ hour: instant, points: number, receivedAt: instant })),
  deletedSince: nullable(instant),
  thinned: optional(object<Thinned>({ startedAt: instant, tripId: id, window: instant })),
  dueAt: nullable(instant),
});

export const polls = object<Polls>({
  cars: byId(
    object<CarPoll>({
      nextAt: instant,
      backOffUntil: instant,
      mark: nullable(text),
      lease: nullable(object<NonNullable<CarPoll['lease']>>({ id: text, until: instant })),
      lastReadAt: nullable(instant),
      failures: number,
      error: nullable(oneOf(...FAILURE_CODES)),
    }),
  ),
  dueAt: nullable(instant),
});

export const lookups = object<Lookups>({
  wishes: byId(
    object<Wish>({
      places: list(text),
      route: flag,
      isNowhere: flag,
      attempts: number,
      nextAt: nullable(instant),
    }),
  ),
  addresses: byId(nullable(text)),
  scannedAt: instant,
  dueAt: nullable(instant),
});

const carClaim = object<CarClaim>({ carId: nullable(text), device: nullable(text), tokenCarId: nullable(text) });
const dated = { id, at: instant, receivedAt: instant };
type PhoneEventOf<T extends PhoneEvent['type']> = PhoneEvent & { readonly type: T };

function phoneEvent<const T extends PhoneEvent['type']>(type: T) {
  return object<PhoneEventOf<T>>({
    ...dated,
    type: oneOf(type),
    fix: nullable(fix),
    car: carClaim,
    timeZone,
  } as never);
}

const carReading = object<CarReading>({
  ...dated,
  type: oneOf('car_reading'),
  carId: id,
  observed: flag,
  odometerMetres: nullable(number),
  resolutionMetres: number,
  position: nullable(position),
  state: drivingState,
  drives: optional(always),
  vouched: optional(always),
  source: text,
  timeZone,
});

type AnyEvent = { readonly [T in PhoneEvent['type']]: PhoneEventOf<T> }[PhoneEvent['type']] | CarReading;

const journalEvent = either<AnyEvent, 'type'>('type', {
  start: phoneEvent('start'),
  end: phoneEvent('end'),
  finalize: phoneEvent('finalize'),
  cancel: phoneEvent('cancel'),
  car_reading: carReading,
});

export const event = object<JournalEntry>({
  event: journalEvent,
  before: machine,
  reply: nullable(reply),
  identity: nullable(text),
  body: nullable(text),
  warnings: list(text),
  said: text,
  waiting: nullable(oneOf('orphan_end', 'late_event', 'too_old', 'second_end', 'suspicious_reading')),
  settled: flag,
  by: optional(actor),
});
