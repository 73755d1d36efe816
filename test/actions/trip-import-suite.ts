/** Trips from a file: portion by portion, one entry of the feed, undone as one; what died half-way goes on: on every store. */

import { expect, test } from 'vitest';
import { addCar } from '../../src/actions/cars.ts';
import { importTrips } from '../../src/actions/trip-import.ts';
import { undo } from '../../src/actions/undo.ts';
import { countOf } from '../../src/domain/activity.ts';
import { mappingOf, tripFileOf } from '../../src/http/wire/trip-import.ts';
import { all, tripsOf } from '../support/book.ts';
import type { Scene, Stage } from '../support/stage.ts';
import { Died, unreliable, type Death } from '../support/unreliable.ts';

const BY = { kind: 'open' } as const;
const HOUR = 3_600_000;
const FIRST = Date.parse('2024-02-01T06:00:00Z');
/** More than a portion of a hundred, and so several documents of the feed. */
const COUNT = 130;

function fileOf(count: number): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const at = FIRST + i * 7 * HOUR;
    const [from, to] = [at, at + HOUR].map((one) => new Date(one).toISOString());
    return `${from},${to},${10 + (i % 5)}.5,${i % 3 ? 'B' : ''}`;
  });
  return `started_at,ended_at,distance_km,trip_type\n${lines.join('\n')}\n`;
}

export function tripImportContract({ scene }: Stage): void {
  const bring = ({ deps, user }: Scene, { dryRun = false, store = deps.store.forUser(user) } = {}) => {
    const mapping = mappingOf();
    return importTrips(deps, store, tripFileOf(fileOf(COUNT), null, mapping), { mapping, by: BY, dryRun });
  };
  const bookOf = async ({ deps, user }: Scene) => {
    const store = deps.store.forUser(user);
    const trips = (await tripsOf(store)).map((trip) => ({ ...trip, updatedAt: 0 }));
    return { trips, months: await all(store, 'month'), memory: (await store.get('memory', 'memory'))?.memory.byHand };
  };
  const withCar = async (one: Scene) => {
    await addCar(one.deps, one.deps.store.forUser(one.user), { name: 'Golf' }, BY);
  };

  test(
    'is one act; twice adds nothing; undone and done again it is exact',
    () =>
      scene(async (one) => {
        await withCar(one);
        const store = one.deps.store.forUser(one.user);
        const before = await bookOf(one);
        one.clock.advance(1_000);
        const report = await bring(one);
        expect(report.counts).toEqual({ added: COUNT, duplicate: 0, refused: 0 });
        const id = report.activityId ?? '';
        const entry = await store.get('activity', id);
        expect(entry && [entry.cause, countOf(entry)]).toEqual(['import', COUNT]);
        const after = await bookOf(one);
        one.clock.advance(1_000);
        expect((await bring(one)).counts).toEqual({ added: 0, duplicate: COUNT, refused: 0 });
        expect(await bookOf(one)).toEqual(after);
        const back = await undo(one.deps, store, id, BY);
        expect(await bookOf(one)).toEqual(before);
        one.clock.advance(1_000);
        await undo(one.deps, store, back.id, BY);
        expect(await bookOf(one)).toEqual(after);
      }),
    120_000,
  );

  test('a trial says the same, and writes nothing', () =>
    scene(async (one) => {
      await withCar(one);
      const before = await bookOf(one);
      const trial = await bring(one, { dryRun: true });
      expect([trial.activityId, trial.counts.added]).toEqual([null, COUNT]);
      expect(await bookOf(one)).toEqual(before);
    }));

  test.each<readonly [string, Death, number]>([
    ['before its writes', { beforeWrite: 1 }, 100],
    ['among its writes', { beforeWrite: 20 }, 100],
    ['after its commit', 'after_commit', COUNT],
  ])(
    'that died half-way, in its second portion %s, stands so far; the same file brings the rest',
    (_, death, stands) =>
      scene(async (one) => {
        await withCar(one);
        const store = one.deps.store.forUser(one.user);
        const before = await bookOf(one);
        let transactions = 0;
        const dying = unreliable(one.deps.store, () => ((transactions += 1) === 2 ? death : null)).forUser(one.user);
        one.clock.advance(1_000);
        await expect(bring(one, { store: dying })).rejects.toThrow(Died);
        expect(await tripsOf(store)).toHaveLength(stands);
        const [first] = (await all(store, 'activity')).filter(({ cause }) => cause === 'import');
        expect(first && countOf(first)).toBe(stands);
        one.clock.advance(1_000);
        const rest = await bring(one);
        expect(rest.counts).toEqual({ added: COUNT - stands, duplicate: stands, refused: 0 });
        if (rest.activityId !== null) await undo(one.deps, store, rest.activityId, BY);
        await undo(one.deps, store, first?.id ?? '', BY);
        expect(await bookOf(one)).toEqual(before);
      }),
    120_000,
  );
}
