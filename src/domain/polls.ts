/** When each connected car of a user is to be asked, and what came of it last. */

import type { Wanted } from './machine/wanted.ts';
import { WANTS_THE_USER, type ConnectionHealth, type FailureCode } from './connections.ts';

/** Stored as `cache/polls`. */
export interface Polls {
  readonly cars: Readonly<Record<string, CarPoll>>;
  /** When the first of the cars that are wanted is to be asked. */
  readonly dueAt: number | null;
}

export interface CarPoll {
  /** Not before, unless something happened that it has not been asked about yet. */
  readonly nextAt: number;
  /** Not before, whatever happened: it is left alone. */
  readonly backOffUntil: number;
  /** What it was asked about last: a trip's start, its end. */
  readonly mark: string | null;
  /** Who is asking it right now, and until when nobody else does. */
  readonly lease: { readonly id: string; readonly until: number } | null;
  readonly lastReadAt: number | null;
  /** Failures in a row, and the last of them. */
  readonly failures: number;
  readonly error: FailureCode | null;
}

export const NO_POLLS: Polls = { cars: {}, dueAt: null };

const NEVER_ASKED: CarPoll = {
  nextAt: 0,
  backOffUntil: 0,
  mark: null,
  lease: null,
  lastReadAt: null,
  failures: 0,
  error: null,
};

export function pollOf({ cars }: Polls, carId: string): CarPoll {
  return cars[carId] ?? NEVER_ASKED;
}

/** From when on the car may be asked about it. */
export function askableAt({ nextAt, backOffUntil, mark, lease }: CarPoll, wanted: Wanted): number {
  return Math.max(lease?.until ?? 0, backOffUntil, mark === wanted.mark ? nextAt : 0);
}

/** Something happened that the car has not been asked about yet. */
export function isNews(poll: CarPoll, wanted: Wanted): boolean {
  return poll.mark !== wanted.mark;
}

/** The polls with what changed about some cars, and due again when the first of the wanted may be asked. */
export function withPolls(polls: Polls, changes: Readonly<Record<string, CarPoll>>, wanted: readonly Wanted[]): Polls {
  const cars = { ...polls.cars, ...changes };
  const after = { cars, dueAt: null };
  const dues = wanted.map((one) => askableAt(pollOf(after, one.carId), one));
  return { cars, dueAt: dues.length === 0 ? null : Math.min(...dues) };
}

/** How well it goes with a car. */
export function healthOf(polls: Polls | null, carId: string): ConnectionHealth {
  const poll = polls?.cars[carId];
  if (!poll) return { state: 'ok', lastReadAt: null, error: null };
  const { lastReadAt, error } = poll;
  if (error === null) return { state: 'ok', lastReadAt, error };
  return { state: WANTS_THE_USER.has(error) ? 'relink_required' : 'failing', lastReadAt, error };
}
