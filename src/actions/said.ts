/** What a client said, as the edge understood it, and what it is told. */

import type { CarAnswer } from '../domain/car-answers.ts';
import type { PhoneEvent, Reply } from '../domain/events.ts';
import type { Position } from '../domain/geo.ts';
import type { SaidTime } from '../domain/timestamps.ts';
import type { Trip } from '../domain/trips.ts';

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

export interface SaidReading extends CarAnswer {
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
