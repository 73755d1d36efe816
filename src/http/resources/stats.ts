/** `/stats`: totals of any period, and of its parts. */

import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { statsOf, termsOf } from '../../actions/stats.ts';
import type { Env } from '../env.ts';
import { flagParameter, queryOf } from '../wire/lists.ts';
import { PERIOD_PARAMETERS, periodOf, refusePeriod } from '../wire/periods.ts';
import { GROUPINGS, statsToWire, StatsWire } from '../wire/stats.ts';
import { json, refusals, resourceRouter } from './router.ts';

const grouping = z.enum(GROUPINGS, { error: `one of ${GROUPINGS.join(', ')}` });
const unit = z.enum(['km', 'mi'], { error: 'one of km, mi' });

const read = createRoute({
  method: 'get',
  path: '/stats',
  tags: ['Stats'],
  summary: 'Totals of a period; without one, of everything',
  description: `\`tax_year\` begins when the scheme of \`/rates\` says. \`amounts=true\` tells what business kilometres bring by
those rates; each trip is rounded by itself, so that amounts add up to those of a report. \`unit=mi\` adds miles.`,
  request: {
    query: queryOf({
      ...PERIOD_PARAMETERS,
      group_by: grouping.optional(),
      amounts: flagParameter().optional(),
      unit: unit.optional(),
    }).superRefine(refusePeriod),
  },
  responses: { 200: json(StatsWire, 'The totals'), ...refusals() },
});

export function statsRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    const query = c.req.valid('query');
    const groupBy = query.group_by ?? null;
    const terms = await termsOf(deps, c.var.store, groupBy, query.amounts ?? false);
    const stats = await statsOf(c.var.store, periodOf(query), groupBy, terms);
    return c.json(statsToWire(stats, groupBy, query.unit ?? 'km'), 200);
  });

  return routes;
}
