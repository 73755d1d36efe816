/** The machine's transaction for what arrives in order: step, then write the new state and everything it produced. */

import type { Fix, Ping, Reply, Tick, TripEvent } from '../domain/events.ts';
import { follow } from '../domain/machine/open-trip.ts';
import { isTooLate } from '../domain/machine/ping.ts';
import type { ActiveTrip, Machine, OpenTrip } from '../domain/machine/state.ts';
import type { Context, Output } from '../domain/machine/turn.ts';
import { ledgerOf, ownerOf, stepsOf, type Step } from '../domain/timeline.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import type { Arrival, Draft } from './journal.ts';
import { doubt, writeBelieved, writeEntry, writeVerdicts } from './ledger.ts';
import { save, type Loaded, type Saving } from './machine-docs.ts';
import { addPoint, flush, insertPoints, keepIdle, tailOf, type Tail } from './points.ts';

/** What arrived, all of it at or after the last instant known. */
export interface InOrder extends Arrival {
  readonly tick: Tick | null;
  readonly round?: Saving['round'];
}

export interface Advanced {
  readonly machine: Machine;
  readonly reply: Reply | null;
  readonly trips: ReadonlyMap<string, Trip>;
  /** Points no chunk had room for. */
  readonly refused: number;
}

export function* advance(
  deps: Pick<Deps, 'ids' | 'services'>,
  tx: Tx,
  before: Loaded,
  arrival: InOrder,
  context: Context,
): Work<Advanced> {
  const { entry, receivedAt } = arrival;
  const round = arrival.round && { round: arrival.round };
  const { machine, tail, outputs, reply, idle, refused } = yield* stepAll(tx, before, arrival, context);
  const ledger = ledgerOf(outputs);
  const trips = yield* writeVerdicts(deps, tx, ledger.trips, machine.memory, receivedAt);
  yield* keepIdle(tx, idle, receivedAt);
  yield* writeBelieved(tx, ledger);
  if (entry) {
    const waiting = ledger.waiting.get(entry.event.id) ?? null;
    writeEntry(tx, { ...entry, before: before.machine, reply, waiting });
    if (waiting === 'suspicious_reading') yield* doubt(tx, entry.event.id, true);
  }
  save(tx, before, { machine, tail, patched: false, ...marks(before, entry), ...round }, context);
  return { machine, reply, trips, refused };
}

interface Stepped {
  readonly machine: Machine;
  readonly tail: ActiveTrip['tail'];
  readonly outputs: readonly Output[];
  readonly reply: Reply | null;
  readonly idle: readonly Fix[];
  readonly refused: number;
}

/** Every event in turn; its points go to the trip that is open then. */
function* stepAll(tx: Tx, before: Loaded, { entry, pings, tick }: InOrder, context: Context): Work<Stepped> {
  const outputs: Output[] = [];
  const idle: Fix[] = [];
  let { machine } = before;
  let tail: Tail = tailOf(before.active);
  let reply: Reply | null = null;
  let refused = 0;
  for (const { event, turn } of steps(
    machine,
    [...(entry ? [entry.event] : pings), ...(tick ? [tick] : [])],
    context,
  )) {
    machine = turn.machine;
    outputs.push(...turn.outputs);
    if (event.type !== 'ping' || !event.own) reply = turn.reply;
    if (event.type === 'start' && turn.reply?.code === 'started') {
      flush(tx, tail);
      tail = { tripId: turn.reply.tripId, chunk: null, fresh: true };
    }
    if (event.type !== 'ping') continue;
    const owner = ownerOf(machine.now);
    const longer = owner === null ? null : yield* addPoint(tx, tail, owner, event.fix);
    if (longer) tail = longer;
    else if (owner === null) idle.push(event.fix);
    else refused += 1;
  }
  const isOpen = machine.now.phase !== 'idle' && machine.now.phase !== 'stale' && machine.now.trip.id === tail.tripId;
  if (!isOpen) flush(tx, tail);
  return { machine, tail: isOpen ? tail.chunk : null, outputs, reply, idle, refused };
}

function* steps(before: Machine, events: readonly TripEvent[], context: Context): Generator<Step> {
  let machine = before;
  for (const event of events) machine = yield* stepsOf(machine, event, context);
}

function marks(before: Loaded, entry: Draft | null) {
  const isPhone = entry !== null && entry.event.type !== 'car_reading';
  return {
    lastEventAt: Math.max(before.lastEventAt, entry?.event.at ?? 0),
    lastEventId: isPhone ? entry.event.id : (before.stored?.lastEventId ?? null),
  };
}

export interface Followed {
  readonly tripId: string;
  readonly refused: number;
}

/**
 * The hot path: points of a trip that is being driven touch the active trip and the chunks they fall into. Those in order
 * are followed; late ones only join the track, and its sums are taken anew with the next event.
 * `null`: this is not such a case, and nothing was written.
 */
export function* followTrip(
  tx: Tx,
  active: ActiveTrip,
  late: readonly Fix[],
  pings: readonly Ping[],
  context: Context,
): Work<Followed | null> {
  const { now } = active;
  const [first] = pings;
  if (now.phase !== 'driving' || (first && first.at <= active.lastAt)) return null;
  const followed = followAll(now.trip, pings, context);
  if (!followed) return null;
  const inserted = yield* insertPoints(tx, tailOf(active), now.trip.id, late);
  const accepted: Ping[] = [];
  let { tail } = inserted;
  for (const ping of pings) {
    const longer = yield* addPoint(tx, tail, now.trip.id, ping.fix);
    if (!longer) continue;
    accepted.push(ping);
    tail = longer;
  }
  const refused = pings.length - accepted.length;
  const trip = refused === 0 ? followed : accepted.reduce(follow, now.trip);
  const lastAt = pings.at(-1)?.at ?? active.lastAt;
  const patched = active.patched || inserted.changed;
  tx.put('active', 'trip_start', { ...active, now: { phase: 'driving', trip }, tail: tail.chunk, patched, lastAt });
  return { tripId: trip.id, refused };
}

/** `null`: one of them comes after so long a silence that the trip is over. */
function followAll(open: OpenTrip, pings: readonly Ping[], context: Context): OpenTrip | null {
  let trip = open;
  for (const ping of pings) {
    if (isTooLate(trip, ping, context)) return null;
    trip = follow(trip, ping);
  }
  return trip;
}
