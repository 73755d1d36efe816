/** A sign-in that failed counts against whoever tried it; who fails too often is told how long to wait. */

import type { Context } from 'hono';
import type { Clock } from '../../seams/clock.ts';
import type { Env } from '../env.ts';
import type { Browsers } from '../front.ts';
import { askToWait, secondsUntil } from '../rate.ts';

/** `email`: the address it was tried for, where that is known. `true`: it is one too many, and the answer says until when. */
export async function wasOneTooMany(
  c: Context<Env>,
  clock: Clock,
  { failures, clientOf }: Pick<Browsers, 'failures' | 'clientOf'>,
  email: string | null,
): Promise<boolean> {
  const until = await failures.note(clientOf(c), email);
  if (until === null) return false;
  askToWait(c, secondsUntil(until, clock.now()));
  return true;
}
