/** The trip machine as it lies in the store: the open trip in one document, what outlives it in another. */

import type { Chunk } from '../domain/points.ts';
import { nextDue } from '../domain/machine/clock.ts';
import { wantedCars, wishesOf } from '../domain/machine/wanted.ts';
import { START, type ActiveTrip, type Machine, type Memory, type Phase } from '../domain/machine/state.ts';
import type { Context } from '../domain/machine/turn.ts';
import { LIMITS } from '../domain/settings.ts';
import type { User } from '../domain/users.ts';
import { TRAITS } from '../seams/documents.ts';
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

type SingleKind = 'user' | 'active' | 'memory' | 'idle' | 'polls';

/** Reads documents a user has one of in one round trip. What is read again afterwards costs nothing. */
export function* readTogether(tx: Tx, ...kinds: readonly SingleKind[]): Work<void> {
  yield* tx.getMany(kinds.map((kind) => ({ kind, id: TRAITS[kind].onlyId ?? '' })));
}

export function* load(tx: Tx): Work<Loaded> {
  return loaded(yield* tx.get('active', 'trip_start'), yield* tx.get('memory', 'memory'));
}

export function contextOf(user: User): Context {
  return { settings: user.settings, cars: user.cars, locations: user.locations, rules: user.rules };
}

export interface Saving {
  readonly machine: Machine;
  readonly tail: Chunk | null;
  readonly patched: boolean;
  readonly lastEventAt: number;
  readonly lastEventId: string | null;
  readonly round?: Round;
}

/** Only the round of the clock looks after the cars that are wanted now. `cleared`: what it cleared away of the journal. */
export interface Round {
  readonly cleared: Pick<Memory, 'clearedAt' | 'clearedTo'> | null;
}

/** Old events are looked for once a day, as long as there may be some. */
const CLEARED_EVERY_MS = 24 * 3_600_000;

/** Writes what differs from what is stored. */
export function save(tx: Tx, before: Loaded, after: Saving, context: Context): void {
  const { now, memory } = after.machine;
  const { lastEventAt, lastEventId } = after;
  const wishes = wishesOf(wantedCars(after.machine, context));
  const scheduled = after.round ? wishes : (before.stored?.scheduled ?? []);
  const isNews = wishes.some((wish) => !scheduled.includes(wish));
  const dueAt = isNews ? memory.lastAt : nextDue(after.machine, context);
  const isOpen = now.phase !== 'idle' && now.phase !== 'stale';
  if (isOpen) {
    const { tail, patched } = after;
    const active: ActiveTrip = { now, tail, patched, lastAt: memory.lastAt, lastEventAt, dueAt: dueAt ?? 0 };
    if (!isSame(active, before.active)) tx.put('active', 'trip_start', active);
  } else if (before.active) {
    tx.remove('active', 'trip_start');
  }
  const { clearedAt, clearedTo } = after.round?.cleared ?? before.stored ?? { clearedAt: lastEventAt, clearedTo: 0 };
  const clearAt = lastEventAt > clearedAt - LIMITS.journalMs ? clearedAt + CLEARED_EVERY_MS : null;
  const stored: Memory = {
    memory,
    stale: now.phase === 'stale' ? now.trip : null,
    lastEventAt,
    lastEventId,
    clearedAt,
    clearedTo,
    scheduled,
    dueAt: isOpen ? clearAt : earlier(clearAt, dueAt),
  };
  if (!isSame(stored, before.stored)) tx.put('memory', 'memory', stored);
}

function isSame(doc: object, stored: object | null): boolean {
  return stored !== null && JSON.stringify(doc) === JSON.stringify(stored);
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
