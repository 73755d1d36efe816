/**
 * Folding a stretch of time again: an event belongs to the time it carries, not to the moment it arrives.
 * The same pure step as on arrival, over the events in their own order, from the state before the first of them.
 */

import type { Discard } from './activity.ts';
import type { Fix, JournalEvent, Ping, Reply, TripEvent } from './events.ts';
import { elapse } from './machine/clock.ts';
import { closeStale } from './machine/close.ts';
import type { Machine, OpenTrip, Phase, WaitingReason } from './machine/state.ts';
import { step } from './machine/table.ts';
import { andThen, go, isSettled, stay, type Context, type Output, type Turn } from './machine/turn.ts';
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

/** An event, and the point that came with it, each with what it did. */
export interface Step {
  readonly event: TripEvent;
  readonly turn: Turn;
}

/**
 * One event in its turn. A fix that came with it is a point of its own: after a start, before anything else. A start told
 * twice adds none where the first knew its place.
 */
export function* stepsOf(machine: Machine, event: TripEvent, context: Context): Generator<Step, Machine> {
  const own = ownPing(event);
  let current = machine;
  if (own && event.type !== 'start') {
    const turn = step(current, own, context);
    yield { event: own, turn };
    current = turn.machine;
  }
  const turn = step(current, event, context);
  yield { event, turn };
  if (!own || event.type !== 'start' || isKnownPlace(turn)) return turn.machine;
  const after = step(turn.machine, own, context);
  yield { event: own, turn: after };
  return after.machine;
}

function ownPing(event: TripEvent): Ping | null {
  if (event.type !== 'start' && event.type !== 'end' && event.type !== 'finalize') return null;
  const { fix, receivedAt } = event;
  return fix && { type: 'ping', fix, at: fix.at, receivedAt, own: true };
}

function isKnownPlace({ machine: { now }, reply }: Turn): boolean {
  return reply?.duplicate === true && now.phase === 'driving' && (now.trip.lastFix?.at ?? 0) >= now.trip.lastStartAt;
}

/** Events and points in the order they happened; those of one instant in the order they came. */
export function inOrder(events: readonly JournalEvent[], pings: readonly Ping[]): TripEvent[] {
  const sorted = events.toSorted((a, b) => a.at - b.at || a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1));
  const points = pings.toSorted((a, b) => a.at - b.at);
  const merged: TripEvent[] = [];
  let next = 0;
  for (const event of sorted) {
    const until = event.type === 'start' || event.type === 'car_reading' ? event.at : event.at + 1;
    for (let point = points[next]; point && point.at < until; point = points[++next]) merged.push(point);
    merged.push(event);
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

/** The machine as it was known to be just before an event, when it was received. */
export type Known = (eventId: string) => Machine | null;

/** Folds events that are already in order. `silent`: events that do nothing; the machine just before them is told all the same. */
export function fold(
  base: Machine,
  events: readonly TripEvent[],
  context: Context,
  known: Known,
  silent: ReadonlySet<string> = new Set(),
): Folded {
  const outputs: Output[] = [];
  const passed = new Map<string, { before: Machine; reply: Reply | null }>();
  const points: { fix: Fix; tripId: string | null }[] = [];
  let machine = base;
  for (const event of events) {
    if ('id' in event && silent.has(event.id)) {
      passed.set(event.id, { before: machine, reply: null });
      continue;
    }
    if ('id' in event) {
      const current = caughtUp(machine, known(event.id), event, context);
      outputs.push(...current.outputs);
      machine = current.machine;
    }
    const before = machine;
    for (const { event: each, turn } of stepsOf(machine, event, context)) {
      if (each.type === 'ping') points.push({ fix: each.fix, tripId: ownerOf(turn.machine.now) });
      else if ('id' in each) passed.set(each.id, { before, reply: turn.reply });
      outputs.push(...turn.outputs);
      machine = turn.machine;
    }
  }
  return { machine, outputs, passed, points };
}

/** The trip a point belongs to that was just folded. A trip that only waits for its car takes none. */
export function ownerOf(now: Phase): string | null {
  return now.phase === 'driving' || now.phase === 'paused' ? now.trip.id : null;
}

/** The trips a machine knows of: the open one and those it may still come back to. */
export function tripsIn({ now, memory }: Machine): OpenTrip[] {
  const closed = memory.closed.map(({ trip }) => trip);
  return now.phase === 'idle' ? closed : [now.trip, ...closed];
}

/** What a history says about its trips: those of the state before it, then what its events made of them. */
function verdictsOf(base: Machine, { machine, outputs }: Folded): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const { trip, booked, discard } of base.memory.closed) verdicts.set(trip.id, { booked, discard });
  for (const [id, verdict] of ledgerOf(outputs).trips) verdicts.set(id, verdict);
  if (machine.now.phase !== 'idle' && machine.now.phase !== 'stale') verdicts.set(machine.now.trip.id, NOTHING);
  return verdicts;
}

/** The trips two histories from the same state disagree about: what the later one says of them, and the earlier one said. */
export function changedVerdicts(
  base: Machine,
  was: Folded,
  is: Folded,
): Map<string, { readonly was: Verdict; readonly is: Verdict }> {
  const before = verdictsOf(base, was);
  const after = verdictsOf(base, is);
  const changed = new Map<string, { was: Verdict; is: Verdict }>();
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(id) ?? NOTHING, after.get(id) ?? NOTHING];
    if (JSON.stringify(old) !== JSON.stringify(now)) changed.set(id, { was: old, is: now });
  }
  return changed;
}

/**
 * What the clock had done by then, of which a history knows nothing: spans it saw run out, and silence. As long as a
 * trip gave no later sign of life it was heard when it was heard, and what was called stale is stale.
 */
export function caughtUp(
  machine: Machine,
  known: Machine | null,
  heard: { readonly at: number; readonly receivedAt: number },
  context: Context,
): Turn {
  const { now, memory } = machine;
  if (now.phase === 'idle' || now.phase === 'stale') return stay(machine);
  const then = known?.now ?? now;
  const isKnown = then.phase !== 'idle' && then.trip.id === now.trip.id;
  if (now.phase !== 'driving') return isKnown ? stay(machine) : elapse(machine, heard.receivedAt + 1, context);
  if (!isKnown) {
    if (!isSettled(memory, now.trip.id, heard)) return stay(machine);
    return andThen(closeStale(machine, now.trip, heard.at, context), (closed) => go(closed, { phase: 'idle' }));
  }
  if (then.phase !== 'driving' && then.phase !== 'stale') return stay(machine);
  const [sign, last] = [now.trip.sign, then.trip.sign];
  const isLater = sign.at > last.at;
  const receivedAt = isLater ? Math.max(sign.receivedAt, last.receivedAt) : last.receivedAt;
  const trip = { ...now.trip, sign: { ...sign, receivedAt } };
  if (isLater || then.phase === 'driving') return go(machine, { ...now, trip });
  return closeStale(machine, trip, heard.at, context);
}

/** The latest instant the state speaks of: an event before it comes too late for a fold from here. */
export function reachOf({ now, memory }: Machine): number {
  const instants = [
    ...tripsIn({ now, memory }).flatMap((trip) => [trip.sign.at, trip.lastStartAt, trip.lastFix?.at ?? 0]),
    ...memory.closed.map(({ at }) => at),
    ...Object.values(memory.cars).map(({ seen }) => seen?.at ?? 0),
    memory.lastEnd?.at ?? 0,
  ];
  if (now.phase === 'ending') instants.push(now.end.at);
  if (now.phase === 'paused') instants.push(now.pause.heardAt);
  return Math.max(0, ...instants);
}
