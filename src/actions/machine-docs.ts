/** The trip machine as it lies in the store: the open trip in one document, what outlives it in another. */

import type { Chunk } from '../domain/points.ts';
import { nextDue } from '../domain/machine/clock.ts';
import { START, type ActiveTrip, type Machine, type Memory, type Phase } from '../domain/machine/state.ts';
import type { Context } from '../domain/machine/turn.ts';
import { LIMITS } from '../domain/settings.ts';
import type { User } from '../domain/users.ts';
import type { Tx, Work } from '../seams/store.ts';

/** The machine with what its documents know besides. */
export interface Loaded {
  readonly machine: Machine;
  readonly active: ActiveTrip | null;
  readonly stored: Memory | null;
  readonly lastAt: number;
  readonly lastEventAt: number;
}

export function loaded(active: ActiveTrip | null, stored: Memory | null): Loaded {
  const known = stored?.memory ?? START.memory;
  const memory = { ...known, lastAt: Math.max(active?.lastAt ?? 0, known.lastAt) };
  const idle: Phase = stored?.stale ? { phase: 'stale', trip: stored.stale } : { phase: 'idle' };
  return {
    machine: { now: active?.now ?? idle, memory },
    active,
    stored,
    lastAt: memory.lastAt,
    lastEventAt: Math.max(active?.lastEventAt ?? 0, stored?.lastEventAt ?? 0),
  };
}

export function* load(tx: Tx): Work<Loaded> {
  return loaded(yield* tx.get('active', 'trip_start'), yield* tx.get('memory', 'memory'));
}

export function contextOf(user: User): Context {
  return { settings: user.settings, cars: user.cars, locations: user.locations, rules: [] };
}

export interface Saving {
  readonly machine: Machine;
  readonly tail: Chunk | null;
  readonly patched: boolean;
  readonly lastEventAt: number;
  readonly lastEventId: string | null;
  /** Only the clearing itself says so. */
  readonly cleared?: Pick<Memory, 'clearedAt' | 'clearedTo'>;
}

/** Old events are looked for once a day, as long as there may be some. */
const CLEARED_EVERY_MS = 24 * 3_600_000;

export function save(tx: Tx, before: Loaded, after: Saving, context: Context): void {
  const { now, memory } = after.machine;
  const dueAt = nextDue(after.machine, context);
  const isOpen = now.phase !== 'idle' && now.phase !== 'stale';
  if (isOpen) {
    const { tail, patched, lastEventAt } = after;
    tx.put('active', 'trip_start', { now, tail, patched, lastAt: memory.lastAt, lastEventAt, dueAt: dueAt ?? 0 });
  } else if (before.active) {
    tx.remove('active', 'trip_start');
  }
  const { clearedAt, clearedTo } = after.cleared ?? before.stored ?? { clearedAt: after.lastEventAt, clearedTo: 0 };
  const clearAt = after.lastEventAt > clearedAt - LIMITS.journalMs ? clearedAt + CLEARED_EVERY_MS : null;
  tx.put('memory', 'memory', {
    memory,
    stale: now.phase === 'stale' ? now.trip : null,
    lastEventAt: after.lastEventAt,
    lastEventId: after.lastEventId,
    clearedAt,
    clearedTo,
    dueAt: isOpen ? clearAt : earlier(clearAt, dueAt),
  });
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
