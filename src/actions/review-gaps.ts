/** Gaps of the odometer among what wants a decision: of late, and as long as their user does not leave them open. */

import type { Actor } from '../domain/activity.ts';
import type { GapWish } from '../domain/gap-fill.ts';
import { isOpen } from '../domain/odometer-chain.ts';
import { unprocessable } from '../domain/problem.ts';
import { actionsFor, type Review } from '../domain/reviews.ts';
import { nameOfField, type TripEdit } from '../domain/trip-edits.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { fillGap, gapOf } from './gap-fill.ts';
import { carLinks } from './odometer-check.ts';
import { noteDecision, type Decided, type Decision } from './review-decisions.ts';
import { ensureUser } from './users.ts';

const DAY_MS = 24 * 3_600_000;
/** Older ones are in the odometer check. */
const LISTED_MS = 60 * DAY_MS;
/** As many are remembered. */
const MOST_DISMISSED = 500;

/** Newest first. Reads the trips and readings of the last 60 days, of cars in use. */
export async function* openGaps(user: UserStore, now: number): AsyncGenerator<Review, void> {
  const owner = await user.get('user', '');
  if (owner === null) return;
  const dismissed = new Set(owner.dismissedGaps);
  const found: Review[] = [];
  for (const { id: carId } of owner.cars) {
    const { gaps } = await carLinks(user, carId, now - LISTED_MS);
    for (const gap of gaps) {
      if (isOpen(gap) && !dismissed.has(gap.id)) found.push({ kind: 'gap', id: gap.id, at: gap.toAt, carId, gap });
    }
  }
  yield* found.toSorted((a, b) => b.at - a.at || (a.id > b.id ? -1 : 1));
}

export function isAboutGap(id: string): boolean {
  return id.startsWith('gap-');
}

/** Throws `not_found` for a gap that is none any more. */
export async function settleGap(
  deps: UserDeps,
  user: UserStore,
  id: string,
  decision: Decision,
  by: Actor,
): Promise<Decided> {
  const { gap, carId } = await gapOf(deps, user, id);
  const offered = actionsFor({ kind: 'gap', id, at: gap.toAt, carId, gap });
  if (!offered.includes(decision.action)) throw unprocessable('action', `one of ${offered.join(', ')} for this entry`);
  if (decision.action === 'make_trip') {
    const { activityId, trip } = await fillGap(deps, user, id, {
      wish: wishOf(decision.edit),
      confirm: true,
      by,
      reason: null,
    });
    return { activityId: activityId ?? '', trip };
  }
  return dismissGap(deps, user, id, by);
}

function dismissGap(deps: UserDeps, user: UserStore, id: string, by: Actor): Promise<Decided> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const owner = yield* ensureUser(deps, tx, user.email, now);
    const before = readDismissed(owner, id);
    const after = { id };
    writeDismissed(tx, owner, id, true);
    const written = { noun: 'gap', nounId: id, before, after } as const;
    return { activityId: noteDecision({ deps, tx, owner, by, now }, written), trip: null };
  });
}

/** What the feed tells of a gap that is left open. */
export interface DismissedGap {
  readonly id: string;
}

function readDismissed({ dismissedGaps = [] }: User, id: string): DismissedGap | null {
  return dismissedGaps.includes(id) ? { id } : null;
}

function writeDismissed(tx: Tx, owner: User, id: string, isDismissed: boolean): void {
  const { dismissedGaps: known = [], ...rest } = owner;
  const others = known.filter((one) => one !== id);
  const dismissedGaps = isDismissed ? [...others, id].slice(-MOST_DISMISSED) : others;
  tx.put('user', '', { ...rest, ...(dismissedGaps.length > 0 && { dismissedGaps }) });
}

export function* dismissedGap(tx: Tx, id: string): Work<DismissedGap | null> {
  const owner = yield* tx.get('user', '');
  return owner && readDismissed(owner, id);
}

export function restoreGap(tx: Tx, owner: User, id: string, was: DismissedGap | null): DismissedGap | null {
  writeDismissed(tx, owner, id, was !== null);
  return was;
}

const FIXED = ['carId', 'timeZone', 'distanceMetres', 'startOdometerMetres', 'endOdometerMetres'] as const;

/** The car, and how far, is what the odometer says. */
function wishOf(edit: TripEdit): GapWish {
  const given = FIXED.find((field) => edit[field] !== undefined);
  if (given) throw unprocessable(nameOfField(given), 'left out: it is what the odometer says');
  return edit;
}
