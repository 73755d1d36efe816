/** An event that comes while its logbook moves waits for that, and then belongs to whoever its credential belongs to. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from 'hono';
import type { KnownTokens } from '../actions/known-tokens.ts';
import { Moved } from '../actions/users.ts';
import { Problem } from '../domain/problem.ts';
import { PATIENCE_MS } from '../seams/contention.ts';
import type { Store } from '../seams/store.ts';
import type { FindCaller } from './callers.ts';
import type { Env } from './env.ts';

/** Looks anew who is calling; throws when it is nobody any more. */
export type FindAgain = (c: Context<Env>) => Promise<void>;

const TRY_EVERY_MS = 100;

export function findAgain(store: Pick<Store, 'forUser'>, known: KnownTokens, find: FindCaller): FindAgain {
  return async (c) => {
    known.forget(c.get('caller').user);
    const caller = await find(c);
    c.set('caller', caller);
    c.set('store', store.forUser(caller.user));
  };
}

export async function throughMove<T>(c: Context<Env>, again: FindAgain, work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!mayHaveMoved(c, error) || performance.now() > giveUpAt) throw error;
    }
    await pause(TRY_EVERY_MS);
    await again(c);
  }
}

/** What is remembered of a token may name an address whose logbook has gone elsewhere. */
function mayHaveMoved(c: Context<Env>, error: unknown): boolean {
  if (error instanceof Moved) return true;
  return error instanceof Problem && error.code === 'unauthenticated' && c.get('caller').token !== null;
}
