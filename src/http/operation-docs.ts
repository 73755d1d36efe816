/** The description of what machines ask: `/health` and its like, and the scheduler's call. */

import { createRoute, z } from '@hono/zod-openapi';
import { PollQuery } from './scheduler.ts';
import { ProblemWire } from './wire/problems.ts';

const tags = ['Operations'];

function json(schema: z.ZodType, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

const Ready = z
  .object({
    ok: z.boolean(),
    store: z.string().optional(),
    store_state: z.enum(['ok', 'unreachable']).optional(),
    auth: z.enum(['open', 'required']).optional(),
  })
  .openapi('Ready');

const Round = z
  .object({
    ok: z.literal(true),
    due: z.int().openapi({ description: 'Drivers for whom it was time' }),
    polled: z.int().openapi({ description: 'Cars asked' }),
    finished: z.int().openapi({ description: 'Trips that came to their end' }),
    failed: z.int().openapi({ description: 'Drivers who could not be served; they are due again' }),
    remaining: z.int().openapi({ description: 'Left for the next call' }),
    duration_ms: z.int(),
    duplicate: z.literal(true).optional().openapi({ description: 'This tick was delivered before; nothing was done' }),
  })
  .openapi('Round');

function get(path: string, summary: string, responses: Readonly<Record<number, ReturnType<typeof json>>>) {
  return createRoute({ method: 'get', path, tags, summary, security: [], responses });
}

const alive = json(z.object({ ok: z.literal(true) }), 'It lives');
const ready = { 200: json(Ready, 'It can work'), 503: json(Ready, 'The store does not answer') };

const poll = createRoute({
  method: 'post',
  path: '/scheduler/poll-all',
  tags,
  summary: 'Let the clock speak: stale, paused and late drives. For the scheduler alone',
  security: [{ scheduler: [] }],
  request: {
    query: PollQuery,
    headers: z.object({
      'X-CloudScheduler-JobName': z.string().optional(),
      'X-CloudScheduler-ScheduleTime': z.string().optional(),
    }),
  },
  responses: {
    200: json(Round, 'What was due, also when single drivers failed'),
    400: { description: 'A malformed parameter', content: { 'application/problem+json': { schema: ProblemWire } } },
    401: { description: 'Not the scheduler', content: { 'application/problem+json': { schema: ProblemWire } } },
  },
});

export const operationDocs = [
  get('/health', 'Does the process live?', { 200: alive }),
  get('/healthz', 'The same as `/health`', { 200: alive }),
  get('/ready', 'Does the store answer?', ready),
  get('/readyz', 'The same as `/ready`', ready),
  get('/version', 'Which version is this?', {
    200: json(z.object({ name: z.string(), version: z.string() }), 'Name and version'),
  }),
  poll,
];
