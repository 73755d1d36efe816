/** `/months` and `/reports/verify`: closing months, and proving that they stayed as they were. */

import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { closeMonth, listClosedMonths, verifyMonths } from '../../actions/months.ts';
import { isMonth } from '../../domain/calendar.ts';
import { Problem } from '../../domain/problem.ts';
import type { Env } from '../env.ts';
import { trialQuery } from '../wire/acts.ts';
import { listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import {
  ClosedMonthWire,
  closedMonthToWire,
  ClosingWire,
  closingToWire,
  VerificationWire,
  verificationToWire,
} from '../wire/months.ts';
import { json, refusals, resourceRouter } from './router.ts';

const tags = ['Months'];

const list = createRoute({
  method: 'get',
  path: '/months',
  tags,
  summary: 'The months that are closed, newest first',
  request: { query: queryOf(PAGE_PARAMETERS) },
  responses: { 200: json(listWire('months', ClosedMonthWire), 'A page of months'), ...refusals() },
});

const close = createRoute({
  method: 'post',
  path: '/months/{month}/close',
  tags,
  summary: 'Close a month that is over',
  description: `Its trips are locked: a change needs a \`correction_reason\`, and is printed beside the trip. Closing cannot be
undone. A month that is closed already is answered as it stands.`,
  request: {
    params: z.object({ month: z.string().openapi({ example: '2026-03' }) }),
    query: trialQuery,
  },
  responses: { 200: json(ClosingWire, 'The month, and what to mind'), ...refusals(422) },
});

const HEAD = 'the head a report shows, 64 characters';

const verify = createRoute({
  method: 'get',
  path: '/reports/verify',
  tags,
  summary: 'Whether closed months are as they were closed and corrected',
  request: {
    query: queryOf({
      head: z
        .string({ error: HEAD })
        .regex(/^[0-9a-f]{64}$/, { error: HEAD })
        .optional()
        .openapi({ description: 'Of an older report: was it this chain’s?' }),
    }),
  },
  responses: { 200: json(VerificationWire, 'What was found'), ...refusals() },
});

export function monthRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const page = await listClosedMonths(c.var.store, pageQuery(c.req.valid('query')));
    return c.json(listToWire('months', page, closedMonthToWire), 200);
  });

  routes.openapi(close, async (c) => {
    const { month } = c.req.valid('param');
    refuseOther(month);
    const dryRun = c.req.valid('query').dry_run ?? false;
    return c.json(closingToWire(await closeMonth(deps, c.var.store, month, c.var.caller.actor, dryRun)), 200);
  });

  routes.openapi(verify, async (c) => {
    const { head } = c.req.valid('query');
    return c.json(verificationToWire(await verifyMonths(c.var.store, head ?? null)), 200);
  });

  return routes;
}

function refuseOther(month: string): void {
  if (isMonth(month)) return;
  const message = 'a month YYYY-MM';
  throw new Problem('invalid_request', `month: ${message}`, [{ field: 'month', message }]);
}
