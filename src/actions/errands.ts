/** Which of a user's cars are to be asked now, each leased to us so that nobody else asks it meanwhile. */

import type { ProviderId } from '../domain/connections.ts';
import type { Wanted } from '../domain/machine/wanted.ts';
import { askableAt, isNews, NO_POLLS, pollOf, withPolls, type CarPoll, type Polls } from '../domain/polls.ts';
import type { Sealed } from '../domain/secrets.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Maker, Makers } from './makers.ts';

export interface Errand {
  readonly carId: string;
  readonly provider: ProviderId;
  readonly vehicleId: string | null;
  readonly secretId: string | null;
  readonly sealed: Sealed | null;
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
    const maker = errand && makers.of(errand.provider);
    const wait = maker?.canAsk ? waitFor(maker, isNews(poll, one), now) : now + QUARTER_MS;
    if (errand && maker && wait <= now) {
      errands.push(errand);
      changes[one.carId] = { ...poll, lease: { id: leaseId, until: now + maker.timeLimitMs + NOTING_MS } };
    } else {
      changes[one.carId] = { ...poll, backOffUntil: wait };
    }
  }
  putPolls(tx, stored, withPolls(polls, changes, wanted));
  return errands;
}

/** `null`: the car is not connected (any more). */
function* errandFor(tx: Tx, wanted: Wanted, leaseId: string): Work<Errand | null> {
  const { carId } = wanted;
  const connection = (yield* tx.get('car', carId))?.connection ?? null;
  if (connection === null) return null;
  const { provider, vehicleId, secretId } = connection;
  const secret = secretId === null ? null : yield* tx.get('secret', secretId);
  return { carId, provider, vehicleId, secretId, sealed: secret?.sealed ?? null, wanted, leaseId };
}

const QUARTER_MS = 15 * 60_000;

/** Until when the maker, or what is left of its budget, forbids this call. */
function waitFor({ closedUntil, allowance }: Maker, news: boolean, now: number): number {
  const forbidden = allowance === 'none' || (allowance === 'marks' && !news);
  return Math.max(closedUntil, forbidden ? now + QUARTER_MS : 0);
}

/** Written when it differs from what is stored. */
export function putPolls(tx: Tx, stored: Polls | null, polls: Polls): void {
  if (JSON.stringify(stored ?? NO_POLLS) !== JSON.stringify(polls)) tx.put('polls', 'polls', polls);
}
