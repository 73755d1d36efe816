/** Sealing anew loses nothing that happens meanwhile, and names what it cannot open. */

import { DatabaseSync } from 'node:sqlite';
import { onTestFinished, expect, it } from 'vitest';
import { secretOwner } from '../../src/actions/connection-docs.ts';
import { rekey, type Rekeyed } from '../../src/actions/rekey.ts';
import { addUser } from '../../src/actions/users.ts';
import { openVault } from '../../src/adapters/system/vault.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import type { Secret } from '../../src/domain/secrets.ts';
import type { Store } from '../../src/seams/store.ts';
import { JAN, PIET } from '../support/app.ts';
import { openTempStore } from '../support/store.ts';

const OLD = openVault([new Uint8Array(32).fill(1)]);
const BOTH = openVault([new Uint8Array(32).fill(2), new Uint8Array(32).fill(1)]);
const LOST = openVault([new Uint8Array(32).fill(3)]);

async function withUsers() {
  const { store, path, remove } = openTempStore();
  onTestFinished(remove);
  const newUser = defaultSettings('Europe/Amsterdam', 'en');
  for (const email of [JAN, PIET]) await addUser({ store, clock: { now: () => 1 }, newUser }, email);
  const put = (email: string, id: string, secret: Secret | null) =>
    store.forUser(email).transact(function* (tx) {
      if (secret) tx.put('secret', id, secret);
      else tx.remove('secret', id);
    });
  const keep = (email: string, id: string, text: string, vault = OLD) =>
    put(email, id, { sealed: vault.seal(text, secretOwner(email, id)), updatedAt: 5 });
  const kept = async (email: string, id: string) => {
    const secret = await store.forUser(email).get('secret', id);
    const isCurrent = secret && BOTH.isCurrent(secret.sealed);
    return secret && { text: BOTH.open(secret.sealed, secretOwner(email, id)), isCurrent, updatedAt: secret.updatedAt };
  };
  return { store, path, put, keep, kept };
}

async function all(rekeyed: AsyncGenerator<Rekeyed>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { email, id, outcome } of rekeyed) lines.push(`${email} ${id} ${outcome}`);
  return lines;
}

/** A store in which something happens after secrets were listed for the first time. */
function during(store: Store, happens: () => Promise<unknown>): Store {
  let isOver = false;
  return {
    ...store,
    forUser(email) {
      const user = store.forUser(email);
      const list: typeof user.list = async (kind, query) => {
        const rows = await user.list(kind, query);
        if (!isOver) await happens();
        isOver = true;
        return rows;
      };
      return { ...user, list };
    },
  };
}

it('seals anew what was sealed with another key, of every user, page by page, once', async () => {
  const { store, keep, kept } = await withUsers();
  for (let i = 0; i < 205; i += 1) await keep(JAN, `car_${i}`, `text ${i}`);
  await keep(PIET, 'car_1', 'piet');
  await keep(PIET, 'car_2', 'new', BOTH);
  const lines = await all(rekey(store, BOTH));
  expect(lines).toHaveLength(207);
  expect(lines.filter((line) => line.endsWith('rewritten'))).toHaveLength(206);
  expect(await kept(JAN, 'car_204')).toEqual({ text: 'text 204', isCurrent: true, updatedAt: 5 });
  expect(await kept(PIET, 'car_1')).toEqual({ text: 'piet', isCurrent: true, updatedAt: 5 });
  const again = await all(rekey(store, BOTH));
  expect(new Set(again.map((line) => line.split(' ')[2]))).toEqual(new Set(['current']));
});

it('keeps what was connected anew meanwhile, with whatever key, and leaves gone what went', async () => {
  const { store, keep, kept, put } = await withUsers();
  for (const id of ['car_1', 'car_2', 'car_3']) await keep(JAN, id, 'before');
  const meanwhile = during(store, async () => {
    await keep(JAN, 'car_1', 'newer, new key', BOTH);
    await keep(JAN, 'car_2', 'newer, old key');
    await put(JAN, 'car_3', null);
  });
  expect(await all(rekey(meanwhile, BOTH))).toEqual([`${JAN} car_1 current`, `${JAN} car_2 rewritten`]);
  expect(await kept(JAN, 'car_1')).toMatchObject({ text: 'newer, new key', isCurrent: true });
  expect(await kept(JAN, 'car_2')).toMatchObject({ text: 'newer, old key', isCurrent: true });
  expect(await kept(JAN, 'car_3')).toBeNull();
});

it('names what it cannot open and leaves it as it is, and goes on', async () => {
  const { store, path, keep, put } = await withUsers();
  await keep(JAN, 'car_1', 'lost', LOST);
  const moved = { sealed: OLD.seal('moved', secretOwner(PIET, 'car_2')), updatedAt: 5 };
  await put(JAN, 'car_2', moved);
  await keep(JAN, 'car_3', 'fine');
  expect(await all(rekey(store, BOTH))).toEqual([
    `${JAN} car_1 unreadable`,
    `${JAN} car_2 unreadable`,
    `${JAN} car_3 rewritten`,
  ]);
  expect(await store.forUser(JAN).get('secret', 'car_2')).toEqual(moved);
  await keep(PIET, 'car_9', 'fine');
  const db = new DatabaseSync(path);
  db.exec("UPDATE document SET body = '{' WHERE kind = 'secret' AND id = 'car_1'");
  db.close();
  expect(await all(rekey(store, BOTH))).toEqual([`${JAN} secrets unreadable`, `${PIET} car_9 rewritten`]);
});
