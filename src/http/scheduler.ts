/** The clock from outside: a scheduler calls every minute. Its calls may come twice, late, or two at once. */

import { z } from '@hono/zod-openapi';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import type { Deps } from '../actions/deps.ts';
import { NO_ROUND, pollAll, type Round } from '../actions/poll.ts';
import { Problem } from '../domain/problem.ts';
import type { Env } from './env.ts';
import type { HttpOptions } from './options.ts';
import { queryOf, wholeParameter } from './wire/lists.ts';

const TICKS_KEPT = 100;
const MOST_SHARDS = 100;

export const PollQuery = queryOf({
  shards: wholeParameter(1, MOST_SHARDS).optional(),
  shard: wholeParameter(0, MOST_SHARDS - 1).optional(),
  daily: z.enum(['0', '1'], { error: '0 or 1' }).optional(),
}).superRefine(({ shard, shards }, context) => {
  const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  if (shards === undefined && shard !== undefined) refuse('shards', 'how many shards there are, beside shard');
  if (shards === undefined) return;
  if (shard === undefined || shard >= shards) refuse('shard', `0 … ${shards - 1}, beside shards=${shards}`);
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
    const { shard = 0, shards = 1 } = PollQuery.parse(c.req.query());
    const round = () => timed(() => pollAll(deps, { shard, shards }));
    const tick = tickOf(c);
    if (tick === null) return c.json(await round());
    if (ticks.has(tick)) return c.json({ ...(await timed(async () => NO_ROUND)), duplicate: true });
    keep(ticks, tick);
    try {
      return c.json(await round());
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
  const { search } = new URL(c.req.url);
  return job && time ? `${job} ${time} ${search}` : null;
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
