/**
 * Folding a stretch of time again: an event belongs to the time it carries, not to the moment it arrives.
 * The same pure step as on arrival, over the events in their own order, from the state before the first of them.
 */

import type { Discard } from './activity.ts';
import type { Fix, JournalEvent, Ping, Reply, TripEvent } from './events.ts';
import type { Machine, OpenTrip, Phase, WaitingReason } from './machine/state.ts';
import { tripIdOf } from './machine/open-trip.ts';
import { step } from './machine/table.ts';
import type { Context, Output, Turn } from './machine/turn.ts';
import { extend, NO_TRACK, type Totals } from './track.ts';
import type { Trip } from './trips.ts';

/** What the events say about one trip: a record, a reason why it is none, or neither (it is open, or never was). */
export interface Verdict {
  readonly booked: Trip | null;
  readonly discard: Discard | null;
}

export const NOTHING: Verdict = { booked: null, discard: null };

/** Outputs in order, as what they leave behind. */
export interface Ledger {
  readonly trips: ReadonlyMap<string, Verdict>;
  readonly waiting: ReadonlyMap<string, WaitingReason>;
  readonly believed: readonly string[];
}

export function ledgerOf(outputs: readonly Output[]): Ledger {
  const trips = new Map<string, Verdict>();
  const waiting = new Map<string, WaitingReason>();
  const believed: string[] = [];
  for (const one of outputs) {
    if (one.output === 'book') trips.set(one.trip.id, { booked: one.trip, discard: null });
    if (one.output === 'discard') trips.set(one.discard.tripId, { booked: null, discard: one.discard });
    if (one.output === 'reopen') trips.set(one.tripId, NOTHING);
    if (one.output === 'wait') waiting.set(one.eventId, one.reason);
    if (one.output === 'believe') believed.push(...one.readingIds);
  }
  for (const id of believed) waiting.delete(id);
  return { trips, waiting, believed };
}

/** The fixes that came with an event are points of their own: after a start, before anything else. */
export function withOwnPing(event: JournalEvent): readonly (JournalEvent | Ping)[] {
  const fix = event.type === 'car_reading' || event.type === 'cancel' ? null : event.fix;
  if (fix === null) return [event];
  const ping: Ping = { type: 'ping', fix, at: fix.at, receivedAt: event.receivedAt, own: true };
  return event.type === 'start' ? [event, ping] : [ping, event];
}

/** Events and points in the order they happened; those of one instant in the order they came. */
export function inOrder(events: readonly JournalEvent[], pings: readonly Ping[]): TripEvent[] {
  const sorted = events.toSorted((a, b) => a.at - b.at || a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1));
  const points = pings.toSorted((a, b) => a.at - b.at);
  const merged: TripEvent[] = [];
  let next = 0;
  for (const event of sorted) {
    const until = event.type === 'start' ? event.at : event.at + 1;
    for (let point = points[next]; point && point.at < until; point = points[++next]) merged.push(point);
    merged.push(...withOwnPing(event));
  }
  return [...merged, ...points.slice(next)];
}

export interface Folded {
  readonly machine: Machine;
  readonly outputs: readonly Output[];
  /** The machine just before each event, and what was answered. */
  readonly passed: ReadonlyMap<string, { readonly before: Machine; readonly reply: Reply | null }>;
  /** Whose each point is, in order: a trip's id, or `null` for nobody's. */
  readonly points: readonly { readonly fix: Fix; readonly tripId: string | null }[];
}

/** Folds events that are already in order. */
export function fold(base: Machine, events: readonly TripEvent[], context: Context): Folded {
  const outputs: Output[] = [];
  const passed = new Map<string, { before: Machine; reply: Reply | null }>();
  const points: { fix: Fix; tripId: string | null }[] = [];
  let machine = base;
  for (const event of events) {
    const turn: Turn = step(machine, event, context);
    if ('id' in event) passed.set(event.id, { before: machine, reply: turn.reply });
    if (event.type === 'ping') points.push({ fix: event.fix, tripId: ownerOf(turn.machine.now) });
    outputs.push(...turn.outputs);
    machine = turn.machine;
  }
  return { machine, outputs, passed, points };
}

/** The trip a point belongs to that was just folded. A trip that only waits for its car takes none. */
export function ownerOf(now: Phase): string | null {
  return now.phase === 'driving' || now.phase === 'paused' ? now.trip.id : null;
}

/** The trips a stretch of events may make, change or take back. */
export function touchedTrips(base: Machine, events: readonly JournalEvent[]): string[] {
  const open = base.now.phase === 'idle' ? [] : [base.now.trip.id];
  const closed = base.memory.closed.map(({ trip }) => trip.id);
  const opened = events
    .filter(({ type }) => type === 'start' || type === 'car_reading')
    .map(({ id }) => tripIdOf(id));
  return [...new Set([...open, ...closed, ...opened])];
}

/** What the state before a stretch already says about its trips. */
export function verdictsBefore(base: Machine): Map<string, Verdict> {
  return new Map(base.memory.closed.map(({ trip, booked, discard }) => [trip.id, { booked, discard }]));
}

/** The open trip measured anew over its points: late ones may have joined since. */
export function remeasure(trip: OpenTrip, fixes: readonly Fix[]): OpenTrip {
  const upTo = (at: number): Totals => fixes.filter((fix) => fix.at <= at).reduce(extend, NO_TRACK);
  return {
    ...trip,
    totals: fixes.reduce(extend, NO_TRACK),
    sign: { ...trip.sign, totals: upTo(trip.sign.at) },
    still: trip.still && { ...trip.still, totals: upTo(trip.still.at) },
  };
}
