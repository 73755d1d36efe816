/** Moving points between trips: all those of a stretch of time, to whom they belong after it was folded again. */

import type { Fix } from '../domain/events.ts';
import { chunkOf, decodePoints, distinct, type Chunk } from '../domain/points.ts';
import { tripsIn, type Folded } from '../domain/timeline.ts';
import { windowOf } from '../domain/track.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Arrival, Stretch } from './journal.ts';
import type { Loaded } from './machine-docs.ts';
import { chunkId, chunksOf, countIdle, IDLE } from './points.ts';

interface Placed {
  readonly fix: Fix;
  /** A trip's id, or `IDLE`. */
  readonly tripId: string;
}

interface Stored {
  readonly tripId: string;
  readonly chunk: Chunk;
}

export interface Tracks {
  readonly stored: readonly Stored[];
  /** The points since the stretch began, one per instant, in order. */
  readonly since: readonly Placed[];
  /** Those before it in the same windows: they stay where they are. */
  readonly earlier: readonly Placed[];
}

/** The points since a stretch began, of every trip that may have some and of nobody. */
export function* tracksOf(tx: Tx, before: Loaded, stretch: Stretch): Work<Tracks> {
  const stored: Stored[] = [];
  for (const tripId of [...ownersIn(before, stretch), IDLE]) {
    for (const chunk of yield* chunksOf(tx, tripId, stretch.from, Number.MAX_SAFE_INTEGER)) {
      stored.push({ tripId, chunk });
    }
  }
  const points = withTail(stored, before).flatMap(({ tripId, chunk }) =>
    decodePoints(chunk).map((fix) => ({ fix, tripId })),
  );
  const kept = new Set(distinct(points.map(({ fix }) => fix)));
  return {
    stored,
    since: points.filter(({ fix }) => fix.at >= stretch.from && kept.has(fix)).toSorted((a, b) => a.fix.at - b.fix.at),
    earlier: points.filter(({ fix }) => fix.at < stretch.from),
  };
}

function ownersIn(before: Loaded, { base, from, entries }: Stretch): Set<string> {
  const machines = [base, ...entries.map((entry) => entry.before), before.machine];
  const over = machines.flatMap(({ memory }) => memory.closed.filter(({ closingAt }) => closingAt < from));
  const ids = new Set(machines.flatMap(tripsIn).map(({ id }) => id));
  const open = new Set(machines.flatMap(({ now }) => (now.phase === 'idle' ? [] : [now.trip.id])));
  for (const { trip } of over) if (!open.has(trip.id)) ids.delete(trip.id);
  return ids;
}

/** The open trip's last chunk lies with the trip; where it is stored as well, the trip's is newer. */
function withTail(stored: readonly Stored[], { active }: Loaded): readonly Stored[] {
  const tail = active?.tail;
  if (!active || !tail) return stored;
  const tripId = active.now.trip.id;
  const others = stored.filter((one) => one.tripId !== tripId || one.chunk.window !== tail.window);
  return [...others, { tripId, chunk: tail }];
}

/**
 * Lays every point of the stretch under the trip it belongs to now. What the user settled gets nothing new, and a point
 * of nobody's that was forgotten, an event's own, stays forgotten.
 */
export function* writeTracks(tx: Tx, tracks: Tracks, { points, machine }: Folded, arrival: Arrival): Work<void> {
  const { settled } = machine.memory;
  const { receivedAt } = arrival;
  const owners = new Map(tracks.since.map(({ fix, tripId }) => [fix.at, tripId]));
  const arrived = instantsOf(arrival);
  const placed = points.flatMap(({ fix, tripId }): Placed[] => {
    const isLocked = tripId !== null && settled[tripId] !== undefined;
    const owner = isLocked ? (owners.get(fix.at) ?? IDLE) : (tripId ?? IDLE);
    const isForgotten = owner === IDLE && !owners.has(fix.at) && !arrived.has(fix.at);
    return isForgotten ? [] : [{ fix, tripId: owner }];
  });
  const wanted = Map.groupBy([...tracks.earlier, ...placed], ({ fix, tripId }) => chunkId(tripId, windowOf(fix.at)));
  const stored = new Map(tracks.stored.map(({ tripId, chunk }) => [chunkId(tripId, chunk.window), chunk]));
  const gained = new Map<number, number>();
  for (const id of new Set([...stored.keys(), ...wanted.keys()])) {
    const old = stored.get(id);
    const chunk = chunkOf((wanted.get(id) ?? []).map(({ fix }) => fix));
    if (chunk && chunk.points !== old?.points) tx.put('chunk', id, chunk);
    if (!chunk && old) tx.remove('chunk', id);
    const [tripId, window] = id.split('/');
    const more = (chunk?.count ?? 0) - (old?.count ?? 0);
    if (tripId === IDLE && more !== 0) gained.set(Number(window), more);
  }
  yield* countIdle(tx, gained, receivedAt);
}

function instantsOf({ entry, pings }: Arrival): Set<number> {
  return new Set([...(entry ? [entry.event.at] : []), ...pings.map(({ at }) => at)]);
}
