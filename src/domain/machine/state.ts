/** What the trip machine knows between two events. Plain values only: it is stored as it is. */

import type { CarChoice } from '../cars.ts';
import type { Fix, JournalEvent, Reply } from '../events.ts';
import type { Position } from '../geo.ts';
import type { CarMemory, CarSeen, Odometer } from '../odometer.ts';
import type { Actor, Discard } from '../activity.ts';
import type { ClosedBy, OpenedBy, ReviewReason, Stop, Trip } from '../trips.ts';
import type { Chunk } from '../points.ts';
import type { Totals } from '../track.ts';

export interface Sign {
  readonly at: number;
  readonly receivedAt: number;
  readonly fix: Fix | null;
  /** The track as it stood at this sign. */
  readonly totals: Totals;
}

export interface OpenTrip {
  readonly id: string;
  readonly openedBy: OpenedBy;
  readonly timeZone: string;
  readonly startedAt: number;
  readonly startFix: Fix | null;
  /** The latest `start` that was about this trip. */
  readonly lastStartAt: number;
  readonly car: CarChoice;
  readonly sign: Sign;
  /** The phone has sent something since its start. */
  readonly heard: boolean;
  readonly totals: Totals;
  readonly lastFix: Fix | null;
  readonly stops: readonly Stop[];
  /** The car's last known value when the trip opened, if observed since its last trip's end. */
  readonly knownOdometer: Odometer | null;
  readonly startOdometer: (Odometer & { readonly estimated: boolean }) | null;
  readonly lastSeen: CarSeen | null;
  readonly moved: boolean;
  /** First of the fresh readings in a row that say the car stands still. */
  readonly still: {
    readonly at: number;
    readonly position: Position | null;
    readonly readings: number;
    readonly totals: Totals;
  } | null;
}

/** The `end` a trip waits with. */
export interface EndSeen {
  readonly eventId: string;
  readonly at: number;
  readonly fix: Fix | null;
}

export interface Pause {
  readonly at: number;
  readonly position: Position | null;
  readonly totals: Totals;
  /** The stop location the trip pauses in; `null` when only the car stands still. */
  readonly locationId: string | null;
  /** The newest the trip heard since; a pause by the car runs out from here. */
  readonly heardAt: number;
  /** The car's odometer while it pauses. */
  readonly odometer: Odometer | null;
}

/** The one open drive of a user, or none. `stale` is closed in the book but may still go on. */
export type Phase =
  | { readonly phase: 'idle' }
  | { readonly phase: 'driving'; readonly trip: OpenTrip }
  | {
      readonly phase: 'ending';
      readonly trip: OpenTrip;
      readonly end: EndSeen;
      readonly until: number;
      /** First sign after the end that somebody drove on. */
      readonly droveOn: CarSeen | null;
    }
  | { readonly phase: 'paused'; readonly trip: OpenTrip; readonly pause: Pause }
  | { readonly phase: 'stale'; readonly trip: OpenTrip };

export type PhaseName = Phase['phase'];

/** A trip that is over, as the rules may still come back to it. */
export interface Closed {
  readonly trip: OpenTrip;
  readonly at: number;
  readonly estimated: boolean;
  readonly fix: Fix | null;
  readonly closedBy: ClosedBy;
  /** When what closed it happened: at or after `at`. */
  readonly closingAt: number;
  readonly totals: Totals;
  readonly endOdometer: Odometer | null;
  readonly reasons: readonly ReviewReason[];
  /** No reading is awaited any more. */
  readonly final: boolean;
  /** Until when a reading completes it as if it had come in time. */
  readonly waitUntil: number;
  /** Exactly one of the two. */
  readonly booked: Trip | null;
  readonly discard: Discard | null;
}

/** What outlives a trip. */
export interface MachineMemory {
  /** Newest first: the last trip of all and the last of each car. */
  readonly closed: readonly Closed[];
  readonly cars: Readonly<Record<string, CarMemory>>;
  /** The trip a second car's start interrupted, should that car only have passed by. */
  readonly interrupted: { readonly trip: OpenTrip; readonly by: string; readonly at: number } | null;
  readonly lastEnd: {
    readonly eventId: string;
    readonly at: number;
    readonly hadFix: boolean;
    readonly reply: Reply;
  } | null;
  /** The latest instant anything was folded at. */
  readonly lastAt: number;
  /** Trips the user settled, by id, until when that matters; `measures`: also their distance. */
  readonly settled: Readonly<Record<string, { readonly at: number; readonly measures: boolean }>>;
  /** Of each car the last trip somebody wrote down or measured by hand; an odometer there is its word for it. */
  readonly byHand?: Readonly<
    Record<string, { readonly tripId: string; readonly at: number; readonly odometer: Odometer | null }>
  >;
  /** Spans a `cancel` struck out: events in them open and complete nothing. */
  readonly voids: readonly { readonly from: number; readonly to: number }[];
}

export interface Machine {
  readonly now: Phase;
  readonly memory: MachineMemory;
}

export const START: Machine = {
  now: { phase: 'idle' },
  memory: { closed: [], cars: {}, interrupted: null, lastEnd: null, lastAt: 0, settled: {}, voids: [] },
};

/** Stored as `cache/trip_start` while a trip is open. */
export interface ActiveTrip {
  readonly now: Exclude<Phase, { phase: 'idle' | 'stale' }>;
  /** The chunk being written. */
  readonly tail: Chunk | null;
  /** A late point joined the track: its sums are measured anew with the next event. */
  readonly patched: boolean;
  /** The latest instant anything, or an event of the journal, was folded at. */
  readonly lastAt: number;
  readonly lastEventAt: number;
  /** When the clock may have something to say; never too late, often too early. */
  readonly dueAt: number;
}

/** Stored as `cache/memory`. */
export interface Memory {
  readonly memory: MachineMemory;
  readonly stale: OpenTrip | null;
  readonly lastEventAt: number;
  /** The phone event received last. */
  readonly lastEventId: string | null;
  /** When old events were last cleared away, and those up to which instant: what is left of them is no history. */
  readonly clearedAt: number;
  readonly clearedTo: number;
  /** What the polls know that cars are wanted for; anything else makes the user due at once. */
  readonly scheduled: readonly string[];
  readonly dueAt: number | null;
}

/**
 * Stored as `cache/idle_points`: points of no trip, kept a day for a start that turns up late; since when tracks of
 * deleted trips lie in the store, kept for as long as a deletion can be undone; and how far old tracks are thinned.
 */
export interface IdlePoints {
  readonly hours: readonly { readonly hour: number; readonly points: number; readonly receivedAt: number }[];
  readonly deletedSince: number | null;
  readonly thinned?: Thinned;
  readonly dueAt: number | null;
}

/** Of all trips in the order they started: the next, or the last there was, and its first window that is not done. */
export interface Thinned {
  readonly startedAt: number;
  readonly tripId: string;
  readonly window: number;
}

export type WaitingReason = 'orphan_end' | 'late_event' | 'too_old' | 'second_end' | 'suspicious_reading';

/** Stored under `events/`: an event, what was made of it, and the machine just before it. */
export interface JournalEntry {
  readonly event: JournalEvent;
  readonly before: Machine;
  readonly reply: Reply | null;
  /** Equal for events of one type, `event_id` and time; `null` without an `event_id`. */
  readonly identity: string | null;
  /** Equal for wholly equal bodies; `null` when they carry no time and so may be told twice. */
  readonly body: string | null;
  readonly warnings: readonly string[];
  /** The body as it came, cut to 1,000 characters. */
  readonly said: string;
  /** Why it wants a decision of the user; `null`: it does not. */
  readonly waiting: WaitingReason | null;
  /** The user decided; the rules leave it alone. */
  readonly settled: boolean;
  /** Whose `cancel` it is, or who let count again what a `cancel` had struck out. */
  readonly by?: Actor;
}
