/** Tokens and what a process remembers of them: revoked here counts at once, elsewhere within a minute. */

import { describe, expect, it } from 'vitest';
import { KnownTokens } from '../../src/actions/known-tokens.ts';
import { createToken, listTokens, revokeToken, tokenHash } from '../../src/actions/tokens.ts';
import { removeUser } from '../../src/actions/users.ts';
import { JAN, PIET, testApp } from '../support/app.ts';

const MINUTE_MS = 60_000;

describe('a token', () => {
  const wish = { owner: JAN, label: 'iPhone', scopes: ['events'], carId: null, expiresAt: null } as const;

  it('is kept without its secret', async () => {
    const { deps, tokenOf } = testApp({ auth: 'required' });
    await tokenOf(JAN);
    const { token, secret } = await createToken(deps, wish);
    const listed = await listTokens(deps.store, JAN);
    expect(listed.map(({ id }) => id)).toContain(token.id);
    expect(JSON.stringify(listed)).not.toContain(secret.slice(4, -4));
    expect(token).toMatchObject({ label: 'iPhone', last4: secret.slice(-4), revokedAt: null, lastUsedAt: null });
  });

  it('needs an owner who exists, and a car of his', async () => {
    const { deps, tokenOf } = testApp({ auth: 'required' });
    await expect(createToken(deps, wish)).rejects.toMatchObject({ code: 'not_found' });
    await tokenOf(JAN);
    await expect(createToken(deps, { ...wish, carId: 'car_1' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is revoked once, by its owner', async () => {
    const { deps, clock, tokenOf } = testApp({ auth: 'required' });
    const known = new KnownTokens(deps);
    await tokenOf(JAN);
    await tokenOf(PIET);
    const [{ id } = { id: '' }] = await listTokens(deps.store, JAN);
    expect(await revokeToken(deps, known, PIET, id)).toBe(false);
    const first = clock.now();
    expect(await revokeToken(deps, known, JAN, id)).toBe(true);
    clock.advance(MINUTE_MS);
    expect(await revokeToken(deps, known, JAN, id)).toBe(true);
    expect(await listTokens(deps.store, JAN)).toMatchObject([{ revokedAt: first }]);
  });
});

describe('what a process remembers', () => {
  async function remembered() {
    const service = testApp({ auth: 'required' });
    const key = tokenHash(await service.tokenOf(JAN));
    const known = new KnownTokens(service.deps);
    await known.find(key);
    const [{ id } = { id: '' }] = await listTokens(service.deps.store, JAN);
    return { ...service, key, known, id };
  }

  it('is asked anew after a minute, not before', async () => {
    const { known, key, clock } = await remembered();
    clock.advance(MINUTE_MS - 1);
    expect(known.recall(key)).not.toBeNull();
    clock.advance(1);
    expect(known.recall(key)).toBeNull();
  });

  it('forgets at once what was revoked or removed here', async () => {
    const { known, key, deps, id } = await remembered();
    await revokeToken(deps, known, JAN, id);
    expect(known.recall(key)).toBeNull();
    expect((await known.find(key))?.token.revokedAt).not.toBeNull();
    await removeUser(deps.store, known, JAN);
    expect(known.recall(key)).toBeNull();
    expect(await known.find(key)).toBeNull();
  });

  it('does not take up again what was forgotten while it was looked up', async () => {
    const { known, key, deps, id, clock } = await remembered();
    clock.advance(MINUTE_MS);
    const looking = known.find(key);
    await revokeToken(deps, known, JAN, id);
    await looking;
    expect(known.recall(key)?.token.revokedAt ?? null).toBeNull();
    expect((await known.find(key))?.token.revokedAt).not.toBeNull();
  });

  it('never brings a revoked token back by noting its use', async () => {
    const { deps, key, id, clock } = await remembered();
    clock.advance(2 * 60 * MINUTE_MS);
    const known = new KnownTokens(deps);
    await Promise.all([known.find(key), revokeToken(deps, known, JAN, id)]);
    await new Promise((done) => setTimeout(done, 50));
    const [token] = await listTokens(deps.store, JAN);
    expect(token?.revokedAt).not.toBeNull();
  });
});
