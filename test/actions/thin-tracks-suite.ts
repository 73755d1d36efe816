/** Old tracks lose points, trips nothing; what an event can still reach is left whole: on every store. */

import { expect, test } from 'vitest';
import { changeSettings } from '../../src/actions/settings.ts';
import { cutTrip } from '../../src/actions/split-trips.ts';
import { pollAll } from '../../src/actions/poll.ts';
import { thinTracks } from '../../src/actions/thin-tracks.ts';
import { trackOf } from '../../src/actions/tracks.ts';
import { removeTrip } from '../../src/actions/trips.ts';
import { undo } from '../../src/actions/undo.ts';
import type { Fix } from '../../src/domain/events.ts';
import { metresFromLine } from '../../src/domain/simplify.ts';
import type { UserStore } from '../../src/seams/store.ts';
import { all } from '../support/book.ts';
import { HOME, north } from '../support/places.ts';
import type { Scene, Stage } from '../support/stage.ts';

const BY = { kind: 'open' } as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A point every ten seconds, with a wobble of some metres, sent every two minutes. */
async function drive({ wire, clock, user }: Scene, minutes = 12): Promise<void> {
  await wire.event(user, 'start', { place: HOME });
  for (let minute = 2; minute <= minutes; minute += 2) {
    clock.advance(120_000);
    const points = Array.from({ length: 12 }, (_, i) => {
      const nth = minute * 6 - 11 + i;
      const { lat, lng } = north(HOME, nth / 5);
      return { place: { lat, lng: lng + (nth % 2) / 5_000 }, timestamp: clock.now() - (11 - i) * 10_000 };
    });
    await wire.points(user, points);
  }
  clock.advance(10_000);
  await wire.event(user, 'end', { place: north(HOME, minutes * 1.2 + 0.2) });
}

async function fixesOf(store: UserStore, id: string): Promise<Fix[]> {
  const fixes: Fix[] = [];
  for await (const some of (await trackOf(store, id)).fixes) fixes.push(...some);
  return fixes;
}

interface Old {
  readonly one: Scene;
  readonly store: UserStore;
  readonly ids: readonly string[];
  /** Lets days pass, and the daily round come round. */
  after(days: number): Promise<void>;
  keep(days: number | null): Promise<unknown>;
}

export function thinTracksContract({ scene }: Stage): void {
  /** As many drives as asked for, two days apart. */
  const driven = (drives: number, play: (old: Old) => Promise<void>) =>
    scene(async (one) => {
      const { deps, clock, user } = one;
      const store = deps.store.forUser(user);
      const after = async (days: number) => {
        clock.advance(days * DAY);
        const { failed } = await pollAll(deps, { daily: true });
        expect(failed).toBe(0);
      };
      for (let nth = 0; nth < drives; nth += 1) {
        await drive(one);
        if (nth < drives - 1) clock.advance(2 * DAY);
      }
      const ids = (await all(store, 'trip')).map(({ id }) => id);
      expect(ids).toHaveLength(drives);
      const keep = (days: number | null) => changeSettings(deps, store, { trackRetentionDays: days }, BY);
      await play({ one, store, ids, after, keep });
    });

  test('a track grown old has fewer points, as near the road as before, and its trip is the same to the byte', async () => {
    await driven(1, async ({ store, ids: [id = ''], after, keep }) => {
      await keep(30);
      const before = await fixesOf(store, id);
      const trips = JSON.stringify(await all(store, 'trip'));
      const months = JSON.stringify(await all(store, 'month'));
      await after(29);
      expect(await fixesOf(store, id)).toEqual(before);
      await after(3);
      const left = await fixesOf(store, id);
      expect(left.length).toBeLessThan(before.length / 3);
      expect([left[0], left.at(-1)]).toEqual([before[0], before.at(-1)]);
      const isNear = (fix: Fix) =>
        left.some(
          (a, i) =>
            a.at <= fix.at && (left[i + 1]?.at ?? 0) >= fix.at && metresFromLine(fix, a, left[i + 1] ?? a) <= 50,
        );
      expect(before.slice(0, -1).filter((fix) => !isNear(fix))).toEqual([]);
      expect(JSON.stringify(await all(store, 'trip'))).toBe(trips);
      expect(JSON.stringify(await all(store, 'month'))).toBe(months);
      await after(1);
      expect(await fixesOf(store, id)).toEqual(left);
    });
  });

  test('nobody who keeps tracks for ever loses a point, nor who changed his mind in time', async () => {
    await driven(1, async ({ store, ids: [id = ''], after, keep }) => {
      const before = await fixesOf(store, id);
      await after(400);
      await keep(30);
      await keep(null);
      await after(400);
      expect(await fixesOf(store, id)).toEqual(before);
    });
  });

  test('what an event can still reach is whole, however short tracks are kept, and an event that comes late finds it so', async () => {
    await driven(1, async ({ one, store, ids: [id = ''], after, keep }) => {
      await keep(1);
      const before = await fixesOf(store, id);
      await after(2);
      expect(await fixesOf(store, id)).toEqual(before);
      const [trip] = await all(store, 'trip');
      const late = { place: north(HOME, 14.4), timestamp: (trip?.endedAt ?? 0) - 5_000 };
      await one.wire.points(one.user, [late]);
      expect((await fixesOf(store, id)).length).toBe(before.length + 1);
      await after(4);
      expect((await fixesOf(store, id)).length).toBeLessThan(before.length / 3);
    });
  });

  test('trip by trip, from where it stopped, and each part of a shared track by its own span', async () => {
    await driven(3, async ({ one, store, ids, after, keep }) => {
      const [first = '', second = ''] = ids;
      const trip = await store.get('trip', first);
      const at = (trip?.startedAt ?? 0) + 305_000;
      const [, part] = await cutTrip(one.deps, store, first, { point: { at }, firstMetres: null }, BY, () => true);
      const edges = async (id: string) => {
        const fixes = await fixesOf(store, id);
        return { count: fixes.length, first: fixes[0], last: fixes.at(-1) };
      };
      const [a, b] = [await edges(first), await edges(part.id)];
      await keep(10);
      await after(5);
      expect((await edges(second)).count).toBeGreaterThan(60);
      await after(2);
      const [thinA, thinB] = [await edges(first), await edges(part.id)];
      expect([thinA.count < a.count / 2, thinB.count < b.count / 2]).toEqual([true, true]);
      expect([thinA.first, thinA.last, thinB.first, thinB.last]).toEqual([a.first, a.last, b.first, b.last]);
      for (const id of ids.slice(1)) expect((await edges(id)).count).toBeGreaterThan(60);
      await after(5);
      expect((await edges(ids[2] ?? '')).count).toBeLessThan(30);
      const idle = await store.get('idle', 'idle_points');
      expect(idle?.thinned?.tripId).toBe(ids[2]);
    });
  });

  test('a trip that came back is thinned with the next round', async () => {
    await driven(2, async ({ one, store, ids: [id = ''], after, keep }) => {
      const before = await fixesOf(store, id);
      await removeTrip(one.deps, store, id, BY, () => true);
      await keep(5);
      await after(10);
      const entry = (await all(store, 'activity')).findLast(({ kind }) => kind === 'deleted')?.id ?? '';
      await undo(one.deps, store, entry, BY);
      expect(await fixesOf(store, id)).toEqual(before);
      await after(1);
      expect((await fixesOf(store, id)).length).toBeLessThan(before.length / 3);
    });
  });

  test('a trip with more chunks than one portion takes is done to its end', { timeout: 120_000 }, async () => {
    await scene(async (one) => {
      const { deps, clock, user } = one;
      const store = deps.store.forUser(user);
      await drive(one, 260);
      clock.advance(DAY);
      await changeSettings(deps, store, { trackRetentionDays: 1 }, BY);
      clock.advance(10 * DAY);
      await pollAll(deps, { daily: true });
      const [trip] = await all(store, 'trip');
      const left = await fixesOf(store, trip?.id ?? '');
      const chunks = await store.list('chunk', { order: 'asc', limit: 500, trip: trip?.id ?? '' });
      expect(chunks.length).toBeGreaterThan(120);
      expect(Math.max(...chunks.map(({ doc }) => doc.count))).toBeLessThanOrEqual(3);
      const stored = JSON.stringify(await store.get('idle', 'idle_points'));
      await thinTracks(store, clock.now());
      expect(JSON.stringify(await store.get('idle', 'idle_points'))).toBe(stored);
      expect(await fixesOf(store, trip?.id ?? '')).toEqual(left);
    });
  });
}
