/** Settling one entry of the review list: one request, one transaction, one entry of the feed that can be undone. */

import type { Actor } from '../domain/activity.ts';
import { Problem, unprocessable } from '../domain/problem.ts';
import { actionsFor, confirmed, lacksOnlyClass, waitsFor, type Review, type ReviewAction } from '../domain/reviews.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { changeMany, type Done } from './acts.ts';
import type { UserDeps } from './deps.ts';
import { rowsOf } from './pages.ts';
import { UNCLASSIFIED } from './review.ts';
import type { Decided, Deciding, Decision } from './review-decisions.ts';
import { settleEvent } from './review-events.ts';
import { isAboutGap, settleGap } from './review-gaps.ts';
import { settleReading } from './review-readings.ts';
import { settleTripReview } from './review-trips.ts';
import { ensureUser } from './users.ts';

/** Throws `not_found`, `conflict` for what is settled already, `unprocessable` for an action the entry does not offer. */
export async function settleReview(
  deps: UserDeps,
  user: UserStore,
  id: string,
  decision: Decision,
  by: Actor,
): Promise<Decided> {
  if (isAboutGap(id)) return settleGap(deps, user, id, decision, by);
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const owner = yield* ensureUser(deps, tx, user.email, now);
    const review = yield* reviewOf(tx, id);
    refuseOthers(actionsFor(review), decision);
    return yield* settle({ deps, tx, owner, by, now }, review, decision);
  });
}

function settle(deciding: Deciding, review: Review, decision: Decision): Work<Decided> {
  switch (review.kind) {
    case 'trip':
      return settleTripReview(deciding, review.trip, decision);
    case 'event':
      return settleEvent(deciding, review.entry, decision);
    case 'reading':
      return settleReading(deciding, review.reading, decision);
    case 'gap':
    case 'unclassified':
      throw new Error(`what is ${review.kind} is settled by an act of its own`);
  }
}

function* reviewOf(tx: Tx, id: string): Work<Review> {
  const trip = yield* tx.get('trip', id);
  if (trip?.needsReview) return { kind: 'trip', id, at: trip.startedAt, trip };
  const reading = yield* tx.get('odometer_reading', id);
  if (reading?.suspicious) return { kind: 'reading', id, at: reading.at, reading };
  const entry = yield* tx.get('event', id);
  if (entry !== null && waitsFor(entry) !== null) return { kind: 'event', id, at: entry.event.at, entry };
  if (trip === null && reading === null && entry === null) throw new Problem('not_found', 'There is no such entry.');
  throw nothingLeft();
}

function nothingLeft(): Problem {
  return new Problem('conflict', 'There is nothing left to decide about this; it was settled already.');
}

function refuseOthers(offered: readonly ReviewAction[], { action }: Pick<Decision, 'action'>): void {
  if (!offered.includes(action)) throw unprocessable('action', `one of ${offered.join(', ')} for this entry`);
}

/** All trips that lack nothing but a class are right as they are: one act, undone as one. */
export async function confirmClasses(
  deps: UserDeps,
  user: UserStore,
  { action }: Decision,
  by: Actor,
  dryRun: boolean,
): Promise<Done> {
  refuseOthers(['confirm'], { action });
  const ids = await unclassifiedOf(user);
  if (ids.length === 0) throw nothingLeft();
  const act = { cause: 'review', by, now: deps.clock.now(), decides: true, dryRun } as const;
  return changeMany(deps, user, act, ids, (trip) => (lacksOnlyClass(trip) && !trip.locked ? confirmed(trip) : null));
}

async function unclassifiedOf(user: UserStore): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id, doc } of rowsOf(user, 'trip', { order: 'desc', where: { needsReview: true } })) {
    if (lacksOnlyClass(doc) && !doc.locked) ids.push(id);
  }
  return ids;
}

export function isAboutClasses(id: string): boolean {
  return id === UNCLASSIFIED;
}
