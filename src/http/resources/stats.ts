/** `/stats`: totals of any period, and of its parts. */

import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { statsOf } from '../../actions/stats.ts';
import type { Env } from '../env.ts';
import { queryOf } from '../wire/lists.ts';
import { PERIOD_PARAMETERS, periodOf, refusePeriod } from '../wire/periods.ts';
import { GROUPINGS, statsToWire, StatsWire } from '../wire/stats.ts';
import { json, refusals, resourceRouter } from './router.ts';

const grouping = z.enum(GROUPINGS, { error: `one of ${GROUPINGS.join(', ')}` });

const read = createRoute({
  method: 'get',
  path: '/stats',
  tags: ['Stats'],
  summary: 'Totals of a period; without one, of everything',
  request: { query: queryOf({ ...PERIOD_PARAMETERS, group_by: grouping.optional() }).superRefine(refusePeriod) },
  responses: { 200: json(StatsWire, 'The totals'), ...refusals() },
});

export function statsRoutes(): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    const query = c.req.valid('query');
    const groupBy = query.group_by ?? null;
    const stats = await statsOf(c.var.store, periodOf(query), groupBy);
    return c.json(statsToWire(stats, groupBy), 200);
  });

  return routes;
}
