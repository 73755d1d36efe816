/** What an event costs does not grow with the trip it belongs to. */

import { describe, expect, test } from 'vitest';
import type { ActiveTrip } from '../../src/domain/machine/state.ts';
import { decodePoints } from '../../src/domain/points.ts';
import { trackOf } from '../../src/actions/tracks.ts';
import { counting, type Count, type Counting } from '../support/counting.ts';
import { DAY_START, HOUR } from '../support/drives.ts';
import { HOME, north } from '../support/places.ts';
import { stage, type Scene } from '../support/stage.ts';
import type { Said } from '../support/wires.ts';

const SECOND = 1_000;
const { scene } = stage();

interface Counted extends Scene {
  cost(act: () => Promise<unknown>): Promise<Count>;
}

function counted<T>(play: (one: Counted) => Promise<T>): Promise<T> {
  let counter: Counting | null = null;
  const wrap = (store: Scene['deps']['store']) => (counter = counting(store)).store;
  return scene(
    (one) =>
      play({
        ...one,
        async cost(act) {
          counter?.take();
          await act();
          return counter?.take() ?? { reads: NaN, writes: NaN };
        },
      }),
    { wrap },
  );
}

/** A point a second, 90 km/h northwards and back again, as often as it takes. */
function pointAt(second: number): Said {
  const lap = second % 7_200;
  const km = (lap < 3_600 ? lap : 7_200 - lap) / 40;
  return { place: north(HOME, km), accuracy: 8, timestamp: DAY_START + second * SECOND };
}

const seconds = (from: number, count: number) => Array.from({ length: count }, (_, i) => pointAt(from + i));

function activeOf({ deps, user }: Scene): Promise<ActiveTrip | null> {
  return deps.store.forUser(user).get('active', 'trip_start');
}

describe('the cost of an event', () => {
  test('start ≤ 4 + 3, ping ≤ 2 + 2, end with a trip ≤ 8 + 8, for a known user', async () => {
    await counted(async ({ wire, clock, user, cost }) => {
      await wire.event(user, 'start', { place: HOME });
      clock.advance(20 * 60 * SECOND);
      await wire.event(user, 'end', { place: north(HOME, 9) });
      clock.advance(3 * HOUR);
      const started = await cost(() =>
        wire.event(user, 'start', { place: HOME, eventId: 'a', timestamp: clock.now() }),
      );
      expect(started.reads).toBeLessThanOrEqual(4);
      expect(started.writes).toBeLessThanOrEqual(3);
      for (let minute = 0; minute < 6; minute += 1) {
        clock.advance(60 * SECOND);
        const pinged = await cost(() => wire.points(user, [{ place: north(HOME, minute) }]));
        expect(pinged.reads).toBeLessThanOrEqual(2);
        expect(pinged.writes).toBeLessThanOrEqual(2);
      }
      clock.advance(60 * SECOND);
      const ended = await cost(() =>
        wire.event(user, 'end', { place: north(HOME, 8), eventId: 'b', timestamp: clock.now() }),
      );
      expect(ended.reads).toBeLessThanOrEqual(8);
      expect(ended.writes).toBeLessThanOrEqual(8);
    });
  });

  test(
    'a ping in order costs the same at every point of a trip of 100,000; late ones touch their chunks alone',
    {
      timeout: 120_000,
    },
    async () => {
      await counted(async (one) => {
        const { wire, clock, user, cost } = one;
        await wire.event(user, 'start', { place: HOME });
        const sizes: number[] = [];
        for (let at = 1; at <= 100_000; at += 1_000) {
          clock.set(DAY_START + (at + 999) * SECOND);
          const batch = await cost(() => wire.points(user, seconds(at, 1_000)));
          expect(batch.reads).toBe(2);
          expect(batch.writes).toBeLessThanOrEqual(1 + Math.ceil(1_000 / 120));
          const active = await activeOf(one);
          sizes.push(JSON.stringify({ ...active, tail: null }).length);
          expect(active?.tail?.count).toBeLessThanOrEqual(120);
        }
        expect(Math.max(...sizes) - Math.min(...sizes.slice(1))).toBeLessThan(200);

        clock.set(DAY_START + 100_001 * SECOND);
        const single = await cost(() => wire.points(user, [pointAt(100_001)]));
        expect(single.reads).toBe(2);
        expect(single.writes).toBeLessThanOrEqual(2);
        for (const second of [10.5, 50_000.5, 99_000.5]) {
          const late = await cost(() => wire.points(user, [pointAt(second)]));
          expect(late.reads).toBeLessThanOrEqual(4);
          expect(late.writes).toBeLessThanOrEqual(2);
        }
        await wire.event(user, 'end', { place: pointAt(100_001).place ?? null });
        const { trips, points } = await one.logbook();
        expect(trips).toMatchObject([{ distanceSource: 'gps', endedAt: DAY_START + 100_001 * SECOND }]);
        expect(trips[0]?.distanceMetres).toBeGreaterThan(2_490_000);
        expect(trips[0]?.distanceMetres).toBeLessThan(2_510_000);
        expect(points[trips[0]?.id ?? '']).toHaveLength(100_005);
        let read = 0;
        for await (const fixes of (await trackOf(one.deps.store.forUser(user), trips[0]?.id ?? '')).fixes) {
          read += fixes.length;
        }
        expect(read).toBe(100_005);
      });
    },
  );

  test.runIf(process.env['LONG'])('the same point by point', { timeout: 900_000 }, async () => {
    await counted(async (one) => {
      const { wire, clock, user, cost } = one;
      await wire.event(user, 'start', { place: HOME });
      for (let at = 1; at <= 100_000; at += 1) {
        clock.set(DAY_START + at * SECOND);
        const { reads, writes } = await cost(() => wire.points(user, [pointAt(at)]));
        if (reads !== 2 || writes > 2) expect([at, reads, writes]).toEqual([at, 2, 2]);
      }
      const ended = await cost(() => wire.event(user, 'end', { place: null }));
      expect(ended.reads).toBeLessThanOrEqual(8);
      expect(ended.writes).toBeLessThanOrEqual(8);
      expect((await one.logbook()).trips).toMatchObject([{ distanceSource: 'gps' }]);
    });
  });
});

describe('points of nobody', () => {
  test('at most 20,000 are kept, the oldest thinned; a day after they came they are gone', async () => {
    await counted(async (one) => {
      const { wire, clock, user, deps } = one;
      for (let at = 0; at < 26_000; at += 1_000) {
        clock.set(DAY_START + (at + 999) * SECOND);
        await wire.points(user, seconds(at, 1_000));
      }
      const store = deps.store.forUser(user);
      const idle = await store.get('idle', 'idle_points');
      const total = idle?.hours.reduce((sum, { points }) => sum + points, 0);
      const chunks = await store.list('chunk', { order: 'asc', trip: 'idle', limit: 1_000 });
      const kept = chunks.flatMap(({ doc }) => decodePoints(doc));
      expect(kept.length).toBe(total);
      expect(kept.length).toBeLessThanOrEqual(20_000);
      expect(kept.length).toBeGreaterThan(10_000);
      expect(kept.filter(({ at }) => at >= DAY_START + 20_000 * SECOND)).toHaveLength(6_000);
      expect(kept.some(({ at }) => at < DAY_START + 3_600 * SECOND)).toBe(true);

      clock.set(DAY_START + 24 * HOUR + 12_000 * SECOND);
      await wire.tick();
      const [oldest] = await store.list('chunk', { order: 'asc', trip: 'idle', limit: 1 });
      expect(oldest?.doc.firstAt).toBeGreaterThanOrEqual(DAY_START + 2 * HOUR);
      clock.set(DAY_START + 48 * HOUR);
      await wire.tick();
      expect(await store.list('chunk', { order: 'asc', trip: 'idle', limit: 1 })).toEqual([]);
      expect(await store.get('idle', 'idle_points')).toBe(null);
    });
  });

  test('points thinned in the very request that brings them are counted right', async () => {
    await scene(async ({ wire, clock, user, deps }) => {
      clock.set(DAY_START + 30 * HOUR);
      for (let at = 0; at < 24_000; at += 1_000) await wire.points(user, seconds(23_000 - at, 1_000));
      const store = deps.store.forUser(user);
      const idle = await store.get('idle', 'idle_points');
      const chunks = await store.list('chunk', { order: 'asc', trip: 'idle', limit: 1_000 });
      const total = idle?.hours.reduce((sum, { points }) => sum + points, 0);
      expect(chunks.reduce((sum, { doc }) => sum + doc.count, 0)).toBe(total);
      expect(total).toBeLessThanOrEqual(20_000);
    });
  });
});
