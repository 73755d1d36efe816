/** Whatever is decided in between, and however late events come: totals are sums, and nothing made of events counts a drive twice. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listReview } from '../../src/actions/review.ts';
import { settleReview } from '../../src/actions/review-actions.ts';
import { undo } from '../../src/actions/undo.ts';
import { mayBeOneDrive } from '../../src/domain/overlaps.ts';
import { Problem } from '../../src/domain/problem.ts';
import { actionsFor } from '../../src/domain/reviews.ts';
import { all, tripsOf } from '../support/book.ts';
import { dayOf, HOUR, send, shuffledOf } from '../support/drives.ts';
import { runs } from '../support/runs.ts';
import { stage, type Scene } from '../support/stage.ts';

const BY = { kind: 'open' } as const;
const { scene } = stage();

const told = dayOf.chain((day) => shuffledOf(day.events));

/** Which entry, which of its actions, and whether it is taken back at once. */
interface Choice {
  readonly entry: number;
  readonly action: number;
  readonly isUndone: boolean;
}

const choice: fc.Arbitrary<Choice> = fc.record({ entry: fc.nat(5), action: fc.nat(5), isUndone: fc.boolean() });

async function decide({ deps, user, clock }: Scene, { entry, action, isUndone }: Choice) {
  const store = deps.store.forUser(user);
  const { items } = await listReview(store, { limit: 50, after: null }, clock.now());
  const listed = items.filter(({ kind }) => kind !== 'unclassified');
  const review = listed[entry % Math.max(1, listed.length)];
  if (!review) return;
  const offered = actionsFor(review).filter((one) => one !== 'rental');
  const wish = offered[action % offered.length] ?? 'confirm';
  const decision = wish === 'make_trip' ? { action: wish, edit: {} } : { action: wish as 'confirm' };
  try {
    const { activityId } = await settleReview(deps, store, review.id, decision, BY);
    if (isUndone) await undo(deps, store, activityId, BY);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** Trips that somebody made of events, in the time of another that may be the same drive. */
async function countedTwice({ deps, user }: Scene): Promise<string[]> {
  const trips = await tripsOf(deps.store.forUser(user));
  const made = trips.filter(({ openedBy }) => openedBy === 'user');
  return made.flatMap((one) =>
    trips.filter((other) => other.id !== one.id && mayBeOneDrive(one, other)).map(({ id }) => id),
  );
}

/** Starts and ends that are in no trip, wait for no decision, and were not decided about. */
async function unseen({ deps, user }: Scene): Promise<string[]> {
  const store = deps.store.forUser(user);
  const open = (await store.get('active', 'trip_start'))?.now.trip;
  const feed = await all(store, 'activity');
  const spans = [
    ...(await tripsOf(store)).map(({ startedAt, endedAt }) => ({ from: startedAt, to: endedAt })),
    ...feed.flatMap(({ discard }) => (discard ? [{ from: discard.startedAt, to: discard.endedAt }] : [])),
    ...(open ? [{ from: open.startedAt, to: Infinity }] : []),
  ];
  const entries = await all(store, 'event');
  const lost = entries.filter(
    ({ event, waiting, reply }) =>
      waiting === null && !reply?.duplicate && !spans.some(({ from, to }) => from <= event.at && event.at <= to),
  );
  return lost.map(({ event }) => `${event.type} ${event.at}`);
}

test('decisions between events that come late: no drive is lost, none counts twice, totals are sums', async () => {
  let decided = 0;
  await fc.assert(
    fc.asyncProperty(
      told,
      fc.array(choice, { minLength: 1, maxLength: 8 }),
      fc.nat(6),
      async (arriving, choices, nth) => {
        await scene(async (one) => {
          const left = [...choices];
          for (const [i, { at, message }] of arriving.entries()) {
            one.clock.set(Math.max(at, one.clock.now()));
            await send(one.wire, one.user, message);
            const next = i >= nth ? left.pop() : undefined;
            if (next) await decide(one, next);
            decided += next ? 1 : 0;
            expect(await countedTwice(one)).toEqual([]);
          }
          one.clock.advance(30 * HOUR);
          await one.logbook();
          for (const next of left) await decide(one, next);
          expect(await countedTwice(one)).toEqual([]);
          expect(await unseen(one)).toEqual([]);
        });
      },
    ),
    runs(40, 1_500),
  );
  expect(decided).toBeGreaterThan(20);
});
