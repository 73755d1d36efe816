/** Device tokens: making, listing, revoking and recognising them. The secret leaves once, when it is made. */

import { hash } from 'node:crypto';
import type { DeviceToken, Scope } from '../domain/tokens.ts';
import { Problem } from '../domain/problem.ts';
import type { Store } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import type { KnownTokens } from './known-tokens.ts';
import { forgetTokens } from './passes.ts';

export interface TokenWish {
  readonly owner: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly carId: string | null;
  readonly expiresAt: number | null;
}

/** SHA-256, hex: tokens carry so much chance that a slow hash would add nothing. */
export function tokenHash(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Makes a token for a user who exists; a `carId` must be one of the user's cars. */
export async function createToken(
  deps: Pick<Deps, 'store' | 'clock' | 'ids'>,
  wish: TokenWish,
): Promise<{ token: DeviceToken; secret: string }> {
  const user = await deps.store.forUser(wish.owner).get('user', '');
  if (user === null) throw new Problem('not_found', `There is no user ${wish.owner}.`);
  if (wish.carId !== null && !user.cars.some(({ id }) => id === wish.carId)) {
    throw new Problem('not_found', `${wish.owner} has no car ${wish.carId}.`);
  }
  await forgetTokens(deps.store.tokens, wish.owner, deps.clock.now());
  const secret = deps.ids.token();
  const token: DeviceToken = {
    ...wish,
    id: deps.ids.next('tok'),
    last4: secret.slice(-4),
    createdAt: deps.clock.now(),
    revokedAt: null,
    lastUsedAt: null,
  };
  await deps.store.tokens.put(tokenHash(secret), token);
  return { token, secret };
}

/** Revokes for good. `false`: the owner has no such token. */
export async function revokeToken(
  deps: Pick<Deps, 'store' | 'clock'>,
  known: KnownTokens,
  owner: string,
  id: string,
): Promise<boolean> {
  const key = await deps.store.tokens.hashOf(owner, id);
  if (key === null) return false;
  const now = deps.clock.now();
  await deps.store.tokens.update(key, (token) => (token.revokedAt === null ? { ...token, revokedAt: now } : null));
  known.forget(owner);
  return true;
}

/** Revoked and expired ones too, in the order they were made. */
export async function listTokens(store: Pick<Store, 'tokens'>, owner: string): Promise<readonly DeviceToken[]> {
  return (await store.tokens.listOf(owner)).toSorted((a, b) => a.createdAt - b.createdAt);
}
