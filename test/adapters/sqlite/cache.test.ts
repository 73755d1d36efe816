import { describe, expect, test } from 'vitest';
import { Cache } from '../../../src/adapters/sqlite/cache.ts';
import { openSqliteStore } from '../../../src/adapters/sqlite/store.ts';
import { put, remove } from '../../contract/opened.ts';
import { active, ANNA, NOON, token, user } from '../../contract/samples.ts';
import { scratchFile } from '../../support/scratch.ts';
import { openRivals, openSecond } from './rivals.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('what is kept in memory', () => {
  test('is forgotten when another connection has written', async () => {
    const { path, store } = openRivals();
    const anna = store.forUser(ANNA);
    const elsewhere = openSecond(path);
    const lastAt = () => anna.transact((tx) => tx.get('active', 'trip_start')).then((doc) => doc?.lastAt ?? null);
    expect(await lastAt()).toBeNull();
    for (const at of [1, 2, 3]) {
      await put(elsewhere.forUser(ANNA), 'active', 'trip_start', active(NOON, { lastAt: at }));
      expect(await lastAt()).toBe(at);
      await nextTurn();
      expect((await anna.get('active', 'trip_start'))?.lastAt).toBe(at);
    }
    await remove(elsewhere.forUser(ANNA), 'active', 'trip_start');
    expect(await lastAt()).toBeNull();
  });

  test('two stores on one file count together without losing one', async () => {
    const { path, store } = openRivals();
    const elsewhere = openSecond(path);
    const increment = (own: typeof store) =>
      own.forUser(ANNA).transact(function* (tx) {
        const before = (yield* tx.get('active', 'trip_start'))?.lastAt ?? 0;
        tx.put('active', 'trip_start', active(NOON, { lastAt: before + 1 }));
      });
    for (let round = 0; round < 20; round += 1) {
      await Promise.all([increment(store), increment(elsewhere), increment(store), increment(elsewhere)]);
    }
    expect((await store.forUser(ANNA).get('active', 'trip_start'))?.lastAt).toBe(80);
  });

  test('a token revoked or a user removed by another process is so here, at the next turn', async () => {
    const { path, store } = openRivals();
    const elsewhere = openSecond(path);
    await put(store.forUser(ANNA), 'user', '', user(ANNA));
    await store.tokens.put('hash', token(ANNA, 'tok'));
    expect(await store.tokens.get('hash')).toMatchObject({ revokedAt: null });
    await elsewhere.tokens.update('hash', (one) => ({ ...one, revokedAt: NOON }));
    await nextTurn();
    expect(await store.tokens.get('hash')).toMatchObject({ revokedAt: NOON });
    await elsewhere.removeUser(ANNA);
    await nextTurn();
    expect(await store.tokens.get('hash')).toBeNull();
    expect(await store.forUser(ANNA).get('user', '')).toBeNull();
  });

  test('is the same document for all who read it, and not what a failed work made of it', async () => {
    const { store } = openRivals();
    const anna = store.forUser(ANNA);
    await put(anna, 'active', 'trip_start', active(NOON, { lastAt: 1 }));
    const failing = anna.transact(function* (tx) {
      tx.put('active', 'trip_start', active(NOON, { lastAt: 2 }));
      yield* tx.get('active', 'trip_start');
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    expect((await anna.get('active', 'trip_start'))?.lastAt).toBe(1);
    expect(await anna.get('active', 'trip_start')).toBe(await anna.get('active', 'trip_start'));
  });

  test('does not matter: without any, everything is the same', async () => {
    const store = openSqliteStore({ path: scratchFile(), mostCachedBytes: 0 });
    const anna = store.forUser(ANNA);
    await put(anna, 'active', 'trip_start', active(NOON, { lastAt: 1 }));
    expect((await anna.get('active', 'trip_start'))?.lastAt).toBe(1);
    await put(anna, 'active', 'trip_start', active(NOON, { lastAt: 2 }));
    expect((await anna.get('active', 'trip_start'))?.lastAt).toBe(2);
    await store.close();
  });
});

describe('a cache', () => {
  const filled = (cache: Cache<number>, keys: number, bytes: number) => {
    for (let i = 0; i < keys; i += 1) cache.set(`k${i}`, i, bytes);
  };

  test('holds the most recently used within its bound', () => {
    const cache = new Cache<number>(100_000);
    cache.set('used', -1, 800);
    for (let i = 0; i < 1_000; i += 1) {
      cache.set(`k${i}`, i, 800);
      expect(cache.get('used')).toBe(-1);
    }
    const held = Array.from({ length: 1_000 }, (_, i) => cache.get(`k${i}`)).filter((value) => value !== undefined);
    expect(cache.get('k999')).toBe(999);
    expect(cache.get('k0')).toBeUndefined();
    expect(held.length).toBeLessThanOrEqual(100);
    expect(held.length).toBeGreaterThanOrEqual(40);
  });

  test('is not emptied by setting one key again and again', () => {
    const cache = new Cache<number>(10_000);
    cache.set('kept', 1, 500);
    for (let i = 0; i < 1_000; i += 1) cache.set('busy', i, 500);
    expect(cache.get('kept')).toBe(1);
    expect(cache.get('busy')).toBe(999);
  });

  test('answers the newest value, whichever generation the old one is in', () => {
    const cache = new Cache<number>(2_000);
    cache.set('k', 1, 500);
    filled(cache, 1, 500);
    cache.set('k', 2, 500);
    expect(cache.get('k')).toBe(2);
    cache.clear();
    expect(cache.get('k')).toBeUndefined();
  });
});
