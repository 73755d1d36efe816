/** One act that changes many trips: portion by portion, one entry of the feed, undone as one or not at all: on every store. */

import { expect, test } from 'vitest';
import { bookTrips } from '../../src/actions/book.ts';
import { changeInBulk, type Meant } from '../../src/actions/bulk.ts';
import { changeTrip } from '../../src/actions/trips.ts';
import { undo } from '../../src/actions/undo.ts';
import { BY_RULES, countOf, partId } from '../../src/domain/activity.ts';
import type { BulkEdit } from '../../src/domain/bulk-edits.ts';
import { EVER } from '../../src/domain/periods.ts';
import type { Problem } from '../../src/domain/problem.ts';
import type { Trip } from '../../src/domain/trips.ts';
import type { Kind } from '../../src/seams/store.ts';
import { all, tripsOf } from '../support/book.ts';
import { DAY_START, HOUR } from '../support/drives.ts';
import type { Scene, Stage } from '../support/stage.ts';
import { tripOf } from '../support/trips.ts';
import { Died, unreliable, type Death } from '../support/unreliable.ts';

const BY = { kind: 'open' } as const;
const EVERY: Meant = { filter: { period: EVER, carId: null, type: null, needsReview: null, text: null } };
const PRIVATE: BulkEdit = { type: 'P', purpose: 'x', businessShare: null };
/** More than two portions of fifty. */
const COUNT = 120;

interface Many extends Scene {
  act(edit?: BulkEdit, dryRun?: boolean): ReturnType<typeof changeInBulk>;
  takeBack(id: string): ReturnType<typeof undo>;
  /** Trips and totals, but for when they were written. */
  book(): Promise<unknown>;
  /** Everything the user has. */
  everything(): Promise<unknown>;
}

const LISTED: readonly Kind[] = ['trip', 'month', 'activity', 'event', 'car', 'location', 'part'];

async function manyTrips(one: Scene, parts: Partial<Trip> = {}, count = COUNT): Promise<Many> {
  const store = one.deps.store.forUser(one.user);
  const trips = Array.from({ length: count }, (_, i) =>
    tripOf({ startedAt: DAY_START - (i + 1) * HOUR, distanceMetres: 1_000 + i, ...parts }),
  );
  await store.transact((tx) =>
    bookTrips(
      tx,
      trips.map((after) => ({ before: null, after, untold: true })),
      BY_RULES,
      one.deps.ids,
      DAY_START,
    ),
  );
  const book = async () => {
    const written = (await tripsOf(store)).map((trip) => ({ ...trip, updatedAt: 0 }));
    return { written, months: await all(store, 'month') };
  };
  const everything = async () => {
    const lists = await Promise.all(LISTED.map((kind) => all(store, kind)));
    const memory = await store.get('memory', 'memory');
    return { lists, memory, user: await store.get('user', '') };
  };
  return {
    ...one,
    act: (edit = PRIVATE, dryRun = false) => changeInBulk(one.deps, store, EVERY, edit, { by: BY, dryRun }),
    takeBack: (id) => undo(one.deps, store, id, BY),
    book,
    everything,
  };
}

/** Kills a transaction of an act, the nth of those from now on, and none after it. */
function assassin() {
  let left = Infinity;
  let death: Death = null;
  const nextDeath = (): Death => {
    left -= 1;
    return left === 0 ? death : null;
  };
  const aim = (nth: number, how: Death) => {
    left = nth;
    death = how;
  };
  return { nextDeath, aim, spare: () => aim(Infinity, null) };
}

async function idOf(act: Promise<{ readonly activityId: string | null }>): Promise<string> {
  return (await act).activityId ?? '';
}

const HOW: readonly Death[] = [{ beforeWrite: 1 }, { beforeWrite: 40 }, 'after_commit'];

/** `stops`: at which of the transactions of an undo it is stopped. */
export function actsContract({ scene }: Stage, stops: readonly number[], timeout: number): void {
  test('an act on more trips than a portion holds is one entry, its portions beside it', { timeout }, () =>
    scene(async (one) => {
      const { act, deps, user } = await manyTrips(one);
      const done = await act();
      expect(done).toMatchObject({ changed: COUNT, unchanged: 0, refusals: 0 });
      const store = deps.store.forUser(user);
      const [entry, ...more] = await all(store, 'activity');
      expect(more).toEqual([]);
      expect(entry).toMatchObject({ id: done.activityId, cause: 'bulk', by: BY, undoneBy: null });
      expect(entry && countOf(entry)).toBe(COUNT);
      const told = [entry, ...(entry?.also ?? [])].map((written) => written?.nounId);
      for (const [nth, count] of (entry?.parts ?? []).entries()) {
        const part = await store.get('part', partId(entry?.id ?? '', nth));
        expect(part?.written).toHaveLength(count);
        told.push(...(part?.written ?? []).map(({ nounId }) => nounId));
      }
      expect(new Set(told).size).toBe(COUNT);
      for (const trip of await tripsOf(store))
        expect(trip).toMatchObject({ type: 'P', purpose: 'x', businessMetres: 0 });
    }),
  );

  test('trips with much text go in smaller portions', { timeout }, () =>
    scene(async (one) => {
      const { act, deps, user, book, takeBack } = await manyTrips(one, { notes: '€'.repeat(5_000) }, 60);
      const before = await book();
      const id = await idOf(act());
      const entry = await deps.store.forUser(user).get('activity', id);
      expect(entry?.parts.length).toBeGreaterThan(1);
      expect(entry && countOf(entry)).toBe(60);
      await takeBack(id);
      expect(await book()).toEqual(before);
    }),
  );

  test('it is undone as one, and done again as one', { timeout }, () =>
    scene(async (one) => {
      const { act, takeBack, book, clock, deps, user } = await manyTrips(one);
      const before = await book();
      const id = await idOf(act());
      const after = await book();
      clock.advance(HOUR);
      const undone = await takeBack(id);
      expect(undone).toMatchObject({ undoes: id, cause: 'bulk' });
      expect(countOf(undone)).toBe(COUNT);
      expect(await book()).toEqual(before);
      const again = await takeBack(undone.id);
      expect(await book()).toEqual(after);
      await takeBack(again.id);
      expect(await book()).toEqual(before);
      expect((await deps.store.forUser(user).get('activity', id))?.undoneBy).not.toBeNull();
    }),
  );

  test('a trial answers the same and writes nothing', { timeout }, () =>
    scene(async (one) => {
      const { act, everything } = await manyTrips(one);
      const before = await everything();
      const trial = await act(PRIVATE, true);
      expect(await everything()).toEqual(before);
      const { activityId, ...done } = await act();
      expect(activityId).not.toBeNull();
      const shown = done.trips.map(({ before: was, after: is }) => ({ before: was, after: is }));
      expect({ ...done, trips: shown, activityId: null }).toEqual(trial);
    }),
  );

  test('a trip of the last portion that changed since refuses all of it, before anything is changed', { timeout }, () =>
    scene(async (one) => {
      const { act, takeBack, everything, book, clock, deps, user } = await manyTrips(one);
      const before = await book();
      const id = await idOf(act());
      clock.advance(HOUR);
      const store = deps.store.forUser(user);
      const [oldest] = await tripsOf(store);
      await changeTrip(deps, store, oldest?.id ?? '', { notes: 'mine' }, BY, () => true);
      const changed = await everything();
      const refused = takeBack(id);
      await expect(refused).rejects.toMatchObject({ code: 'conflict' });
      const { errors } = (await refused.catch((error: unknown) => error)) as Problem;
      expect(await everything()).toEqual(changed);
      await takeBack(errors[0]?.field ?? '');
      await takeBack(id);
      expect(await book()).toEqual(before);
    }),
  );

  test('an act that was stopped tells of what it did, and that is undone as one', { timeout }, async () => {
    const { nextDeath, aim, spare } = assassin();
    for (const how of HOW) {
      await scene(
        async (one) => {
          const { act, takeBack, book, deps, user } = await manyTrips(one);
          const before = await book();
          // The first of the transactions only looks whether all that is meant is there.
          aim(3, how);
          await expect(act()).rejects.toThrow(Died);
          spare();
          const store = deps.store.forUser(user);
          const [entry] = await all(store, 'activity');
          const changed = (await tripsOf(store)).filter(({ type }) => type === 'P').length;
          expect(entry && countOf(entry)).toBe(changed);
          expect(changed).toBe(how === 'after_commit' ? 100 : 50);
          await takeBack(entry?.id ?? '');
          expect(await book()).toEqual(before);
        },
        { wrap: (store) => unreliable(store, nextDeath) },
      );
    }
  });

  test('an undo that was stopped anywhere goes on where it was, and can be undone itself', { timeout }, async () => {
    const { nextDeath, aim, spare } = assassin();
    let stopped = 0;
    for (const how of HOW) {
      for (const nth of stops) {
        await scene(
          async (one) => {
            const { act, takeBack, book, deps, user, clock } = await manyTrips(one);
            const before = await book();
            const id = await idOf(act());
            const after = await book();
            clock.advance(HOUR);
            aim(nth, how);
            const first = await takeBack(id).catch((error: unknown) => error);
            spare();
            if (first instanceof Died) {
              stopped += 1;
              clock.advance(HOUR);
              await goOn(one, id);
            }
            expect(await book()).toEqual(before);
            const store = deps.store.forUser(user);
            const undone = (await all(store, 'activity')).filter(({ undoes }) => undoes === id);
            expect(undone.map(countOf)).toEqual([COUNT]);
            await takeBack(undone[0]?.id ?? '');
            expect(await book()).toEqual(after);
          },
          { wrap: (store) => unreliable(store, nextDeath) },
        );
      }
    }
    expect(stopped).toBeGreaterThan(stops.length);
  });
}

/** The same call again; whoever lost the answer of the last part hears that it was done. */
async function goOn({ deps, user }: Scene, id: string): Promise<void> {
  const store = deps.store.forUser(user);
  try {
    await undo(deps, store, id, BY);
  } catch (error) {
    const entry = await store.get('activity', id);
    const back = await store.get('activity', entry?.undoneBy ?? '');
    if (!back || countOf(back) !== COUNT) throw error;
  }
}
