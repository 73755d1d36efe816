/** The contract of transactions that compete: the outcome is as if they had run one after another. */

import { describe, expect, test } from 'vitest';
import type { Tx, UserStore, Work } from '../../src/seams/store.ts';
import { opener, put, type OpenStore } from './opened.ts';
import { active, ANNA, BOB, NOON, trip } from './samples.ts';

/** A store may give up on contention after 8 s, but only by saying so. */
const PATIENCE_MS = 60_000;

async function acknowledged(works: readonly Promise<unknown>[]): Promise<number> {
  const outcomes = await Promise.allSettled(works);
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  for (const reason of refused) expect(reason).toMatchObject({ name: 'Problem', code: 'busy_try_again' });
  return outcomes.length - refused.length;
}

function times<T>(count: number, act: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => act(i));
}

function* metresOf(tx: Tx, id: string): Work<number> {
  return (yield* tx.get('trip', id))?.distanceMetres ?? 0;
}

const metres = async (user: UserStore, id: string) => (await user.get('trip', id))?.distanceMetres ?? 0;

export function contentionContract(openStore: OpenStore): void {
  const open = opener(openStore);
  const openAnna = async () => (await open()).store.forUser(ANNA);
  const both = { a: 'a', b: 'b' };

  describe('works at once', { timeout: PATIENCE_MS }, () => {
    test('each of 50 increments of one document counts', async () => {
      const anna = await openAnna();
      const increment = function* (tx: Tx): Work<number> {
        const next = (yield* metresOf(tx, 't')) + 1;
        tx.put('trip', 't', trip('t', { distanceMetres: next }));
        return next;
      };
      const answers: number[] = [];
      const counted = await acknowledged(
        times(50, () => anna.transact(increment).then((answer) => answers.push(answer))),
      );
      expect(await metres(anna, 't')).toBe(counted);
      expect(counted).toBeGreaterThan(0);
      expect(answers.toSorted((x, y) => x - y)).toEqual(times(counted, (i) => i + 1));
    });

    test('each of 50 increments of the active trip counts, whoever removes it in between', async () => {
      const anna = await openAnna();
      const increment = function* (tx: Tx): Work<void> {
        const known = yield* tx.get('active', 'trip_start');
        tx.put('active', 'trip_start', active(NOON, { lastAt: (known?.lastAt ?? 0) + 1 }));
      };
      const reset = function* (tx: Tx): Work<number> {
        const known = yield* tx.get('active', 'trip_start');
        if (known) tx.remove('active', 'trip_start');
        return known?.lastAt ?? 0;
      };
      let removed = 0;
      const resets = times(5, () => anna.transact(reset).then((count) => (removed += count)));
      const counted = await acknowledged(times(50, () => anna.transact(increment)));
      await acknowledged(resets);
      removed += await anna.transact(reset);
      expect(removed).toBe(counted);
    });

    test('only one of ten creates what must exist once', async () => {
      const anna = await openAnna();
      const create = (i: number) =>
        anna.transact(function* (tx) {
          if ((yield* tx.get('trip', 't')) !== null) return false;
          tx.put('trip', 't', trip('t', { distanceMetres: i }));
          return true;
        });
      const created: number[] = [];
      await acknowledged(times(10, (i) => create(i).then((first) => first && created.push(i))));
      expect(created).toHaveLength(1);
      expect(await metres(anna, 't')).toBe(created[0]);
    });

    test('two documents swapped again and again are never doubled or lost', async () => {
      const anna = await openAnna();
      await put(anna, 'trip', both.a, trip('a', { distanceMetres: 1 }));
      await put(anna, 'trip', both.b, trip('b', { distanceMetres: 2 }));
      const swap = (first: string, second: string) =>
        anna.transact(function* (tx) {
          const one = yield* metresOf(tx, first);
          const other = yield* metresOf(tx, second);
          tx.put('trip', first, trip(first, { distanceMetres: other }));
          tx.put('trip', second, trip(second, { distanceMetres: one }));
        });
      const count = await acknowledged(times(20, (i) => (i % 2 ? swap('a', 'b') : swap('b', 'a'))));
      const expected = count % 2 ? [2, 1] : [1, 2];
      expect([await metres(anna, 'a'), await metres(anna, 'b')]).toEqual(expected);
    });

    test('two that each read both and change one do not both act on what the other changes', async () => {
      const anna = await openAnna();
      for (let round = 0; round < 5; round += 1) {
        await put(anna, 'trip', both.a, trip('a', { distanceMetres: 1 }));
        await put(anna, 'trip', both.b, trip('b', { distanceMetres: 1 }));
        const takeOne = (id: string) =>
          anna.transact(function* (tx) {
            const sum = (yield* metresOf(tx, 'a')) + (yield* metresOf(tx, 'b'));
            if (sum > 1) tx.put('trip', id, trip(id, { distanceMetres: 0 }));
          });
        await acknowledged([takeOne('a'), takeOne('b')]);
        expect((await metres(anna, 'a')) + (await metres(anna, 'b'))).toBe(1);
      }
    });

    test('one that lists does not miss what another adds', async () => {
      const anna = await openAnna();
      const addIfFew = (i: number) =>
        anna.transact(function* (tx) {
          const few = (yield* tx.list('trip', { order: 'asc', limit: 10 })).length < 3;
          if (few) tx.put('trip', `t${i}`, trip(`t${i}`));
        });
      await acknowledged(times(8, addIfFew));
      expect(await anna.list('trip', { order: 'asc', limit: 10 })).toHaveLength(3);
    });

    test('a reader sees all of a transaction or nothing of it', async () => {
      const anna = await openAnna();
      const write = (i: number) =>
        anna.transact(function* (tx) {
          tx.put('trip', both.a, trip('a', { distanceMetres: i }));
          yield* tx.get('trip', both.b);
          tx.put('trip', both.b, trip('b', { distanceMetres: i }));
        });
      const read = () =>
        anna.transact(function* (tx) {
          return [yield* metresOf(tx, both.a), yield* metresOf(tx, both.b)] as const;
        });
      const writes = acknowledged(times(10, write));
      const seen = await Promise.allSettled(times(10, read));
      await writes;
      const pairs = seen.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(pairs.filter(([a, b]) => a !== b)).toEqual([]);
      expect(pairs.length).toBeGreaterThan(0);
    });

    test('a work that throws among others takes only itself down', async () => {
      const anna = await openAnna();
      const works = times(9, (i) =>
        anna.transact(function* (tx) {
          tx.put('trip', `t${i}`, trip(`t${i}`));
          yield* tx.get('trip', 'none');
          if (i % 3 === 0) throw new Error(`no ${i}`);
        }),
      );
      const outcomes = await Promise.allSettled(works);
      expect(outcomes.map((outcome) => outcome.status === 'fulfilled')).toEqual(times(9, (i) => i % 3 !== 0));
      const kept = (await anna.list('trip', { order: 'asc', limit: 10 })).map((row) => row.id);
      expect(kept).toEqual(['t1', 't2', 't4', 't5', 't7', 't8']);
    });

    test('a document too large among others takes only its own work down', async () => {
      const { store } = await open();
      const anna = store.forUser(ANNA);
      const bob = store.forUser(BOB);
      const outcomes = await Promise.allSettled([
        put(anna, 'trip', 'before', trip('before')),
        put(bob, 'active', 'trip_start', active(NOON)),
        put(anna, 'trip', 'large', trip('large', { notes: 'x'.repeat(1_100_000) })),
        bob.transact((tx) => tx.list('trip', { order: 'asc', limit: 5 })),
        put(anna, 'trip', 'behind', trip('behind')),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect(await bob.get('active', 'trip_start')).toEqual(active(NOON));
      const kept = (await anna.list('trip', { order: 'asc', limit: 5 })).map((row) => row.id);
      expect(kept).toEqual(['before', 'behind'].toSorted());
    });

    test('a work may be run again, but what it says is said once', async () => {
      const anna = await openAnna();
      let runs = 0;
      const append = (letter: string) =>
        anna.transact(function* (tx) {
          runs += 1;
          const before = (yield* tx.get('trip', 't'))?.notes ?? '';
          tx.put('trip', 't', trip('t', { notes: before + letter }));
          return before + letter;
        });
      const letters = [...'abcdefghij'];
      const answers = await Promise.all(letters.map(append));
      const notes = (await anna.get('trip', 't'))?.notes ?? '';
      expect([...notes].toSorted()).toEqual(letters);
      expect(answers.toSorted((x, y) => x.length - y.length)).toEqual(times(10, (i) => notes.slice(0, i + 1)));
      expect(runs).toBeGreaterThanOrEqual(10);
    });
  });
}
