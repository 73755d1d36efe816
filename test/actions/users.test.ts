/** Users: added once, listed whole, removed for good; an unknown one is made or refused as the mode says. */

import { describe, expect, it } from 'vitest';
import type { Deps } from '../../src/actions/deps.ts';
import { addUser, allUsers, ensureUser, removeUser } from '../../src/actions/users.ts';
import { JAN, PIET, testApp } from '../support/app.ts';

async function ensure(deps: Deps, email: string): Promise<unknown> {
  return deps.store.forUser(email).transact(function* (tx) {
    return yield* ensureUser(deps, tx, email, deps.clock.now());
  });
}

describe('a user', () => {
  it('is added once, with the settings new users get', async () => {
    const { deps, clock } = testApp({ auth: 'required' });
    expect(await addUser(deps, JAN)).toBe(true);
    const first = await deps.store.forUser(JAN).get('user', '');
    expect(first).toEqual({
      email: JAN,
      settings: deps.newUser,
      subject: null,
      addedBy: 'command',
      cars: [],
      locations: [],
      rules: [],
      createdAt: clock.now(),
      updatedAt: clock.now(),
    });
    clock.advance(1_000);
    expect(await addUser(deps, JAN)).toBe(false);
    expect(await deps.store.forUser(JAN).get('user', '')).toEqual(first);
  });

  it('is made by its first write in open mode', async () => {
    const { deps } = testApp();
    expect(await ensure(deps, JAN)).toMatchObject({ email: JAN });
    expect(await deps.store.users(10)).toEqual([JAN]);
  });

  it('is refused in required mode unless it was added', async () => {
    const { deps } = testApp({ auth: 'required' });
    await expect(ensure(deps, JAN)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await deps.store.users(10)).toEqual([]);
    await addUser(deps, JAN);
    expect(await ensure(deps, JAN)).toMatchObject({ email: JAN });
  });

  it('is removed with its tokens, and nobody else', async () => {
    const service = testApp({ auth: 'required' });
    await service.tokenOf(JAN);
    await service.tokenOf(PIET);
    const { store } = service.deps;
    expect(await removeUser(store, null, JAN)).toBe(true);
    expect(await removeUser(store, null, JAN)).toBe(false);
    expect([await store.users(10), await store.tokens.listOf(JAN)]).toEqual([[PIET], []]);
    expect(await store.tokens.listOf(PIET)).toHaveLength(1);
  });

  it('is among all of them, however many there are', async () => {
    const { deps } = testApp();
    const emails = Array.from({ length: 401 }, (_, i) => `driver${String(i).padStart(3, '0')}@example.nl`);
    for (const email of emails) await addUser(deps, email);
    expect(await Array.fromAsync(allUsers(deps.store))).toEqual(emails);
  });
});
