/** The contract of device tokens, and of what is kept as they are: sessions and links. */

import { describe, expect, test } from 'vitest';
import type { TokenStore } from '../../src/seams/store.ts';
import { opener, type OpenStore } from './opened.ts';
import { ANNA, BOB, NOON, token } from './samples.ts';

const SHELVES = ['tokens', 'sessions', 'links'] as const;

export function tokenContract(openStore: OpenStore): void {
  const open = opener(openStore);

  describe.each(SHELVES)('%s', (shelf) => {
    test('come back as they were put, by hash and by owner', async () => {
      const { store, reopen } = await open();
      const tokens = store[shelf];
      const phone = token(ANNA, 'tok_a', { scopes: ['events', 'read'], carId: 'car_1', expiresAt: NOON + 1 });
      await tokens.put('hash-a', phone);
      await tokens.put('hash-b', token(ANNA, 'tok_b'));
      await tokens.put('hash-c', token(BOB, 'tok_c'));
      const expectKept = async (now: TokenStore) => {
        expect(await now.get('hash-a')).toEqual(phone);
        expect(await now.get('hash')).toBeNull();
        const ids = (await now.listOf(ANNA)).map((one) => one.id);
        expect(ids.toSorted()).toEqual(['tok_a', 'tok_b']);
        expect(await now.listOf('nobody@example.org')).toEqual([]);
        expect(await now.hashOf(ANNA, 'tok_b')).toBe('hash-b');
        expect(await now.hashOf(BOB, 'tok_b')).toBeNull();
        expect(await now.hashOf(ANNA, 'tok_')).toBeNull();
      };
      await expectKept(tokens);
      await expectKept((await reopen())[shelf]);
    });

    test('a token put again is replaced', async () => {
      const tokens = (await open()).store[shelf];
      await tokens.put('hash-a', token(ANNA, 'tok_a'));
      await tokens.put('hash-a', token(ANNA, 'tok_a', { label: 'car' }));
      expect((await tokens.get('hash-a'))?.label).toBe('car');
      expect(await tokens.listOf(ANNA)).toHaveLength(1);
    });

    test('a token that was looked for in vain is found once it exists', async () => {
      const tokens = (await open()).store[shelf];
      expect(await tokens.get('hash-a')).toBeNull();
      await tokens.put('hash-a', token(ANNA, 'tok_a'));
      expect(await tokens.get('hash-a')).not.toBeNull();
    });

    test('an update answers what is then stored', async () => {
      const tokens = (await open()).store[shelf];
      const kept = token(ANNA, 'tok_a');
      await tokens.put('hash-a', kept);
      expect(await tokens.update('hash-a', () => null)).toEqual(kept);
      const used = { ...kept, lastUsedAt: NOON };
      expect(await tokens.update('hash-a', (one) => ({ ...one, lastUsedAt: NOON }))).toEqual(used);
      expect(await tokens.get('hash-a')).toEqual(used);
      expect(await tokens.update('unknown', (one) => one)).toBeNull();
      expect(await tokens.get('unknown')).toBeNull();
    });

    test('an update that throws changes nothing', async () => {
      const tokens = (await open()).store[shelf];
      await tokens.put('hash-a', token(ANNA, 'tok_a'));
      const failing = tokens.update('hash-a', () => {
        throw new Error('mine');
      });
      await expect(failing).rejects.toThrow('mine');
      expect(await tokens.get('hash-a')).toEqual(token(ANNA, 'tok_a'));
    });

    test('noting uses never undoes a revocation', { timeout: 30_000 }, async () => {
      const tokens = (await open()).store[shelf];
      await tokens.put('hash-a', token(ANNA, 'tok_a'));
      const use = (at: number) => tokens.update('hash-a', (one) => ({ ...one, lastUsedAt: at }));
      const revoke = () => tokens.update('hash-a', (one) => ({ ...one, revokedAt: NOON }));
      await Promise.all([use(1), use(2), revoke(), use(3), use(4)]);
      const stored = await tokens.get('hash-a');
      expect(stored?.revokedAt).toBe(NOON);
      expect([1, 2, 3, 4]).toContain(stored?.lastUsedAt);
    });

    test('one that was taken is gone', async () => {
      const { store, reopen } = await open();
      const tokens = store[shelf];
      await tokens.put('hash-a', token(ANNA, 'tok_a'));
      await tokens.put('hash-b', token(ANNA, 'tok_b'));
      expect(await tokens.take('hash-a')).toEqual(token(ANNA, 'tok_a'));
      const expectGone = async (now: TokenStore) => {
        expect(await now.get('hash-a')).toBeNull();
        expect(await now.hashOf(ANNA, 'tok_a')).toBeNull();
        expect((await now.listOf(ANNA)).map(({ id }) => id)).toEqual(['tok_b']);
        expect(await now.take('hash-a')).toBeNull();
      };
      await expectGone(tokens);
      await expectGone((await reopen())[shelf]);
    });

    test('of many who take one at once, one gets it', { timeout: 30_000 }, async () => {
      const tokens = (await open()).store[shelf];
      await tokens.put('hash-a', token(ANNA, 'tok_a'));
      const taken = await Promise.all(Array.from({ length: 5 }, () => tokens.take('hash-a')));
      expect(taken.filter((one) => one !== null)).toHaveLength(1);
    });
  });

  test('a token is no session, and a session no link', async () => {
    const { store } = await open();
    for (const shelf of SHELVES) {
      await store[shelf].put('same', token(ANNA, 'tok_a', { label: shelf }));
      await store[shelf].put(`only-${shelf}`, token(ANNA, 'tok_b'));
    }
    for (const shelf of SHELVES) {
      expect((await store[shelf].get('same'))?.label).toBe(shelf);
      for (const other of SHELVES.filter((one) => one !== shelf)) {
        expect(await store[shelf].get(`only-${other}`)).toBeNull();
      }
    }
  });
}
