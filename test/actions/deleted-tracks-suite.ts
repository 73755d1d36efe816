/** A deleted trip's points lie aside for as long as its last deletion can be undone, and not longer: on every store. */

import { expect, test } from 'vitest';
import { bookTrips } from '../../src/actions/book.ts';
import { joinTrips } from '../../src/actions/merge-trips.ts';
import { cutTrip } from '../../src/actions/split-trips.ts';
import { trackOf } from '../../src/actions/tracks.ts';
import { removeTrip } from '../../src/actions/trips.ts';
import { undo } from '../../src/actions/undo.ts';
import { BY_RULES } from '../../src/domain/activity.ts';
import type { Trip } from '../../src/domain/trips.ts';
import type { UserStore } from '../../src/seams/store.ts';
import { all } from '../support/book.ts';
import { HOME, north } from '../support/places.ts';
import type { Scene, Stage } from '../support/stage.ts';

const BY = { kind: 'open' } as const;
const DAY = 24 * 3_600_000;

interface Driven {
  readonly trip: Trip;
  /** Each answers the id of its entry in the feed. */
  remove(): Promise<string>;
  undo(entryId: string): Promise<string>;
  /** Back by itself, as an import brings it. */
  book(): Promise<void>;
  /** Lets the clock speak after so many days. */
  after(days: number): Promise<void>;
  chunks(): Promise<number>;
}

async function drive({ wire, clock, user }: Scene): Promise<void> {
  await wire.event(user, 'start', { place: HOME });
  for (let km = 5; km < 40; km += 5) {
    clock.advance(300_000);
    await wire.points(user, [{ place: north(HOME, km) }]);
  }
  await wire.event(user, 'end', { place: north(HOME, 40) });
}

/** One drive in the book. */
function drivenOn({ scene }: Stage, play: (driven: Driven) => Promise<void>): Promise<void> {
  return scene(async (one) => {
    const { deps, clock, wire } = one;
    const store = deps.store.forUser(one.user);
    await drive(one);
    const [trip] = await all(store, 'trip');
    if (trip === undefined) throw new Error('no trip came of the drive');
    const { id } = trip;
    await play({
      trip,
      async remove() {
        await removeTrip(deps, store, id, BY, () => true);
        return (await all(store, 'activity')).findLast(({ kind }) => kind === 'deleted')?.id ?? '';
      },
      undo: async (entryId) => (await undo(deps, store, entryId, BY)).id,
      book: () =>
        store.transact((tx) =>
          bookTrips(tx, [{ before: null, after: trip, untold: true }], BY_RULES, deps.ids, clock.now()),
        ),
      async after(days) {
        clock.advance(days * DAY);
        await wire.tick();
      },
      chunks: async () => (await store.list('chunk', { order: 'asc', limit: 100, trip: id })).length,
    });
  });
}

export function deletedTracksContract(stage: Stage): void {
  const driven = (play: (driven: Driven) => Promise<void>) => drivenOn(stage, play);

  test('they go when the deletion is final', async () => {
    await driven(async ({ remove, after, chunks }) => {
      const points = await chunks();
      expect(points).toBeGreaterThan(0);
      await remove();
      await after(30);
      expect(await chunks()).toBe(points);
      await after(1);
      expect(await chunks()).toBe(0);
    });
  });

  test('they stay with a trip that came back', async () => {
    await driven(async ({ remove, after, chunks, ...deed }) => {
      const points = await chunks();
      await deed.undo(await remove());
      await after(40);
      expect(await chunks()).toBe(points);
    });
  });

  test.each<[string, (deed: Driven) => Promise<unknown>]>([
    [
      'by undoing the undo',
      async (deed) => {
        const back = await deed.undo(await deed.remove());
        await deed.after(20);
        return deed.undo(back);
      },
    ],
    [
      'by hand',
      async (deed) => {
        await deed.undo(await deed.remove());
        await deed.after(20);
        return deed.remove();
      },
    ],
    [
      'after something else brought it back',
      async (deed) => {
        await deed.remove();
        await deed.book();
        await deed.after(20);
        return deed.remove();
      },
    ],
  ])('of a trip deleted a second time, %s, they lie for 30 days more', async (_, deleteTwice) => {
    await driven(async (deed) => {
      const points = await deed.chunks();
      const second = String(await deleteTwice(deed));
      await deed.after(12);
      expect(await deed.chunks()).toBe(points);
      await deed.undo(second);
      expect(await deed.chunks()).toBe(points);
      await deed.remove();
      await deed.after(31);
      expect(await deed.chunks()).toBe(0);
    });
  });

  test('of a trip that was split they stay until both parts are gone for good', async () => {
    await stage.scene(async (one) => {
      const { logbook, chunks, after } = await parted(one);
      const points = await chunks(logbook.first);
      await removeTrip(one.deps, logbook.store, logbook.first, BY, () => true);
      await after(31);
      expect(await chunks(logbook.first)).toBe(points);
      expect(await pointsOf(logbook.store, logbook.second)).toBeGreaterThan(2);
      await removeTrip(one.deps, logbook.store, logbook.second, BY, () => true);
      await after(30);
      expect(await chunks(logbook.first)).toBe(points);
      await after(1);
      expect(await chunks(logbook.first)).toBe(0);
    });
  });

  test('of merged trips they stay with the one trip, whose deletion can be undone, and go with it', async () => {
    await stage.scene(async (one) => {
      const { store, chunks, after } = await drivenTwice(one);
      const [first = '', second = ''] = (await all(store, 'trip')).map(({ id }) => id);
      const merged = await joinTrips(one.deps, store, { ids: [first, second], dryRun: false }, BY);
      const points = await pointsOf(store, merged.id);
      await after(40);
      expect(await pointsOf(store, merged.id)).toBe(points);
      await removeTrip(one.deps, store, merged.id, BY, () => true);
      await after(20);
      const gone = (await all(store, 'activity')).findLast(({ kind }) => kind === 'deleted')?.id ?? '';
      const back = await undo(one.deps, store, gone, BY);
      expect(await pointsOf(store, merged.id)).toBe(points);
      await after(20);
      await undo(one.deps, store, back.id, BY);
      await after(29);
      expect([await chunks(first), await chunks(second)].every((count) => count > 0)).toBe(true);
      await after(2);
      expect([await chunks(first), await chunks(second)]).toEqual([0, 0]);
    });
  });

  test('of a split that was undone they are the trip’s again', async () => {
    await stage.scene(async (one) => {
      const { logbook, after } = await parted(one);
      const split = (await all(logbook.store, 'activity')).findLast(({ cause }) => cause === 'split')?.id ?? '';
      await undo(one.deps, logbook.store, split, BY);
      const points = await pointsOf(logbook.store, logbook.first);
      await after(40);
      await after(40);
      expect(await pointsOf(logbook.store, logbook.first)).toBe(points);
    });
  });
}

async function pointsOf(store: UserStore, id: string): Promise<number> {
  let count = 0;
  for await (const fixes of (await trackOf(store, id)).fixes) count += fixes.length;
  return count;
}

function about({ deps, user, clock, wire }: Scene) {
  const store = deps.store.forUser(user);
  return {
    store,
    chunks: async (id: string) => (await store.list('chunk', { order: 'asc', limit: 100, trip: id })).length,
    after: async (days: number) => {
      clock.advance(days * DAY);
      await wire.tick();
    },
  };
}

async function parted(one: Scene) {
  const { store, ...others } = about(one);
  await drive(one);
  const [trip] = await all(store, 'trip');
  if (trip === undefined) throw new Error('no trip came of the drive');
  const wish = { point: { at: trip.startedAt + 1_000_000 }, firstMetres: null };
  const [first, second] = await cutTrip(one.deps, store, trip.id, wish, BY, () => true);
  return { logbook: { store, first: first.id, second: second.id }, ...others };
}

async function drivenTwice(one: Scene) {
  await drive(one);
  one.clock.advance(3_600_000);
  await drive(one);
  return about(one);
}
