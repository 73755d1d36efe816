/** Telling the trip rules that the user decided: from then on they leave a trip alone. */

import { START, type MachineMemory, type Memory } from '../domain/machine/state.ts';
import { LIMITS } from '../domain/settings.ts';
import { isMeasuredByHand } from '../domain/trip-edits.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';

/**
 * Of a trip no event can reach any more nothing need be remembered.
 * `measures`: times, places, car or distance too, not only what the trip was for.
 */
export function* settleTrip(tx: Tx, trip: Trip, measures: boolean, now: number): Work<void> {
  const stored = yield* memoryOf(tx, now);
  if (!isInReach(stored, trip, now)) return;
  const before = stored.memory.settled[trip.id]?.measures ?? false;
  write(tx, stored, trip, { at: now, measures: measures || before });
}

/** What was decided is taken back: what is left of it is what still stands in the trip as set by hand. */
export function* unsettleTrip(tx: Tx, trip: Trip, now: number): Work<void> {
  const stored = yield* memoryOf(tx, now);
  const before = stored.memory.settled[trip.id];
  if (!before && !isInReach(stored, trip, now)) return;
  const decided = { at: before?.at ?? now, measures: isMeasuredByHand(trip) };
  write(tx, stored, trip, trip.setByUser.length === 0 ? null : decided);
}

/** What the rules remember, or begin with. */
export function* memoryOf(tx: Tx, now: number): Work<Memory> {
  return (
    (yield* tx.get('memory', 'memory')) ?? {
      memory: START.memory,
      stale: null,
      lastEventAt: 0,
      lastEventId: null,
      clearedAt: now,
      clearedTo: 0,
      scheduled: [],
      dueAt: null,
    }
  );
}

function isInReach({ memory }: Memory, trip: Trip, now: number): boolean {
  return now - trip.createdAt <= LIMITS.journalMs || memory.closed.some((one) => one.trip.id === trip.id);
}

function write(tx: Tx, stored: Memory, { id }: Trip, decided: MachineMemory['settled'][string] | null): void {
  const { [id]: _, ...others } = stored.memory.settled;
  const settled = decided === null ? others : { ...others, [id]: decided };
  const stale = stored.stale?.id === id ? null : stored.stale;
  tx.put('memory', 'memory', { ...stored, stale, memory: { ...stored.memory, settled } });
}
