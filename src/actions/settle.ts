/** Telling the trip rules that the user decided: from then on they leave a trip alone. */

import { START } from '../domain/machine/state.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';

/**
 * Of a trip no event can reach any more nothing need be remembered.
 * `measures`: times, places, car or distance too, not only what the trip was for.
 */
export function* settleTrip(tx: Tx, trip: Trip, measures: boolean, now: number): Work<void> {
  const stored = (yield* tx.get('memory', 'memory')) ?? {
    memory: START.memory,
    stale: null,
    lastEventAt: 0,
    lastEventId: null,
    clearedAt: now,
    clearedTo: 0,
    scheduled: [],
    dueAt: null,
  };
  const { settled, closed } = stored.memory;
  const isInReach = now - trip.createdAt <= LIMITS.journalMs || closed.some((one) => one.trip.id === trip.id);
  if (!isInReach) return;
  const before = settled[trip.id]?.measures ?? false;
  const decided = { ...settled, [trip.id]: { at: now, measures: measures || before } };
  const stale = stored.stale?.id === trip.id ? null : stored.stale;
  tx.put('memory', 'memory', { ...stored, stale, memory: { ...stored.memory, settled: decided } });
}
