/** The clock from outside: a scheduler calls every minute. Its calls may come twice, late, or two at once. */

import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { Deps } from '../actions/deps.ts';
import { NO_ROUND, pollAll, type Round } from '../actions/poll.ts';
import { Problem } from '../domain/problem.ts';
import type { Env } from './env.ts';
import type { HttpOptions } from './options.ts';

const TICKS_KEPT = 100;
const MOST_SHARDS = 100;

const shardNumber = z
  .string()
  .regex(/^\d{1,3}$/, { error: 'a whole number' })
  .transform(Number);

export const PollQuery = z
  .strictObject({
    shards: shardNumber.optional(),
    shard: shardNumber.optional(),
    daily: z.enum(['0', '1'], { error: '0 or 1' }).optional(),
    user: z.string().optional(),
    token: z.string().optional(),
  })
  .superRefine(({ shard, shards }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (shards === undefined && shard !== undefined) refuse('shards', 'how many there are, with shard');
    if (shards === undefined) return;
    if (shards < 1 || shards > MOST_SHARDS) refuse('shards', `1 … ${MOST_SHARDS}`);
    else if (shard === undefined || shard >= shards) refuse('shard', `0 … ${shards - 1}, with shards`);
  });

/** In `required` nobody but the scheduler's own identity; without one set up, nobody at all. */
function schedulerOnly(auth: HttpOptions['auth']): MiddlewareHandler<Env> {
  return async (_c, next) => {
    if (auth === 'required') throw new Problem('unauthenticated', 'Only the scheduler of this service may call this.');
    await next();
  };
}

export function schedulerRoutes(deps: Deps, options: HttpOptions): Hono<Env> {
  const routes = new Hono<Env>();
  const ticks = new Set<string>();
  routes.use('*', schedulerOnly(options.auth));
  routes.post('/poll-all', async (c) => {
    PollQuery.parse(c.req.query());
    const tick = tickOf(c);
    if (tick === null) return c.json(await timed(() => pollAll(deps)));
    if (ticks.has(tick)) return c.json({ ...(await timed(async () => NO_ROUND)), duplicate: true });
    keep(ticks, tick);
    try {
      return c.json(await timed(() => pollAll(deps)));
    } catch (error) {
      ticks.delete(tick);
      throw error;
    }
  });
  return routes;
}

/** Equal for two deliveries of one tick; `null` when the caller does not say which tick it is. */
function tickOf(c: Context<Env>): string | null {
  const job = c.req.header('x-cloudscheduler-jobname');
  const time = c.req.header('x-cloudscheduler-scheduletime');
  return job && time ? `${job} ${time}` : null;
}

function keep(ticks: Set<string>, tick: string): void {
  const [oldest] = ticks;
  if (ticks.size >= TICKS_KEPT && oldest !== undefined) ticks.delete(oldest);
  ticks.add(tick);
}

async function timed(round: () => Promise<Round>): Promise<Round & { ok: true; duration_ms: number }> {
  const startedMs = performance.now();
  const done = await round();
  return { ok: true, ...done, duration_ms: Math.round(performance.now() - startedMs) };
}
