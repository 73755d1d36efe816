/** Letting the clock speak to a user: what went stale, paused too long, or waits no longer. No car is asked here. */

import type { Tick } from '../domain/events.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import type { Context } from '../domain/machine/turn.ts';
import { idleCars, wantedCars } from '../domain/machine/wanted.ts';
import { advance } from './advance.ts';
import { clearDeletedTracks } from './deleted-tracks.ts';
import type { Deps } from './deps.ts';
import { takeErrands, type Errand } from './errands.ts';
import { contextOf, load, readTogether, type Loaded, type Round } from './machine-docs.ts';
import type { Makers } from './makers.ts';
import { trimIdle } from './points.ts';
import { refold } from './refold.ts';

export interface Served {
  /** Whether the clock finished the trip that was open. */
  readonly finished: boolean;
  /** Cars to be asked now. */
  readonly errands: readonly Errand[];
}

const NOTHING: Served = { finished: false, errands: [] };

/** Lets the clock speak to one user's machine, and leases the cars that are to be asked. `everyCar`: also idle ones. */
export async function serveUser(
  deps: Pick<Deps, 'ids' | 'services'>,
  store: UserStore,
  makers: Makers,
  now: number,
  everyCar: boolean,
): Promise<Served> {
  const leaseId = deps.ids.next('req');
  return store.transact(function* (tx) {
    yield* readTogether(tx, 'user', 'active', 'memory', 'idle', 'polls');
    const user = yield* tx.get('user', '');
    if (!user) return NOTHING;
    const context = contextOf(user);
    const before = yield* measured(deps, tx, now, context);
    const idle = yield* tx.get('idle', 'idle_points');
    if (idle?.dueAt && idle.dueAt <= now) {
      yield* trimIdle(tx, idle.hours, now);
      yield* clearDeletedTracks(tx, now);
    }
    const round = { cleared: yield* clearJournal(tx, before, now) };
    const tick: Tick = { type: 'tick', at: now, receivedAt: now };
    const done = yield* advance(deps, tx, before, { entry: null, pings: [], tick, receivedAt: now, round }, context);
    const open = before.active?.now.trip.id;
    const wanted = wantedCars(done.machine, context);
    const besides = everyCar ? idleCars(wanted, context, now) : [];
    const errands = yield* takeErrands(tx, wanted, besides, { makers, leaseId, now });
    return { finished: open !== undefined && done.trips.has(open), errands };
  });
}

/** The machine; where late points joined the open trip, with its signs of life read anew before the clock judges them. */
function* measured(deps: Pick<Deps, 'ids' | 'services'>, tx: Tx, receivedAt: number, context: Context): Work<Loaded> {
  const before = yield* load(tx);
  if (!before.active?.patched) return before;
  yield* refold(deps, tx, before, { entry: null, pings: [], receivedAt }, context);
  return yield* load(tx);
}

const CLEARED_AT_ONCE = 200;
const DAY_MS = 24 * 3_600_000;

/**
 * Clears away events nothing can turn up late for any more, once a day. What waits for the user stays, and everything
 * since the open trip began: late points may have to be folded from there.
 */
function* clearJournal(tx: Tx, { active, stored }: Loaded, now: number): Work<Round['cleared']> {
  if (stored === null || now - stored.clearedAt < DAY_MS) return null;
  const to = Math.min(now - LIMITS.journalMs, (active?.now.trip.startedAt ?? now) - 1);
  const where = { waiting: false };
  const rows = yield* tx.list('event', { order: 'asc', to, limit: CLEARED_AT_ONCE, where });
  for (const { id } of rows) tx.remove('event', id);
  if (rows.length < CLEARED_AT_ONCE) return { clearedAt: now, clearedTo: Math.max(to, stored.clearedTo) };
  // With more to clear, the next tick goes on.
  return { clearedAt: stored.clearedAt, clearedTo: rows.at(-1)?.doc.event.at ?? stored.clearedTo };
}
