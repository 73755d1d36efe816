/** From what a phone, a tracker or a car said to a trip in the logbook. One transaction per request. */

import type { Actor } from '../domain/activity.ts';
import type { ActiveTrip } from '../domain/machine/state.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import type { Reply } from '../domain/events.ts';
import type { Position } from '../domain/geo.ts';
import type { DrivingState, PhoneEvent } from '../domain/events.ts';
import type { SaidTime } from '../domain/timestamps.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import type { Deps } from './deps.ts';

/** A position as a client gave it, already read: usable degrees, at most 7 decimals. */
export interface SaidPosition extends Position {
  readonly accuracyMetres: number | null;
  readonly speedKmh: number | null;
}

/** One phone event as it was understood. A part that could not be read is `null` and has left a warning. */
export interface SaidEvent {
  readonly type: PhoneEvent['type'];
  readonly eventId: string | null;
  readonly time: SaidTime | null;
  readonly position: SaidPosition | null;
  readonly carId: string | null;
  readonly device: string | null;
  /** The car the credential is bound to. */
  readonly tokenCarId: string | null;
  /** The body as it came (query included), for telling the same event and for support. */
  readonly said: string;
  readonly warnings: readonly string[];
}

export interface SaidPoint extends SaidPosition {
  readonly time: SaidTime | null;
}

/** A ping: one or many points, none of them needed. */
export interface SaidPing {
  readonly points: readonly SaidPoint[];
  /** Points that could not be read at all. */
  readonly unreadable: number;
  readonly carId: string | null;
  readonly device: string | null;
  readonly tokenCarId: string | null;
  readonly warnings: readonly string[];
}

export interface SaidReading {
  readonly odometerMetres: number | null;
  readonly resolutionMetres: number;
  readonly position: Position | null;
  readonly state: DrivingState;
  /** `null`: the source gave no time. */
  readonly at: number | null;
  /** `manual`, `push` or a provider's name. */
  readonly source: string;
  readonly note: string | null;
}

export interface Outcome {
  readonly reply: Reply;
  /** With `finished`: the trip as it stands in the book. */
  readonly trip: Trip | null;
  readonly warnings: readonly string[];
  readonly accepted: number;
  readonly rejected: number;
}

/** Records a start, end, finalize or cancel. A user unknown to the store is created (the edge decides who may be). */
export async function recordEvent(deps: Deps, user: UserStore, said: SaidEvent): Promise<Outcome> {
  throw new Error(`not built: ${deps.clock.now()} ${user.email} ${said.type}`);
}

export async function recordPing(deps: Deps, user: UserStore, said: SaidPing): Promise<Outcome> {
  throw new Error(`not built: ${deps.clock.now()} ${user.email} ${said.points.length}`);
}

/** Records what a car (or a person, source `manual`) says. Answers the reading kept, or `null` when it held no odometer. */
export async function recordReading(
  deps: Deps,
  user: UserStore,
  carId: string,
  said: SaidReading,
): Promise<OdometerReading | null> {
  throw new Error(`not built: ${deps.clock.now()} ${user.email} ${carId} ${said.source}`);
}

/** Removes a reading and what the rules remember of it. `false`: there is none. */
export async function removeReading(deps: Deps, user: UserStore, readingId: string, by: Actor): Promise<boolean> {
  throw new Error(`not built: ${deps.clock.now()} ${user.email} ${readingId} ${by.kind}`);
}

/** Tells the rules that the user decided about a trip: from now on they leave it alone. `measures`: also its distance. */
export function* settleTrip(tx: Tx, trip: Trip, measures: boolean, now: number): Work<void> {
  yield* tx.get('memory', 'memory');
  throw new Error(`not built: ${trip.id} ${measures} ${now}`);
}

/** The open trip with its running distance in metres, or `null`. Changes nothing. */
export async function activeTrip(user: UserStore): Promise<{ trip: ActiveTrip; distanceMetres: number } | null> {
  throw new Error(`not built: ${user.email}`);
}

export interface DueWork {
  readonly due: number;
  readonly finished: number;
  readonly failed: number;
  readonly remaining: number;
}

/** Lets the clock speak for every user who is due: stale, paused, late. One user's failure harms nobody else. */
export async function runDue(deps: Deps, deadline: number): Promise<DueWork> {
  throw new Error(`not built: ${deps.clock.now()} ${deadline}`);
}
