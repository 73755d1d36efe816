/** Facts the trip machine is told: what a client sent, what a car answered. Past tense, already read and dated. */

import type { CarClaim } from './cars.ts';
import type { Position } from './geo.ts';

/** Where somebody was, and when. Coordinates have at most 7 decimals. */
export interface Fix extends Position {
  readonly at: number;
  readonly accuracyMetres: number | null;
  readonly speedKmh: number | null;
}

interface Dated {
  /** Made at the edge. A trip carries the id of the event that opened it. */
  readonly id: string;
  /** When it happened. */
  readonly at: number;
  /** When we got it. */
  readonly receivedAt: number;
}

/** What a phone says about a whole drive. `timeZone` is the user's when it was received. */
export interface PhoneEvent extends Dated {
  readonly type: 'start' | 'end' | 'finalize' | 'cancel';
  readonly fix: Fix | null;
  readonly car: CarClaim;
  readonly timeZone: string;
}

export type DrivingState = 'driving' | 'parked' | 'unknown';

/** One answer about one car. `at` is the car's time where it gave one. */
export interface CarReading extends Dated {
  readonly type: 'car_reading';
  readonly carId: string;
  /** `false`: the source has no times of its own and `at` is ours. */
  readonly observed: boolean;
  readonly odometerMetres: number | null;
  /** The step of the odometer: 1,000 for whole kilometres. */
  readonly resolutionMetres: number;
  readonly position: Position | null;
  readonly state: DrivingState;
  /** The answer this is a part of says, for whatever instant, that the car drives. */
  readonly drives?: true;
  /** The user says that it is right, however unlikely. */
  readonly vouched?: true;
  /** `manual`, `push` or the provider's name. */
  readonly source: string;
  /** The user's zone when it was received. */
  readonly timeZone: string;
}

/** A car that did not answer. Changes no trip. */
export interface CarFailure extends Dated {
  readonly type: 'car_failure';
  readonly carId: string;
}

/** One fix of a phone or tracker. `own` fixes came with a start or an end and say nothing new about life. */
export interface Ping {
  readonly type: 'ping';
  readonly fix: Fix;
  readonly at: number;
  readonly receivedAt: number;
  readonly own: boolean;
}

/** The clock. */
export interface Tick {
  readonly type: 'tick';
  readonly at: number;
  readonly receivedAt: number;
}

/** Events kept in the journal and folded again when one turns up late. */
export type JournalEvent = PhoneEvent | CarReading;

export type TripEvent = JournalEvent | CarFailure | Ping | Tick;

/** What the caller is told; the codes of `contract` §2. */
export const REPLY_CODES = [
  'started',
  'resumed',
  'already_active',
  'recorded',
  'ending',
  'finished',
  'paused_at_stop',
  'discarded',
  'no_active_trip',
  'cancelled',
] as const;
export type ReplyCode = (typeof REPLY_CODES)[number];

export interface Reply {
  readonly code: ReplyCode;
  readonly tripId: string | null;
  readonly duplicate: boolean;
}
