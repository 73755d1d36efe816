/** A cancel that is taken back has never been; and taking that back cancels the drive again: on every store. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { undo } from '../../src/actions/undo.ts';
import type { Activity } from '../../src/domain/activity.ts';
import { all, tripsOf } from '../support/book.ts';
import { asItHappens, DAY_START, dayOf, HOUR, inParts, send, shuffledOf, type Arriving } from '../support/drives.ts';
import { logbookOf } from '../support/logbook.ts';
import type { Runs } from '../support/runs.ts';
import type { Scene, Stage } from '../support/stage.ts';

const BY = { kind: 'open' } as const;
const UNTIL = DAY_START + 100 * HOUR;

/** A day, in order or not; after which message the driver cancels, and after how many more he regrets it. */
const stories = dayOf.chain((day) =>
  fc.tuple(
    fc.oneof(fc.constant(asItHappens(day, 2)), shuffledOf([...day.events, ...inParts(day.points, 3)])),
    fc.nat(12),
    fc.oneof(fc.constant(0), fc.nat(12)),
  ),
);

async function tell(one: Scene, arriving: readonly Arriving[]): Promise<void> {
  for (const { at, message } of arriving) {
    one.clock.set(Math.max(at, one.clock.now()));
    await send(one.wire, one.user, message);
  }
}

async function cancelled({ deps, user }: Scene): Promise<Activity | null> {
  const feed = await all(deps.store.forUser(user), 'activity');
  return feed.find(({ discard, undoneBy }) => discard?.reason === 'cancelled' && undoneBy === null) ?? null;
}

/**
 * Points of nobody are forgotten a day after they came, with whatever is written next; and where a late end of the
 * cancelled drive was, its track has known since the undo.
 */
async function ofTrips({ deps, user }: Scene, cancelledId: string) {
  const { points, ...logbook } = await logbookOf(deps.store, user);
  const { idle: _idle, [cancelledId]: _cancelled, ...others } = points;
  return { ...logbook, points: others };
}

/**
 * Plays a day, with a cancel in between that is regretted later, or without. `null`: nothing was open to be cancelled.
 * When points became nobody's, and so when they are forgotten, differs.
 */
function played({ scene }: Stage, arriving: readonly Arriving[], nth: number, more: number, cancels: boolean) {
  return scene(async (one) => {
    const store = one.deps.store.forUser(one.user);
    await tell(one, arriving.slice(0, nth));
    one.clock.advance(7);
    if (cancels) await one.wire.event(one.user, 'cancel', { place: null });
    await tell(one, arriving.slice(nth, nth + more));
    const entry = await cancelled(one);
    if (cancels && !entry) return null;
    if (entry) {
      const before = await ofTrips(one, entry.nounId);
      const undone = await undo(one.deps, store, entry.id, BY);
      await tripsOf(store);
      const redone = await undo(one.deps, store, undone.id, BY);
      expect(await ofTrips(one, entry.nounId)).toEqual(before);
      await undo(one.deps, store, redone.id, BY);
    }
    await tell(one, arriving.slice(nth + more));
    one.clock.set(UNTIL);
    const { points, ...logbook } = await one.logbook();
    return { ...logbook, points: { ...points, idle: null } };
  });
}

export function undoCancelContract(stage: Stage, runs: Runs, timeout: number): void {
  test('a cancel taken back has never been, and taken back again it has', { timeout }, async () => {
    let cancels = 0;
    await fc.assert(
      fc.asyncProperty(stories, async ([arriving, nth, more]) => {
        const logbook = await played(stage, arriving, nth, more, true);
        if (logbook === null) return;
        cancels += 1;
        expect(logbook).toEqual(await played(stage, arriving, nth, more, false));
      }),
      runs,
    );
    expect(cancels).toBeGreaterThan(runs.numRuns / 8);
  });
}
