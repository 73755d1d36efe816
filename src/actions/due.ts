/** Letting the clock speak: what went stale, paused too long, or waits no longer. No car is asked here. */

import type { Tick } from '../domain/events.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import type { Context } from '../domain/machine/turn.ts';
import { advance, type InOrder } from './advance.ts';
import type { Deps } from './deps.ts';
import { contextOf, load, type Loaded } from './machine-docs.ts';
import { trimIdle } from './points.ts';
import { refold } from './refold.ts';

export interface DueWork {
  readonly due: number;
  readonly finished: number;
  readonly failed: number;
  readonly remaining: number;
}

const USERS_AT_ONCE = 100;

/** Serves every user of ours who is due, until `deadline` (epoch ms). One user's failure is logged and harms nobody else. */
export async function runDue(
  deps: Pick<Deps, 'store' | 'clock' | 'ids' | 'log'>,
  deadline: number,
  isOurs: (email: string) => boolean = () => true,
): Promise<DueWork> {
  const now = deps.clock.now();
  const seen = new Set<string>();
  let served = 0;
  let finished = 0;
  let failed = 0;
  for (;;) {
    const due = await deps.store.due(now, seen.size + USERS_AT_ONCE);
    const next = due.filter(({ email }) => !seen.has(email));
    if (next.length === 0) return { due: served, finished, failed, remaining: 0 };
    for (const { email } of next) seen.add(email);
    const ours = next.filter(({ email }) => isOurs(email));
    for (const [i, { email }] of ours.entries()) {
      if (deps.clock.now() >= deadline) return { due: served, finished, failed, remaining: ours.length - i };
      served += 1;
      try {
        finished += await tickUser(deps, deps.store.forUser(email), now);
      } catch (error) {
        failed += 1;
        deps.log.write('ERROR', 'a user could not be served when due', { error });
      }
    }
  }
}

/** Answers how many trips were finished. */
async function tickUser(deps: Pick<Deps, 'ids'>, store: UserStore, now: number): Promise<number> {
  return store.transact(function* (tx) {
    const user = yield* tx.get('user', '');
    if (!user) return 0;
    const context = contextOf(user);
    const before = yield* measured(deps, tx, now, context);
    const idle = yield* tx.get('idle', 'idle_points');
    if (idle?.dueAt && idle.dueAt <= now) yield* trimIdle(tx, idle.hours, now);
    const cleared = yield* clearJournal(tx, before, now);
    const tick: Tick = { type: 'tick', at: now, receivedAt: now };
    const arrival = { entry: null, pings: [], tick, receivedAt: now };
    const done = yield* advance(deps, tx, before, { ...arrival, ...cleared }, context);
    const open = before.active?.now.trip.id;
    return open !== undefined && done.trips.has(open) ? 1 : 0;
  });
}

/** The machine; where late points joined the open trip, with its signs of life read anew before the clock judges them. */
function* measured(deps: Pick<Deps, 'ids'>, tx: Tx, receivedAt: number, context: Context): Work<Loaded> {
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
function* clearJournal(tx: Tx, { active, stored }: Loaded, now: number): Work<Pick<InOrder, 'cleared'>> {
  if (stored === null || now - stored.clearedAt < DAY_MS) return {};
  const to = Math.min(now - LIMITS.journalMs, (active?.now.trip.startedAt ?? now) - 1);
  const where = { waiting: false };
  const rows = yield* tx.list('event', { order: 'asc', to, limit: CLEARED_AT_ONCE, where });
  for (const { id } of rows) tx.remove('event', id);
  if (rows.length < CLEARED_AT_ONCE) return { cleared: { clearedAt: now, clearedTo: Math.max(to, stored.clearedTo) } };
  // With more to clear, the next tick goes on.
  return { cleared: { ...stored, clearedTo: rows.at(-1)?.doc.event.at ?? stored.clearedTo } };
}
