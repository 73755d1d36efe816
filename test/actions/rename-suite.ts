/** A logbook moves to another address as a whole, wherever the move is stopped, on every store. */

import { expect, onTestFinished, test } from 'vitest';
import { renameUser } from '../../src/actions/rename.ts';
import { createToken, tokenHash } from '../../src/actions/tokens.ts';
import { secretOwner } from '../../src/actions/connection-docs.ts';
import type { Store, UserStore } from '../../src/seams/store.ts';
import { exported, contentOf } from '../support/exports.ts';
import { sceneOf, type Scene } from '../support/stage.ts';
import { fill, type Kept } from './account-suite.ts';
import type { Happening } from '../support/stories.ts';

const OLD = 'old.canary@example.nl';
const NEW = 'new@example.nl';

const DRIVE: readonly Happening[] = (['start', 'ping', 'ping', 'end', 'start', 'ping', 'reading', 'ping'] as const).map(
  (type, i) => ({
    type,
    pauseSeconds: type === 'start' ? 4_000 : 300 + i,
    lateMinutes: 0,
    place: { lat: 52 + i / 20, lng: 5 },
    device: 'a',
    state: 'driving' as const,
    km: 1_000 + i * 5,
  }),
);

class Killed extends Error {}

/** The store of a process that dies before its nth write. */
function dying(store: Store, dies: { left: number }): Store {
  const spend = (): void => {
    if ((dies.left -= 1) < 0) throw new Killed('killed');
  };
  const user = (inner: UserStore): UserStore => ({
    email: inner.email,
    get: (kind, id) => inner.get(kind, id),
    list: (kind, query) => inner.list(kind, query),
    transact: async (work) => {
      spend();
      return inner.transact(work);
    },
  });
  return {
    ...store,
    forUser: (email) => user(store.forUser(email)),
    tokens: {
      ...store.tokens,
      update: async (key, change) => {
        spend();
        return store.tokens.update(key, change);
      },
    },
    removeUser: async (email) => {
      spend();
      return store.removeUser(email);
    },
  };
}

async function secretly(scene: Scene): Promise<void> {
  const { deps, user } = scene;
  const sealed = deps.vault.seal('{"key":"s3cret"}', secretOwner(user, 'car_b'));
  await deps.store.forUser(user).transact(function* (tx) {
    tx.put('secret', 'car_b', { sealed, updatedAt: 1 });
  });
}

export function renameContract(open: () => Kept, stopsAt: readonly number[]): void {
  const opened = async () => {
    const { store, path, remove } = open();
    onTestFinished(remove);
    const scene = sceneOf(store, path, OLD);
    await fill(scene, DRIVE);
    await secretly(scene);
    const { secret } = await createToken(scene.deps, {
      owner: OLD,
      label: 'phone',
      scopes: ['events'],
      carId: null,
      expiresAt: null,
    });
    return { store, scene, key: tokenHash(secret), taken: contentOf(await exported(store, OLD)) };
  };

  const assertMoved = async ({ store, scene, key, taken }: Awaited<ReturnType<typeof opened>>) => {
    expect(contentOf(await exported(store, NEW))).toEqual(taken);
    expect(await store.users(9)).toEqual([NEW]);
    expect((await store.tokens.get(key))?.owner).toBe(NEW);
    expect((await store.tokens.listOf(NEW)).map(({ label }) => label)).toEqual(['phone']);
    const secret = await store.forUser(NEW).get('secret', 'car_b');
    expect(secret && scene.deps.vault.open(secret.sealed, secretOwner(NEW, 'car_b'))).toBe('{"key":"s3cret"}');
    expect(await store.forUser(NEW).get('user', '')).toMatchObject({ email: NEW, subject: null });
    expect(await store.forUser(NEW).get('user', '')).not.toHaveProperty('moving');
    expect(await store.forUser(OLD).get('user', '')).toBeNull();
    expect(contentOf(await exported(store, OLD))).toEqual(contentOf(await exported(store, 'nobody@example.nl')));
  };

  test('everything moves, tokens and sealed connections too', { timeout: 60_000 }, async () => {
    const all = await opened();
    await renameUser(all.scene.deps, { from: OLD, to: NEW });
    await assertMoved(all);
  });

  test.each(stopsAt)(
    'stopped before its write %i, the same call goes on and ends the same',
    { timeout: 60_000 },
    async (n) => {
      const all = await opened();
      const dies = { left: n };
      const stopped = renameUser({ ...all.scene.deps, store: dying(all.store, dies) }, { from: OLD, to: NEW });
      const wasKilled = await stopped.then(
        () => false,
        (error: unknown) => error instanceof Killed,
      );
      if (wasKilled) await renameUser(all.scene.deps, { from: OLD, to: NEW });
      await assertMoved(all);
    },
  );

  test('a move that is decided goes nowhere else', async () => {
    const { scene, store } = await opened();
    const until = { to: NEW, until: null };
    await store.forUser(OLD).transact(function* (tx) {
      const user = yield* tx.get('user', '');
      if (user !== null) tx.put('user', '', { ...user, moving: until });
    });
    await expect(renameUser(scene.deps, { from: OLD, to: 'x@example.nl' })).rejects.toThrow(`moving to ${NEW}`);
    expect(await store.users(5)).toEqual([OLD]);
  });

  test('an address that has a logbook is refused, and so is one that has none to move', async () => {
    const { scene, store, taken } = await opened();
    await fill(sceneOf(store, '', NEW), []);
    await expect(renameUser(scene.deps, { from: OLD, to: NEW })).rejects.toThrow(/has a logbook already/);
    await expect(renameUser(scene.deps, { from: 'nobody@example.nl', to: 'x@example.nl' })).rejects.toThrow(/no user/);
    await expect(renameUser(scene.deps, { from: OLD, to: OLD })).rejects.toThrow(/the same/);
    expect(contentOf(await exported(store, OLD))).toEqual(taken);
  });
}
