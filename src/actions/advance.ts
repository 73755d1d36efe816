/** The machine's transaction for what arrives in order: step, then write the new state and everything it produced. */

import type { Fix, Ping, Reply, Tick } from '../domain/events.ts';
import { follow } from '../domain/machine/open-trip.ts';
import { isTooLate } from '../domain/machine/ping.ts';
import type { ActiveTrip, Machine, OpenTrip } from '../domain/machine/state.ts';
import { step } from '../domain/machine/table.ts';
import type { Context, Output } from '../domain/machine/turn.ts';
import { ledgerOf, ownerOf, withOwnPing } from '../domain/timeline.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import { writeBelieved, writeEntry, writeVerdicts } from './ledger.ts';
import { save, type Loaded } from './machine-docs.ts';
import { addPoint, flush, keepIdle, type Tail } from './points.ts';
import type { Draft } from './refold.ts';

/** What arrived, all of it at or after the last instant known. */
export interface InOrder {
  readonly entry: Draft | null;
  readonly pings: readonly Ping[];
  readonly tick: Tick | null;
  readonly receivedAt: number;
  /** The tail, where late points have joined it already. */
  readonly tail: Tail;
  readonly patched: boolean;
  readonly clearedAt?: number;
}

export interface Advanced {
  readonly machine: Machine;
  readonly reply: Reply | null;
  readonly trips: ReadonlyMap<string, Trip>;
  /** Points no chunk had room for. */
  readonly refused: number;
}

export function tailOf(active: ActiveTrip | null): Tail {
  return { tripId: active?.now.trip.id ?? null, chunk: active?.tail ?? null, fresh: active?.tail != null };
}

export function* advance(
  deps: Pick<Deps, 'ids'>,
  tx: Tx,
  before: Loaded,
  arrival: InOrder,
  context: Context,
): Work<Advanced> {
  const { entry, tick, receivedAt } = arrival;
  const events = [...(entry ? withOwnPing(entry.event) : arrival.pings), ...(tick ? [tick] : [])];
  const outputs: Output[] = [];
  const idle: Fix[] = [];
  let { machine } = before;
  let { tail } = arrival;
  let reply: Reply | null = null;
  let refused = 0;
  for (const event of events) {
    const turn = step(machine, event, context);
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

  const ledger = ledgerOf(outputs);
  const trips = yield* writeVerdicts(deps, tx, ledger.trips, receivedAt);
  yield* keepIdle(tx, idle, receivedAt);
  yield* writeBelieved(tx, ledger);
  if (entry) {
    const waiting = ledger.waiting.get(entry.event.id) ?? null;
    writeEntry(tx, { ...entry, before: before.machine, reply, waiting });
  }
  const isPhone = entry !== null && entry.event.type !== 'car_reading';
  save(
    tx,
    before,
    {
      machine,
      tail: isOpen ? tail.chunk : null,
      patched: isOpen && arrival.patched,
      lastEventAt: Math.max(before.lastEventAt, entry?.event.at ?? 0),
      lastEventId: isPhone ? entry.event.id : (before.stored?.lastEventId ?? null),
      ...(arrival.clearedAt === undefined ? {} : { clearedAt: arrival.clearedAt }),
    },
    context,
  );
  return { machine, reply, trips, refused };
}

/**
 * The hot path: points in order for a trip that is being driven touch the active trip and at most one chunk each.
 * `null`: this is not such a case, and nothing was written.
 */
export function* followTrip(
  tx: Tx,
  active: ActiveTrip,
  pings: readonly Ping[],
  context: Context,
): Work<{ readonly tripId: string; readonly refused: number } | null> {
  const { now } = active;
  const [first] = pings;
  if (now.phase !== 'driving' || !first || first.at <= active.lastAt) return null;
  let trip: OpenTrip = now.trip;
  for (const ping of pings) {
    if (isTooLate(trip, ping, context)) return null;
    trip = follow(trip, ping);
  }
  let tail = tailOf(active);
  let refused = 0;
  for (const { fix } of pings) {
    const longer = yield* addPoint(tx, tail, trip.id, fix);
    if (longer) tail = longer;
    else refused += 1;
  }
  const lastAt = pings.at(-1)?.at ?? active.lastAt;
  tx.put('active', 'trip_start', { ...active, now: { phase: 'driving', trip }, tail: tail.chunk, lastAt });
  return { tripId: trip.id, refused };
}
