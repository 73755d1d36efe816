/** A user's own tokens, as the user manages them: made, listed, rotated, revoked, each change with its line in the feed. */

import type { Actor } from '../domain/activity.ts';
import { Problem, unprocessable } from '../domain/problem.ts';
import { isTokenAlive, replaced, scopesAt, SCOPES, type DeviceToken, type Scope } from '../domain/tokens.ts';
import type { TokenStore, UserStore } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import type { UserDeps } from './deps.ts';
import type { KnownTokens } from './known-tokens.ts';
import type { Page, PageQuery } from './pages.ts';
import { forgetTokens } from './passes.ts';
import { listTokens, tokenHash } from './tokens.ts';
import { ensureUser } from './users.ts';

/** A phone and a car or two per driver need a handful; all of them are read to show one page. */
const MOST_ALIVE = 200;

/** The tokens of one user: whoever holds this reaches nobody else's. */
export interface UserTokens {
  /** Revoked and expired ones too, in the order they were made. */
  list(): Promise<readonly DeviceToken[]>;
  put(hash: string, token: Omit<DeviceToken, 'owner'>): Promise<void>;
  /** `null`, also from `change`, as in `TokenStore`. What changed counts at once in this process. */
  update(id: string, change: (token: DeviceToken) => DeviceToken | null): Promise<Updated | null>;
  /** Takes out what ended long ago. */
  forgetEnded(now: number): Promise<unknown>;
}

/** What was stored, and what is now: the same when nothing changed. */
interface Updated {
  readonly before: DeviceToken;
  readonly after: DeviceToken;
}

export function tokensOf(store: TokenStore, known: Pick<KnownTokens, 'forget'>, owner: string): UserTokens {
  return {
    list: () => listTokens({ tokens: store }, owner),
    put: (hash, token) => store.put(hash, { ...token, owner }),
    async update(id, change) {
      const hash = await store.hashOf(owner, id);
      if (hash === null) return null;
      let before: DeviceToken | undefined;
      const after = await store.update(hash, (token) => change((before = token)));
      known.forget(owner);
      return after && { before: before ?? after, after };
    },
    forgetEnded: (now) => forgetTokens(store, owner, now),
  };
}

/** Who asks: nobody hands on what he may not do himself. */
export interface Maker {
  readonly by: Actor;
  readonly scopes: readonly Scope[];
}

export interface NewToken {
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly carId: string | null;
  readonly expiresAt: number | null;
}

/** A token and its secret, which is told this once. */
export interface MadeToken {
  readonly token: DeviceToken;
  readonly secret: string;
}

export async function makeToken(
  deps: UserDeps,
  user: UserStore,
  tokens: UserTokens,
  wish: NewToken,
  maker: Maker,
): Promise<MadeToken> {
  const now = deps.clock.now();
  refuseBeyond(wish.scopes, maker);
  if (wish.expiresAt !== null && wish.expiresAt <= now) throw unprocessable('expires_at', 'an instant in the future');
  const alive = (await tokens.list()).filter((token) => isTokenAlive(token, now));
  if (alive.length >= MOST_ALIVE) {
    throw unprocessable('tokens', `at most ${MOST_ALIVE} tokens; revoke one that is not used any more first`);
  }
  return make(deps, user, tokens, { ...wish, scopes: inOrder(wish.scopes) }, maker.by, now);
}

/** The entry in the feed comes first: no token lives of which the feed says nothing. */
async function make(
  deps: UserDeps,
  user: UserStore,
  tokens: UserTokens,
  wish: NewToken,
  by: Actor,
  now: number,
): Promise<MadeToken> {
  await tokens.forgetEnded(now);
  const secret = deps.ids.token();
  const token: DeviceToken = {
    ...wish,
    owner: user.email,
    id: deps.ids.next('tok'),
    last4: secret.slice(-4),
    createdAt: now,
    revokedAt: null,
    lastUsedAt: null,
  };
  await user.transact(function* (tx) {
    const { cars } = yield* ensureUser(deps, tx, user.email, now);
    if (wish.carId !== null && !cars.some(({ id }) => id === wish.carId)) {
      throw unprocessable('car_id', 'the id of one of your cars in use, or null');
    }
    noteChange(tx, deps, { by, now }, 'token', token.id, null, token);
  });
  await tokens.put(tokenHash(secret), token);
  return { token, secret };
}

/** Newest first; `revoked: null` lists all. */
export async function pageOfTokens(
  tokens: UserTokens,
  revoked: boolean | null,
  { limit, after }: PageQuery,
): Promise<Page<DeviceToken>> {
  const all = (await tokens.list()).toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  const rest = all.filter(
    (token) =>
      (revoked === null || (token.revokedAt !== null) === revoked) &&
      (after === null ||
        token.createdAt < Number(after.sort) ||
        (token.createdAt === after.sort && token.id < after.id)),
  );
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rest.length > limit && last ? { sort: last.createdAt, id: last.id } : null };
}

/** For good. One that is revoked already stays as it is. */
export async function revokeOwnToken(
  deps: UserDeps,
  user: UserStore,
  tokens: UserTokens,
  id: string,
  by: Actor,
): Promise<void> {
  const now = deps.clock.now();
  const revoked = await tokens.update(id, (token) => (token.revokedAt === null ? { ...token, revokedAt: now } : null));
  if (revoked === null) throw missing();
  await note(deps, user, revoked, by, now);
}

/** A new token with the label, car, span of life and present scopes of the old one, which goes on for a week. */
export async function rotateToken(
  deps: UserDeps,
  user: UserStore,
  tokens: UserTokens,
  id: string,
  maker: Maker,
): Promise<MadeToken> {
  const now = deps.clock.now();
  const old = (await tokens.list()).find((token) => token.id === id);
  if (old === undefined) throw missing();
  refuseReplaced(old, now);
  const scopes = scopesAt(old, now);
  refuseBeyond(scopes, maker);
  if (scopes.length === 0) throw new Problem('conflict', 'All scopes of this token have lapsed. Make a new one.');
  const expiresAt = old.expiresAt === null ? null : now + (old.expiresAt - old.createdAt);
  const made = await make(
    deps,
    user,
    tokens,
    { label: old.label, scopes, carId: await carOf(user, old), expiresAt },
    maker.by,
    now,
  );
  await replace(deps, user, tokens, id, made.token.id, maker.by, now);
  return made;
}

/** Whoever lost the race against another rotation takes back what he made. */
async function replace(
  deps: UserDeps,
  user: UserStore,
  tokens: UserTokens,
  id: string,
  newId: string,
  by: Actor,
  now: number,
): Promise<void> {
  const updated = await tokens.update(id, (token) =>
    isTokenAlive(token, now) && token.replacedBy === undefined ? replaced(token, newId, now) : null,
  );
  if (updated?.after.replacedBy === newId) return note(deps, user, updated, by, now);
  await revokeOwnToken(deps, user, tokens, newId, by);
  if (updated === null) throw missing();
  refuseReplaced(updated.after, now);
}

function refuseReplaced(token: DeviceToken, now: number): void {
  if (token.replacedBy !== undefined) {
    throw new Problem(
      'conflict',
      `This token was rotated already: ${token.replacedBy} took its place. Rotate that one.`,
    );
  }
  if (!isTokenAlive(token, now)) throw new Problem('conflict', 'This token no longer counts. Make a new one.');
}

/** A car that is gone binds nobody any more. */
async function carOf(user: UserStore, { carId }: DeviceToken): Promise<string | null> {
  const owner = await user.get('user', '');
  return owner?.cars.some(({ id }) => id === carId) ? carId : null;
}

async function note(
  deps: UserDeps,
  user: UserStore,
  { before, after }: Updated,
  by: Actor,
  now: number,
): Promise<void> {
  if (before === after) return;
  await user.transact(function* (tx) {
    yield* ensureUser(deps, tx, user.email, now);
    noteChange(tx, deps, { by, now }, 'token', after.id, before, after);
  });
}

function refuseBeyond(wished: readonly Scope[], { scopes }: Maker): void {
  const beyond = wished.filter((scope) => !scopes.includes(scope));
  if (beyond.length === 0) return;
  throw new Problem(
    'insufficient_scope',
    `A token makes only tokens within its own scopes (${scopes.join(', ')}); ${beyond.join(', ')} is beyond them.`,
    [{ field: 'scopes', message: `some of ${scopes.join(', ')}` }],
  );
}

function inOrder(scopes: readonly Scope[]): readonly Scope[] {
  return SCOPES.filter((scope) => scopes.includes(scope));
}

function missing(): Problem {
  return new Problem('not_found', 'There is no such token.');
}
