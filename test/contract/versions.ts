/** The contract of documents that outlive program versions, and of a store's own beginning and end. */

import { describe, expect, test } from 'vitest';
import { MIGRATIONS, type Migrations } from '../../src/seams/migrations.ts';
import { UnreadableDocument } from '../../src/seams/store-errors.ts';
import { opener, put, type OpenStore } from './opened.ts';
import { active, ANNA, NOON, token, trip } from './samples.ts';

/** Two versions later, every kind says which steps it went through. */
const LATER: Migrations = {
  ...MIGRATIONS,
  trip: [
    ...MIGRATIONS.trip,
    (doc) => ({ ...doc, steps: ['one'] }),
    (doc) => ({ ...doc, steps: [doc['steps'], 'two'] }),
  ],
  active: [...MIGRATIONS.active, (doc) => ({ ...doc, steps: ['one'] })],
  token: [...MIGRATIONS.token, (doc) => ({ ...doc, steps: ['one'] })],
};
const LATER_TRIP = { steps: [['one'], 'two'] };

export function versionContract(openStore: OpenStore): void {
  const open = opener(openStore);

  describe('document versions', () => {
    test('a newer program reads older documents through every step between', async () => {
      const { store, reopen } = await open();
      await put(store.forUser(ANNA), 'trip', 't', trip('t'));
      await put(store.forUser(ANNA), 'active', 'trip_start', active(NOON));
      await store.tokens.put('hash', token(ANNA, 'tok'));
      const later = await reopen(LATER);
      const anna = later.forUser(ANNA);
      expect(await anna.get('trip', 't')).toEqual({ ...trip('t'), ...LATER_TRIP });
      expect(await anna.transact((tx) => tx.get('trip', 't'))).toMatchObject(LATER_TRIP);
      expect((await anna.list('trip', { order: 'asc', limit: 1 }))[0]?.doc).toMatchObject(LATER_TRIP);
      expect(await anna.get('active', 'trip_start')).toMatchObject({ steps: ['one'] });
      expect(await later.tokens.get('hash')).toMatchObject({ steps: ['one'] });
      expect((await later.tokens.listOf(ANNA))[0]).toMatchObject({ steps: ['one'] });
    });

    test('a document it wrote itself goes through none', async () => {
      const { store, reopen } = await open(LATER);
      await put(store.forUser(ANNA), 'trip', 't', trip('t'));
      expect(await (await reopen(LATER)).forUser(ANNA).get('trip', 't')).toEqual(trip('t'));
    });

    test('an older program says that a document is newer, and reads the others', async () => {
      const { store, reopen } = await open();
      await put(store.forUser(ANNA), 'trip', 'old', trip('old', { startedAt: 1 }));
      await store.tokens.put('old', token(ANNA, 'tok_old'));
      const later = await reopen(LATER);
      await put(later.forUser(ANNA), 'trip', 'new', trip('new', { notes: 'a secret' }));
      await put(later.forUser(ANNA), 'active', 'trip_start', active(NOON));
      await later.tokens.put('new', token(ANNA, 'tok_new'));
      const older = await reopen();
      const anna = older.forUser(ANNA);
      const newer = /newer version of this program/;
      await expect(anna.get('trip', 'new')).rejects.toThrow(UnreadableDocument);
      await expect(anna.get('trip', 'new')).rejects.toThrow(/^trip "new" .*newer version of this program/);
      await expect(anna.get('trip', 'new')).rejects.not.toThrow(/secret/);
      await expect(anna.transact((tx) => tx.get('active', 'trip_start'))).rejects.toThrow(newer);
      await expect(anna.list('trip', { order: 'asc', limit: 5 })).rejects.toThrow(newer);
      await expect(older.tokens.get('new')).rejects.toThrow(newer);
      expect(await anna.get('trip', 'old')).toEqual(trip('old', { startedAt: 1 }));
      expect(await anna.list('trip', { order: 'asc', limit: 1 })).toHaveLength(1);
      expect(await older.tokens.get('old')).not.toBeNull();
    });
  });

  describe('the end of a store', () => {
    test('finishes what waits, and then refuses', async () => {
      const { store, reopen } = await open();
      const anna = store.forUser(ANNA);
      await store.check();
      const works = Array.from({ length: 20 }, (_, i) => put(anna, 'trip', `t${i}`, trip(`t${i}`)));
      const closed = store.close();
      await Promise.all(works);
      await Promise.all([closed, store.close()]);
      const closedError = { name: 'StoreUnavailable', message: expect.stringMatching(/closed/) };
      await expect(put(anna, 'trip', 'late', trip('late'))).rejects.toMatchObject(closedError);
      await expect(anna.get('trip', 't1')).rejects.toMatchObject(closedError);
      await expect(anna.list('trip', { order: 'asc', limit: 1 })).rejects.toMatchObject(closedError);
      await expect(store.tokens.get('hash')).rejects.toMatchObject(closedError);
      await expect(store.due(NOON, 1)).rejects.toMatchObject(closedError);
      await expect(store.users(1)).rejects.toMatchObject(closedError);
      await expect(store.removeUser(ANNA)).rejects.toMatchObject(closedError);
      await expect(store.check()).rejects.toMatchObject(closedError);
      const again = (await reopen()).forUser(ANNA);
      expect(await again.list('trip', { order: 'asc', limit: 50 })).toHaveLength(20);
    });
  });
}
