/** The clock from outside: a scheduler calls every minute. Its calls may come twice, late, or two at once. */

import { z } from '@hono/zod-openapi';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import type { Deps } from '../actions/deps.ts';
import { NO_ROUND, pollAll, type Round } from '../actions/poll.ts';
import { oncePerTick } from '../actions/ticks.ts';
import { Problem } from '../domain/problem.ts';
import type { Log } from '../seams/log.ts';
import type { Env } from './env.ts';
import type { HttpOptions } from './options.ts';
import { parametersOf } from './query.ts';
import { schedulerVerdict } from './scheduler-identity.ts';
import { queryOf, wholeParameter } from './wire/lists.ts';

/** Of a header that names a tick. */
const LONGEST = 500;
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
function schedulerOnly(log: Log, options: HttpOptions): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (options.auth === 'required') await requireScheduler(c, log, options);
    await next();
  };
}

async function requireScheduler(c: Context<Env>, log: Log, options: HttpOptions): Promise<void> {
  const verdict = await schedulerVerdict(c, options);
  if (verdict === null) throw nobody();
  if (verdict.ok) return;
  log.write('WARNING', 'The token of a scheduler was refused', { reason: verdict.reason });
  if (verdict.why === 'refused') throw nobody();
  throw new Problem('busy_try_again', 'The keys of Google cannot be fetched just now. Try again.');
}

function nobody(): Problem {
  return new Problem('unauthenticated', 'Only the scheduler of this service may call this.');
}

export function schedulerRoutes(deps: Deps, options: HttpOptions): Hono<Env> {
  const routes = new Hono<Env>();
  routes.use('*', schedulerOnly(deps.log, options));
  routes.post('/poll-all', async (c) => {
    const { shard = 0, shards = 1, daily } = PollQuery.parse(parametersOf(c));
    const round = () => timed(() => pollAll(deps, { share: { shard, shards }, daily: daily === '1' }));
    const tick = tickOf(c);
    if (tick === null) return c.json(await round());
    const job = `${tick.job} ${shard}/${shards} ${daily === '1' ? 'daily' : 'due'}`;
    const once = await oncePerTick(deps, job, tick.time, round);
    return c.json(once ?? { ...(await timed(async () => NO_ROUND)), duplicate: true });
  });
  return routes;
}

/** Equal for two deliveries of one tick; `null` when the caller does not say which tick it is. */
function tickOf(c: Context<Env>): { readonly job: string; readonly time: string } | null {
  const job = c.req.header('x-cloudscheduler-jobname');
  const time = c.req.header('x-cloudscheduler-scheduletime');
  return job && time ? { job: job.slice(0, LONGEST), time: time.slice(0, LONGEST) } : null;
}

async function timed(round: () => Promise<Round>): Promise<Round & { ok: true; duration_ms: number }> {
  const startedMs = performance.now();
  const done = await round();
  return { ok: true, ...done, duration_ms: Math.round(performance.now() - startedMs) };
}
