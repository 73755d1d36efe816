import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Store, Tx, UserStore, Work } from '../../../src/seams/store.ts';
import { idsOf, put } from '../../contract/opened.ts';
import { ANNA, BOB, event, NOON, trip, user } from '../../contract/samples.ts';
import { describeFirestore, tempFirestore } from '../../support/firestore.ts';
import { bareClient } from './stored.ts';

const metres = async (store: UserStore) => (await store.get('trip', 't'))?.distanceMetres ?? 0;

function* increment(tx: Tx): Work<void> {
  const next = ((yield* tx.get('trip', 't'))?.distanceMetres ?? 0) + 1;
  tx.put('trip', 't', trip('t', { distanceMetres: next }));
}

/** One after another; what is refused as busy is tried again, as a phone does. */
async function incrementTimes(store: UserStore, count: number): Promise<void> {
  for (let done = 0; done < count;) {
    try {
      await store.transact(increment);
      done += 1;
    } catch (error) {
      expect(error).toMatchObject({ name: 'Problem', code: 'busy_try_again' });
    }
  }
}

/** Reads one after another, long enough for somebody else to commit. */
function* dawdle(tx: Tx): Work<void> {
  for (let i = 0; i < 40; i += 1) yield* tx.get('event', `none${i}`);
}

/** Of two that hold one each, one may let go. */
function takeOne(user: UserStore, id: string, meanwhile: () => Promise<unknown>): Promise<void> {
  return user.transact(function* (tx) {
    const a = (yield* tx.get('trip', 'a'))?.distanceMetres ?? 0;
    const b = (yield* tx.get('trip', 'b'))?.distanceMetres ?? 0;
    void meanwhile();
    if (id === 'a') yield* dawdle(tx);
    if (a + b > 1) tx.put('trip', id, trip(id, { distanceMetres: 0 }));
  });
}

/** Acts the first time only: a work may be run again. */
function once(act: () => Promise<unknown>) {
  let acting: Promise<unknown> | null = null;
  return { start: () => (acting ??= act()), over: async () => void (await acting) };
}

describeFirestore('two instances on one database', () => {
  test('change one document at once, and nothing is lost', { timeout: 120_000 }, async () => {
    const { store, open } = tempFirestore();
    const both = [store, open()].map((handle) => handle.forUser(ANNA));
    await Promise.all(both.map((handle) => incrementTimes(handle, 10)));
    expect(await metres(both[0]!)).toBe(20);
    expect(await metres(both[1]!)).toBe(20);
  });

  test('create once what must exist once', { timeout: 60_000 }, async () => {
    const { store, open } = tempFirestore();
    const create = (handle: Store) =>
      handle.forUser(ANNA).transact(function* (tx) {
        if ((yield* tx.list('trip', { order: 'asc', limit: 1 })).length > 0) return 0;
        tx.put('trip', `t${Math.random()}`, trip('t'));
        return 1;
      });
    const created = await Promise.all([store, open()].map(create));
    expect(created.toSorted()).toEqual([0, 1]);
  });

  test('see all of what the other writes at once, or nothing of it', { timeout: 120_000 }, async () => {
    const { store, open } = tempFirestore();
    const [writer, reader] = [store.forUser(ANNA), open().forUser(ANNA)];
    const write = (i: number) =>
      // oxlint-disable-next-line require-yield -- reads nothing
      writer.transact(function* (tx) {
        for (const id of ['a', 'b']) tx.put('trip', id, trip(id, { distanceMetres: i }));
      });
    const read = () =>
      reader.transact(function* (tx) {
        const a = yield* tx.get('trip', 'a');
        const b = yield* tx.get('trip', 'b');
        return [a?.distanceMetres, b?.distanceMetres] as const;
      });
    await write(0);
    const writing = Promise.all([1, 2, 3, 4, 5, 6].map(write));
    const seen = await Promise.all([1, 2, 3, 4, 5, 6].map(read));
    await writing;
    expect(seen.filter(([a, b]) => a !== b)).toEqual([]);
    expect(await read()).toEqual([6, 6]);
  });

  test('do not act on what the other changed since it was read, written or not', { timeout: 60_000 }, async () => {
    const { store, open } = tempFirestore();
    const [here, there] = [store.forUser(ANNA), open().forUser(ANNA)];
    for (const id of ['a', 'b']) await put(here, 'trip', id, trip(id, { distanceMetres: 1 }));
    const other = once(() => takeOne(there, 'b', () => Promise.resolve()));
    await takeOne(here, 'a', other.start);
    await other.over();
    expect([(await here.get('trip', 'a'))?.distanceMetres, (await here.get('trip', 'b'))?.distanceMetres]).toEqual([
      1, 0,
    ]);
  });

  test('refuse nothing because of what never stood together', { timeout: 60_000 }, async () => {
    const { store, open } = tempFirestore();
    const [here, there] = [store.forUser(ANNA), open().forUser(ANNA)];
    const set = (metres: number) =>
      // oxlint-disable-next-line require-yield -- reads nothing
      there.transact(function* (tx) {
        for (const id of ['a', 'b']) tx.put('trip', id, trip(id, { distanceMetres: metres }));
      });
    await set(1);
    const other = once(() => set(2));
    const seen = await here.transact(function* (tx) {
      const a = (yield* tx.get('trip', 'a'))?.distanceMetres;
      void other.start();
      yield* dawdle(tx);
      const b = (yield* tx.get('trip', 'b'))?.distanceMetres;
      if (a !== b) throw new Error(`${a} and ${b} never stood together`);
      return [a, b];
    });
    expect(seen).toEqual([2, 2]);
  });

  test('do not bring back a user one of them removes', { timeout: 120_000 }, async () => {
    const { store, open } = tempFirestore();
    const anna = open().forUser(ANNA);
    await put(anna, 'user', '', user(ANNA));
    await put(anna, 'event', 'e', event('e', NOON));
    const over = new AbortController();
    const writing = (async () => {
      for (let i = 0; !over.signal.aborted; i += 1) {
        const work = anna.transact(function* (tx) {
          if ((yield* tx.get('user', '')) === null) return;
          tx.put('trip', `t${i}`, trip(`t${i}`));
        });
        await work.catch((error: unknown) => expect(error).toMatchObject({ code: 'busy_try_again' }));
      }
    })();
    await pause(100);
    await store.removeUser(ANNA);
    over.abort();
    await writing;
    expect(await idsOf(anna, 'trip', { order: 'asc', limit: 5 })).toEqual([]);
    expect(await anna.get('user', '')).toBeNull();
  });
});

describeFirestore('one instance', () => {
  test("runs one user's works one after another, each once, and different users' side by side", async () => {
    const { store } = tempFirestore();
    const runs: string[] = [];
    const work = (email: string, name: string) =>
      store.forUser(email).transact(function* (tx) {
        runs.push(`${name} begins`);
        yield* increment(tx);
        runs.push(`${name} ends`);
      });
    await Promise.all([work(ANNA, 'a1'), work(ANNA, 'a2'), work(BOB, 'b1'), work(ANNA, 'a3')]);
    const annas = runs.filter((run) => run.startsWith('a'));
    expect(annas).toEqual(['a1 begins', 'a1 ends', 'a2 begins', 'a2 ends', 'a3 begins', 'a3 ends']);
    expect(runs.indexOf('b1 begins')).toBeLessThan(runs.indexOf('a1 ends'));
  });

  test('goes on behind a work that failed', async () => {
    const { store } = tempFirestore();
    const anna = store.forUser(ANNA);
    const failing = anna.transact(function* (tx) {
      yield* tx.get('trip', 't');
      throw new Error('mine');
    });
    const next = anna.transact(increment);
    await expect(failing).rejects.toThrow('mine');
    await next;
    expect(await metres(anna)).toBe(1);
  });

  test(
    'gives up after 8 s behind another that does not let go, and works again after',
    { timeout: 60_000 },
    async () => {
      const temp = tempFirestore();
      const anna = temp.store.forUser(ANNA);
      await put(anna, 'trip', 't', trip('t', { distanceMetres: 5 }));
      const ref = bareClient(temp).doc(`users/${ANNA}/trips/t`);
      const held = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const holding = ref.firestore.runTransaction(async (transaction) => {
        await transaction.get(ref);
        held.resolve();
        await released.promise;
      });
      await held.promise;
      const startedAt = performance.now();
      await expect(anna.transact(increment)).rejects.toMatchObject({ name: 'Problem', code: 'busy_try_again' });
      expect(performance.now() - startedAt).toBeGreaterThan(4_000);
      expect(performance.now() - startedAt).toBeLessThan(12_000);
      expect(await metres(anna)).toBe(5);
      released.resolve();
      await holding;
      await anna.transact(increment);
      expect(await metres(anna)).toBe(6);
    },
  );
});
