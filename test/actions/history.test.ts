/** A history folded again says what it said before: what is known already changes nothing, and no point is lost. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { all, tripsOf } from '../support/book.ts';
import { runs } from '../support/runs.ts';
import { dump } from '../support/dump.ts';
import { logbookOf } from '../support/logbook.ts';
import { HOME } from '../support/places.ts';
import { stage, type Scene } from '../support/stage.ts';
import { CARS, happening, tell } from '../support/stories.ts';

const { scene } = stage();
const stories = fc.array(happening, { minLength: 3, maxLength: 25 });

async function said({ deps, user }: Scene) {
  const store = deps.store.forUser(user);
  const feed = await all(store, 'activity');
  return { ...(await logbookOf(deps.store, user)), feed, trips: await tripsOf(store) };
}

describe('a history folded again', () => {
  test('with a point it knows already: trips, feed, review list and points stay as they are', async () => {
    await fc.assert(
      fc.asyncProperty(stories, fc.nat(24), fc.nat(24), async (story, when, which) => {
        await scene(
          async (one) => {
            for (const each of story.slice(0, when + 3)) await tell(one, each);
            const before = await said(one);
            const known = Object.values(before.points).flat();
            const [at, lat, lng] = (known[which % Math.max(1, known.length)] ?? '').split(' ').map(Number);
            if (at === undefined || lat === undefined || lng === undefined || known.length === 0) return;
            await one.wire.points(one.user, [{ place: { lat, lng }, timestamp: at }]);
            expect(await said(one)).toEqual(before);
          },
          { cars: CARS },
        );
      }),
      runs(60, 3_000),
    );
  });

  test('no accepted point vanishes: each is one trip’s, or nobody’s', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        await scene(
          async (one) => {
            const sent: number[] = [];
            for (const each of story) {
              const at = await tell(one, each.type === 'tick' ? { ...each, type: 'ping' } : each);
              if (each.type === 'ping' || each.type === 'tick') sent.push(at);
            }
            const { points } = await logbookOf(one.deps.store, one.user);
            const kept = new Set(
              Object.values(points)
                .flat()
                .map((point) => Number(point.split(' ')[0])),
            );
            const dayAgo = one.clock.now() - 24 * 3_600_000;
            expect(sent.filter((at) => at >= dayAgo && !kept.has(at))).toEqual([]);
          },
          { cars: CARS },
        );
      }),
      runs(60, 3_000),
    );
  });

  test('costs no write to the book where nothing changed', async () => {
    await scene(async (one) => {
      const { wire, clock, user, path } = one;
      const start = clock.now();
      await wire.event(user, 'start', { place: HOME });
      clock.advance(20 * 60_000);
      await wire.event(user, 'end', { place: HOME });
      clock.advance(60_000);
      await wire.points(user, [{ place: HOME, timestamp: start + 60_000 }]);
      const before = dump(path, user);
      clock.advance(60_000);
      await wire.points(user, [{ place: HOME, timestamp: start + 60_000 }]);
      expect(dump(path, user)).toEqual(before);
    });
  });
});
