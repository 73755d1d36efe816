/** `/stats/budget`: how much of the 500 private kilometres of a company car is used, and how the year may end. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { findBudget } from '../../actions/budget.ts';
import type { UserDeps } from '../../actions/deps.ts';
import type { Env } from '../env.ts';
import { budgetToWire, BudgetWire } from '../wire/budget.ts';
import { idParameter, queryOf, wholeParameter } from '../wire/lists.ts';
import { json, refusals, resourceRouter } from './router.ts';

const read = createRoute({
  method: 'get',
  path: '/stats/budget',
  tags: ['Stats'],
  summary: 'The private kilometres of company cars in a Dutch calendar year',
  description: `Of \`year\`, or of this one; of every company car, or of \`car_id\`. Private trips, the private parts of mixed
ones, and what the odometer says and no trip explains count; commuting does not. The forecast goes by the pace so far.`,
  request: {
    query: queryOf({ year: wholeParameter(1900, 2999).optional(), car_id: idParameter().optional() }),
  },
  responses: { 200: json(BudgetWire, 'The budget of each car'), ...refusals(404) },
});

export function budgetRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    const { year, car_id: carId } = c.req.valid('query');
    const found = await findBudget(deps, c.var.store, { year: year ?? null, carId: carId ?? null });
    return c.json(budgetToWire(found), 200);
  });

  return routes;
}
