/** The contract between users: nobody sees another's, the scheduler finds who is due, and removing leaves nothing. */

import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/seams/store.ts';
import { idsOf, opener, put, putAll, remove, type OpenStore } from './opened.ts';
import {
  active,
  ANNA,
  BOB,
  chunk,
  chunkId,
  EVERY_KIND,
  event,
  idle,
  KINDS,
  memory,
  NOON,
  token,
  trip,
  user,
} from './samples.ts';

/** Each a different person, in the order of their UTF-8 bytes. */
const LOOKALIKES = [
  '%@b',
  '100%@b',
  '_@b',
  'a"b@c',
  "a'b@c",
  'a+x@b',
  'a@b',
  'a@b%',
  'a@b.c',
  'a@b.cd',
  'a@b_c',
  'aa@b',
  'e\u0301@b',
  'é@b',
  '\uff5e@b',
  '\u{1F697}@b',
].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

const SHELVES = ['tokens', 'sessions', 'links'] as const;
const LONGEST = `${'x'.repeat(242)}@example.org`;

export function userContract(openStore: OpenStore): void {
  const open = opener(openStore);

  describe('users', () => {
    test('who look alike share nothing', async () => {
      const { store } = await open();
      const addresses = [...LOOKALIKES, LONGEST];
      for (const email of addresses) {
        await put(store.forUser(email), 'user', '', user(email));
        await put(store.forUser(email), 'trip', 'same', trip('same', { notes: email }));
        await put(store.forUser(email), 'trip', email, trip('own'));
        await put(store.forUser(email), 'active', 'trip_start', active(NOON, { owner: email }));
      }
      await remove(store.forUser('a@b'), 'trip', 'same');
      await store.removeUser('_@b');
      for (const email of addresses.filter((address) => address !== '_@b')) {
        const own = store.forUser(email);
        expect((await own.get('user', ''))?.email).toBe(email);
        expect(await own.get('active', 'trip_start')).toMatchObject({ owner: email });
        const notes = (await own.get('trip', 'same'))?.notes;
        expect(notes).toBe(email === 'a@b' ? undefined : email);
        const expected = email === 'a@b' ? [email] : [email, 'same'];
        expect((await idsOf(own, 'trip', { order: 'asc', limit: 9 })).toSorted()).toEqual(expected.toSorted());
      }
      expect(await store.forUser('_@b').get('user', '')).toBeNull();
    });

    test.each(['', 'a/b@c', 'a\0@b', '\ud800@b', `${'x'.repeat(243)}@example.org`])('%j is nobody', async (email) => {
      const { store } = await open();
      expect(() => store.forUser(email)).toThrow(/address/);
    });

    test('are listed in order, page by page, if they have a document of their own', async () => {
      const { store } = await open();
      for (const email of LOOKALIKES) await put(store.forUser(email), 'user', '', user(email));
      await put(store.forUser('nobody@example.org'), 'trip', 't', trip('t'));
      await put(store.forUser('nobody@example.org'), 'active', 'trip_start', active(NOON));
      expect(await store.users(100)).toEqual(LOOKALIKES);
      const paged: string[] = [];
      for (let after: string | undefined = undefined; ; after = paged.at(-1)) {
        const page: readonly string[] = after === undefined ? await store.users(3) : await store.users(3, after);
        if (page.length === 0) break;
        paged.push(...page);
      }
      expect(paged).toEqual(LOOKALIKES);
    });
  });

  describe('who is due', () => {
    const dueEmails = async (store: Store, now: number, limit = 10) =>
      (await store.due(now, limit)).map(({ email }) => email);

    test('comes longest due first, each once, with the earliest time', async () => {
      const { store } = await open();
      const dues = { 'c@x': [30, 20, 40], 'a@x': [25, null, 60], 'b@x': [50, 10, null], 'd@x': [70, 80, 90] } as const;
      for (const [email, [trips, memories, points]] of Object.entries(dues)) {
        await put(store.forUser(email), 'active', 'trip_start', active(NOON + trips));
        await put(store.forUser(email), 'memory', 'memory', memory(memories === null ? null : NOON + memories));
        await put(store.forUser(email), 'idle', 'idle_points', idle(points === null ? null : NOON + points));
      }
      expect(await store.due(NOON + 60, 10)).toEqual([
        { email: 'b@x', dueAt: NOON + 10 },
        { email: 'c@x', dueAt: NOON + 20 },
        { email: 'a@x', dueAt: NOON + 25 },
      ]);
      expect(await dueEmails(store, NOON + 60, 2)).toEqual(['b@x', 'c@x']);
      expect(await dueEmails(store, NOON + 9)).toEqual([]);
      expect(await dueEmails(store, NOON + 10)).toEqual(['b@x']);
      expect(await dueEmails(store, NOON + 70, 3)).toEqual(['b@x', 'c@x', 'a@x']);
      expect(await dueEmails(store, NOON + 70, 4)).toEqual(['b@x', 'c@x', 'a@x', 'd@x']);
    });

    test('follows what changes', async () => {
      const { store } = await open();
      const anna = store.forUser(ANNA);
      await put(anna, 'active', 'trip_start', active(NOON));
      await put(anna, 'active', 'trip_start', active(NOON, { lastAt: 1 }));
      expect(await dueEmails(store, NOON)).toEqual([ANNA]);
      await put(anna, 'active', 'trip_start', active(NOON + 5));
      expect(await dueEmails(store, NOON)).toEqual([]);
      expect(await dueEmails(store, NOON + 5)).toEqual([ANNA]);
      await remove(anna, 'active', 'trip_start');
      expect(await dueEmails(store, NOON + 5)).toEqual([]);
      await put(anna, 'memory', 'memory', memory(NOON));
      await put(anna, 'memory', 'memory', memory(null));
      expect(await dueEmails(store, NOON + 5)).toEqual([]);
      await put(anna, 'memory', 'memory', memory(0));
      expect(await dueEmails(store, NOON + 5)).toEqual([ANNA]);
    });
  });

  describe('a removed user', () => {
    const fill = async (store: Store, email: string) => {
      await store.forUser(email).transact(function* (tx) {
        const write = (kind: (typeof KINDS)[number]) => tx.put(kind, EVERY_KIND[kind].id, EVERY_KIND[kind].doc);
        for (const kind of KINDS) write(kind);
        yield* tx.getMany([]);
      });
      for (const shelf of SHELVES) await store[shelf].put(`hash-of-${email}`, token(email, 'tok_1'));
    };

    test('is gone with every kind of document, every token, session and link, others are as they were', async () => {
      const { store, reopen } = await open();
      for (const email of [ANNA, BOB, `x${ANNA}`]) await fill(store, email);
      await store.removeUser(ANNA);
      const expectGone = async (now: Store) => {
        const anna = now.forUser(ANNA);
        for (const kind of KINDS) expect(await anna.get(kind, EVERY_KIND[kind].id)).toBeNull();
        for (const kind of ['trip', 'event', 'activity', 'location', 'car', 'odometer_reading', 'month'] as const) {
          expect(await idsOf(anna, kind, { order: 'asc', limit: 5 })).toEqual([]);
        }
        expect(await idsOf(anna, 'chunk', { order: 'asc', limit: 5, trip: 'trip_1' })).toEqual([]);
        for (const shelf of SHELVES) {
          expect(await now[shelf].get(`hash-of-${ANNA}`)).toBeNull();
          expect(await now[shelf].listOf(ANNA)).toEqual([]);
          expect(await now[shelf].get(`hash-of-${BOB}`)).not.toBeNull();
        }
        expect(await now.users(10)).toEqual([BOB, `x${ANNA}`]);
        expect((await now.due(NOON + 9, 10)).map(({ email }) => email).toSorted()).toEqual([BOB, `x${ANNA}`]);
        for (const kind of KINDS) expect(await now.forUser(BOB).get(kind, EVERY_KIND[kind].id)).not.toBeNull();
      };
      await expectGone(store);
      await expectGone(await reopen());
    });

    test('may have a large logbook, be unknown, be removed twice, and come back to an empty one', async () => {
      const { store } = await open();
      const anna = store.forUser(ANNA);
      const events = Array.from({ length: 1_100 }, (_, i) => [`e${i}`, event(`e${i}`, NOON + i)]);
      for (let from = 0; from < events.length; from += 400) {
        await putAll(anna, 'event', Object.fromEntries(events.slice(from, from + 400)));
      }
      await put(anna, 'chunk', chunkId('lost', 0), chunk(0));
      await store.removeUser(ANNA);
      await store.removeUser(ANNA);
      await store.removeUser('never@example.org');
      expect(await idsOf(anna, 'event', { order: 'asc', limit: 5 })).toEqual([]);
      await put(anna, 'user', '', user(ANNA));
      expect(await store.users(5)).toEqual([ANNA]);
      expect(await idsOf(anna, 'chunk', { order: 'asc', limit: 5, trip: 'lost' })).toEqual([]);
    });

    test('is there with the tokens for as long as anything is left, so that a call that was cut off can be made again', async () => {
      const { store } = await open();
      const anna = store.forUser(ANNA);
      const events = Array.from({ length: 1_100 }, (_, i) => [`e${i}`, event(`e${i}`, NOON + i)]);
      for (let from = 0; from < events.length; from += 400) {
        await putAll(anna, 'event', Object.fromEntries(events.slice(from, from + 400)));
      }
      await put(anna, 'user', '', user(ANNA));
      await store.tokens.put('hash', token(ANNA, 'tok_1'));
      const removal = { runs: true };
      const removed = store.removeUser(ANNA).finally(() => (removal.runs = false));
      const seen = new Set<string>();
      while (removal.runs) {
        const [owner, key] = [await anna.get('user', ''), await store.tokens.get('hash')];
        // What was gone is asked for first: what is left may go in between.
        const left = (await idsOf(anna, 'event', { order: 'asc', limit: 1 })).length > 0;
        if (left) seen.add(owner === null || key === null ? 'left behind' : 'on its way');
        await new Promise((turn) => setImmediate(turn));
      }
      await removed;
      expect([...seen]).toEqual(['on its way']);
    });

    test('is not brought back by a work that was on its way and checks', async () => {
      const { store } = await open();
      const anna = store.forUser(ANNA);
      await put(anna, 'user', '', user(ANNA));
      const works = Array.from({ length: 10 }, (_, i) =>
        anna.transact(function* (tx) {
          if ((yield* tx.get('user', '')) === null) return;
          tx.put('trip', `t${i}`, trip(`t${i}`));
        }),
      );
      await Promise.all([...works.slice(0, 5), store.removeUser(ANNA), ...works.slice(5)]);
      expect(await idsOf(anna, 'trip', { order: 'asc', limit: 20 })).toEqual([]);
    });
  });
}
