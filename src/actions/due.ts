/** Letting the clock speak: what went stale, paused too long, or waits no longer. No car is asked here. */

import type { Tick } from '../domain/events.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { advance, tailOf } from './advance.ts';
import type { Deps } from './deps.ts';
import { contextOf, loaded } from './machine-docs.ts';
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
    const active = yield* tx.get('active', 'trip_start');
    if (active?.patched) yield* refoldPatched(deps, tx, now, context);
    const before = loaded(yield* tx.get('active', 'trip_start'), yield* tx.get('memory', 'memory'));
    const idle = yield* tx.get('idle', 'idle_points');
    if (idle?.dueAt && idle.dueAt <= now) yield* trimIdle(tx, idle.hours, now);
    const cleared = yield* clearJournal(tx, before.stored?.clearedAt ?? null, now);
    const tick: Tick = { type: 'tick', at: now, receivedAt: now };
    const arrival = { entry: null, pings: [], tick, receivedAt: now, tail: tailOf(before.active), patched: false };
    const done = yield* advance(deps, tx, before, { ...arrival, ...cleared }, context);
    return done.trips.size;
  });
}

/** Late points joined the open trip: its signs of life are read anew before the clock judges them. */
function* refoldPatched(
  deps: Pick<Deps, 'ids'>,
  tx: Tx,
  receivedAt: number,
  context: ReturnType<typeof contextOf>,
): Work<void> {
  const before = loaded(yield* tx.get('active', 'trip_start'), yield* tx.get('memory', 'memory'));
  yield* refold(deps, tx, before, { entry: null, pings: [], receivedAt }, context);
}

const CLEARED_AT_ONCE = 200;
const DAY_MS = 24 * 3_600_000;

/** Clears away events nothing can turn up late for any more; what waits for the user stays. */
function* clearJournal(tx: Tx, clearedAt: number | null, now: number): Work<{ clearedAt?: number }> {
  if (clearedAt === null || now - clearedAt < DAY_MS) return {};
  const rows = yield* tx.list('event', { order: 'asc', to: now - LIMITS.journalMs, limit: CLEARED_AT_ONCE });
  for (const { id, doc } of rows) if (doc.waiting === null || doc.settled) tx.remove('event', id);
  return { clearedAt: now };
}
