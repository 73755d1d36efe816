/** Whether a request comes from the scheduler's own service account: its OIDC token says so, header names prove nothing. */

import type { Context } from 'hono';
import type { Verdict } from '../seams/identity.ts';
import type { Env } from './env.ts';
import type { HttpOptions } from './options.ts';

const BEARER = /^bearer +(\S+)$/i;

/** `null`: it brings no token, or no scheduler is set up. */
export async function schedulerVerdict(
  c: Context<Env>,
  { identities, scheduler }: Pick<HttpOptions, 'identities' | 'scheduler'>,
): Promise<Verdict | null> {
  const { serviceAccount, audience } = scheduler;
  const token = BEARER.exec(c.req.header('authorization')?.trim() ?? '')?.[1];
  if (token === undefined || serviceAccount === null || audience === null) return null;
  const verdict = await identities.verify(token, audience);
  if (!verdict.ok || verdict.identity.email === serviceAccount) return verdict;
  return { ok: false, why: 'refused', reason: 'it is another account’s' };
}
