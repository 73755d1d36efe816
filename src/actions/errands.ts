/** Which of a user's cars are to be asked now, each leased to us so that nobody else asks it meanwhile. */

import type { Connection } from '../domain/connections.ts';
import type { Wanted } from '../domain/machine/wanted.ts';
import { askableAt, isNews, NO_POLLS, pollOf, withPolls, type CarPoll, type Polls } from '../domain/polls.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Maker, Makers } from './makers.ts';

export interface Errand {
  readonly carId: string;
  readonly connection: Connection;
  readonly wanted: Wanted;
  /** Its outcome is noted only by whoever holds it. */
  readonly leaseId: string;
}

/** What noting an answer may take, beyond the call itself. */
const NOTING_MS = 30_000;

/**
 * `besides`: cars nobody waits for, asked this once; they are not due again for it. `leaseId`: made for this attempt, so
 * that whoever was too slow is told from whoever came after him.
 */
export function* takeErrands(
  tx: Tx,
  wanted: readonly Wanted[],
  besides: readonly Wanted[],
  { makers, leaseId, now }: { readonly makers: Makers; readonly leaseId: string; readonly now: number },
): Work<readonly Errand[]> {
  const stored = yield* tx.get('polls', 'polls');
  const polls = stored ?? NO_POLLS;
  const changes: Record<string, CarPoll> = {};
  const errands: Errand[] = [];
  for (const one of [...wanted, ...besides]) {
    const poll = pollOf(polls, one.carId);
    if (askableAt(poll, one) > now) continue;
    const errand = yield* errandFor(tx, one, leaseId);
    const maker = errand && makers.of(errand.connection.provider);
    const held = heldBack(poll, maker, isNews(poll, one), now);
    if (errand && maker && !held) errands.push(errand);
    const until = now + (maker?.timeLimitMs ?? 0) + NOTING_MS;
    changes[one.carId] = held ?? { ...poll, lease: { id: leaseId, until } };
  }
  putPolls(tx, stored, withPolls(polls, changes, wanted));
  return errands;
}

/** `null`: the car is not connected (any more). */
function* errandFor(tx: Tx, wanted: Wanted, leaseId: string): Work<Errand | null> {
  const { carId } = wanted;
  const connection = (yield* tx.get('car', carId))?.connection ?? null;
  return connection && { carId, connection, wanted, leaseId };
}

const QUARTER_MS = 15 * 60_000;

/** Later, because nobody can ask it, its maker is closed, or its budget forbids this call. `null`: now. */
function heldBack(poll: CarPoll, maker: Maker | null, news: boolean, now: number): CarPoll | null {
  if (maker === null || !maker.canAsk || maker.allowance === 'none') return { ...poll, backOffUntil: now + QUARTER_MS };
  if (maker.closedUntil > now) return { ...poll, backOffUntil: maker.closedUntil };
  return maker.allowance === 'marks' && !news ? { ...poll, nextAt: now + QUARTER_MS } : null;
}

/** Written when it differs from what is stored. */
export function putPolls(tx: Tx, stored: Polls | null, polls: Polls): void {
  if (JSON.stringify(stored ?? NO_POLLS) !== JSON.stringify(polls)) tx.put('polls', 'polls', polls);
}
