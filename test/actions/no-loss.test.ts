/** Every accepted start and end ends up somewhere its driver can see, whatever came in whatever order. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activity } from '../../src/domain/activity.ts';
import type { PhoneEvent } from '../../src/domain/events.ts';
import type { JournalEntry } from '../../src/domain/machine/state.ts';
import { all, tripsOf } from '../support/book.ts';
import { DAY_START, HOUR } from '../support/drives.ts';
import { runs } from '../support/runs.ts';
import { stage, type Scene } from '../support/stage.ts';
import { CARS, happening, tell } from '../support/stories.ts';

const MINUTE = 60_000;
const { scene } = stage();

describe('no end, no loss', () => {
  test('every start and end is in a trip, discarded with a reason, or waits in the review list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 25 }), async (story) => {
        const lost = await scene(
          async (one) => {
            for (const each of story) await tell(one, each);
            one.clock.advance(30 * HOUR);
            await one.logbook();
            return unseen(one);
          },
          { cars: CARS },
        );
        expect(lost).toEqual([]);
      }),
      runs(60, 3_000),
    );
  });
});

/** Starts and ends that are nowhere to be seen. */
async function unseen({ deps, user }: Scene): Promise<string[]> {
  const store = deps.store.forUser(user);
  const entries = await all(store, 'event');
  const feed = await all(store, 'activity');
  const open = (await store.get('active', 'trip_start'))?.now.trip;
  const spans = [
    ...(await tripsOf(store)).map(({ startedAt, endedAt }) => ({ from: startedAt, to: endedAt })),
    ...feed.flatMap(spanOf),
    ...(open ? [{ from: open.startedAt, to: Infinity }] : []),
  ];
  const isSeen = (entry: JournalEntry) => {
    const { at } = entry.event;
    return entry.waiting !== null || entry.reply?.duplicate || spans.some(({ from, to }) => from <= at && at <= to);
  };
  const isBound = (type: string): type is PhoneEvent['type'] => type === 'start' || type === 'end';
  return entries.filter(({ event }) => isBound(event.type)).flatMap((entry) => (isSeen(entry) ? [] : [lineOf(entry)]));
}

function spanOf({ discard }: Activity) {
  return discard ? [{ from: discard.startedAt, to: discard.endedAt }] : [];
}

function lineOf({ event, reply }: JournalEntry): string {
  return `${event.type} ${(event.at - DAY_START) / MINUTE} ${JSON.stringify(reply)}`;
}
