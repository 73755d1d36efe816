/**
 * Whoever tries tokens that are none is told to wait. Counted per client and process, and only after a token was found to
 * be none: a good one is never refused for the failures of others, nor one that was revoked for being sent again.
 */

import type { Context } from 'hono';
import { Problem } from '../domain/problem.ts';
import type { Clock } from '../seams/clock.ts';
import type { FindCaller } from './callers.ts';
import { UNKNOWN } from './client-address.ts';
import type { Env } from './env.ts';
import { askToWait, Rate } from './rate.ts';

export const MOST_GUESSES_PER_MINUTE = 60;
export const TOO_MANY_WRONG = 'Too many wrong tokens from this address.';

const CARRIERS = ['authorization', 'x-api-key', 'x-webhook-token'];

export function slowingGuesses(find: FindCaller, clientOf: (c: Context<Env>) => string, clock: Clock): FindCaller {
  const rate = new Rate(MOST_GUESSES_PER_MINUTE);
  const refused = (c: Context<Env>, error: unknown): never => {
    if (!(error instanceof Problem) || error.code !== 'unauthenticated' || !carriesToken(c)) throw error;
    const client = clientOf(c);
    const waitSeconds = client === UNKNOWN ? 0 : rate.count(client, clock.now());
    if (waitSeconds === 0) throw error;
    askToWait(c, waitSeconds);
    throw new Problem('rate_limited', `${TOO_MANY_WRONG} Wait ${waitSeconds} s.`);
  };
  return (c) => {
    try {
      const found = find(c);
      return found instanceof Promise ? found.catch((error: unknown) => refused(c, error)) : found;
    } catch (error) {
      return refused(c, error);
    }
  };
}

/** A phone without any, as the first version of this service let in, guesses at nothing. */
function carriesToken(c: Context<Env>): boolean {
  return CARRIERS.some((name) => c.req.header(name) !== undefined) || c.req.query('token') !== undefined;
}
