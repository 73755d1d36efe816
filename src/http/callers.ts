/** Who is calling: turns a claim and a credential into a `Caller`, or refuses. Routers are built with the kind they serve. */

import { hash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from '../domain/problem.ts';
import { SCOPES, type Scope } from '../domain/tokens.ts';
import type { Store } from '../seams/store.ts';
import { claimedUser } from './claims.ts';
import type { Caller, Env } from './env.ts';
import { isServed } from './not-found.ts';

/** Finds out who sent a request, or throws. */
export type FindCaller = (c: Context<Env>) => Caller | Promise<Caller>;

/**
 * Lets a driver through who may do what `scopeOf` says the request is, and hands on the caller's logbook: the one place
 * where a request comes by a store. A path nobody serves asks nobody who he is.
 */
export function driver(
  store: Pick<Store, 'forUser'>,
  find: FindCaller,
  scopeOf: (c: Context<Env>) => Scope,
): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (c.get('caller') === undefined && isServed(c)) {
      const found = find(c);
      const caller = found instanceof Promise ? await found : found;
      c.set('caller', caller);
      c.set('store', store.forUser(caller.user));
      requireScope(caller, scopeOf(c));
    }
    await next();
  };
}

export function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.includes(scope)) return;
  throw new Problem('insufficient_scope', `This token lacks the scope ${scope}. It may: ${caller.scopes.join(', ')}.`);
}

/** The owner of the credential is the user; whoever names somebody else learns nothing of them. */
export function agreeing(caller: Caller, claim: string | null): Caller {
  if (claim === null || claim === caller.user) return caller;
  throw new Problem('user_mismatch', MISMATCH);
}

const MISMATCH =
  'The user in this request is not the owner of this credential. Leave the user out, or use their own credential.';

const CALLERS_KEPT = 1_000;

/** Open mode: the claim alone says whose logbook it is. */
export function openCallers(defaultUser: string | null): FindCaller {
  const callers = new Map<string, Caller>();
  return (c) => {
    const user = claimedUser(c, null) ?? defaultUser;
    if (user === null) throw new Problem('user_required', USER_REQUIRED);
    const known = callers.get(user);
    if (known !== undefined) return known;
    if (callers.size >= CALLERS_KEPT) callers.clear();
    const caller: Caller = { user, token: null, actor: { kind: 'open' }, scopes: SCOPES, logName: logName(user) };
    callers.set(user, caller);
    return caller;
  };
}

const USER_REQUIRED =
  'Say whose logbook this is: add ?user=you@example.com to the address, or send it in the header X-User-Email.';

/** The same for the same address for ever, and not the address. */
export function logName(user: string): string {
  return `u_${hash('sha256', user, 'hex').slice(0, 10)}`;
}
