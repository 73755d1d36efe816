/** The contract of what belongs to the installation and to no user. */

import { describe, expect, test } from 'vitest';
import type { JobTicks } from '../../src/seams/store.ts';
import { opener, type OpenStore } from './opened.ts';
import { ANNA, NOON } from './samples.ts';

const ODD_IDS = ['poll-all', 'a/b', 'projects/p/locations/l/jobs/j ?daily=1', '..', '__x__', 'ä', 'x'.repeat(300)];

const failures = (expiresAt: number) => ({ count: 1, expiresAt });
const SIGN_IN = { verifier: 'v', nonce: 'n', returnTo: '/', browser: 'b' };

export function systemContract(openStore: OpenStore): void {
  const open = opener(openStore);
  const ticks =
    (...names: string[]) =>
    (): JobTicks => ({ ticks: names });

  describe('system documents', () => {
    test('are kept under any id, each kind for itself, and survive', async () => {
      const { store, reopen } = await open();
      for (const id of ODD_IDS) {
        expect(await store.system.get('job', id)).toBeNull();
        expect(await store.system.update('job', id, ticks(id))).toEqual({ ticks: [id] });
      }
      const { system } = await reopen();
      for (const id of ODD_IDS) expect(await system.get('job', id)).toEqual({ ticks: [id] });
      expect(await system.get('provider', 'poll-all')).toBeNull();
    });

    test('an update sees what is there, and may leave it', async () => {
      const { system } = (await open()).store;
      expect(await system.update('job', 'j', () => null)).toBeNull();
      expect(await system.get('job', 'j')).toBeNull();
      await system.update('job', 'j', ticks('1'));
      const seen: unknown[] = [];
      const leave = (doc: JobTicks | null): null => {
        seen.push(doc);
        return null;
      };
      expect(await system.update('job', 'j', leave)).toEqual({ ticks: ['1'] });
      expect(seen).toEqual([{ ticks: ['1'] }]);
    });

    test('an update that throws changes nothing', async () => {
      const { system } = (await open()).store;
      await system.update('job', 'j', ticks('1'));
      const failing = system.update('job', 'j', () => {
        throw new Error('mine');
      });
      await expect(failing).rejects.toThrow('mine');
      expect(await system.get('job', 'j')).toEqual({ ticks: ['1'] });
    });

    test('none of many updates at once is lost', { timeout: 60_000 }, async () => {
      const { system } = (await open()).store;
      const add = (name: string) => system.update('job', 'j', (doc) => ({ ticks: [...(doc?.ticks ?? []), name] }));
      const names = Array.from({ length: 20 }, (_, i) => `t${i}`);
      await Promise.all(names.map(add));
      expect((await system.get('job', 'j'))?.ticks.toSorted()).toEqual(names.toSorted());
    });

    test('one that was taken is gone, and of many who take it at once one gets it', { timeout: 30_000 }, async () => {
      const { store, reopen } = await open();
      const { system } = store;
      await system.update('failures', 'f', () => failures(5));
      await system.update('signin', 'f', () => ({ ...failures(5), ...SIGN_IN }));
      const taken = await Promise.all(Array.from({ length: 5 }, () => system.take('failures', 'f')));
      expect(taken.filter((doc) => doc !== null)).toEqual([failures(5)]);
      expect(await (await reopen()).system.get('failures', 'f')).toBeNull();
      expect(await (await reopen()).system.get('signin', 'f')).toMatchObject(SIGN_IN);
    });

    test('what expired is swept, earliest first and no more than asked', async () => {
      const { system } = (await open()).store;
      await system.update('job', 'j', ticks('1'));
      for (const at of [30, 10, 20, 40]) await system.update('failures', `f${at}`, () => failures(NOON + at));
      await system.update('failures', 'f10', () => failures(NOON + 50));
      expect(await system.sweep(NOON + 19, 10)).toBe(0);
      expect(await system.sweep(NOON + 40, 2)).toBe(2);
      const left = async () => {
        const found = await Promise.all([10, 20, 30, 40].map((at) => system.get('failures', `f${at}`)));
        return found.map((doc) => doc !== null);
      };
      expect(await left()).toEqual([true, false, false, true]);
      expect(await system.sweep(NOON + 40, 10)).toBe(1);
      expect(await left()).toEqual([true, false, false, false]);
      expect(await system.get('job', 'j')).toEqual({ ticks: ['1'] });
    });

    test('have nothing to do with users', async () => {
      const { store } = await open();
      await store.system.update('job', ANNA, ticks('1'));
      await store.removeUser(ANNA);
      expect(await store.users(5)).toEqual([]);
      expect(await store.due(Number.MAX_SAFE_INTEGER, 5)).toEqual([]);
      expect(await store.system.get('job', ANNA)).toEqual({ ticks: ['1'] });
    });
  });
}
