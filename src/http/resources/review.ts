/** `/review`: what wants a decision of the user. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { listReview } from '../../actions/review.ts';
import type { Env } from '../env.ts';
import { listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import { reviewToWire, ReviewWire } from '../wire/review.ts';
import { json, refusals, resourceRouter } from './router.ts';

const list = createRoute({
  method: 'get',
  path: '/review',
  tags: ['Review'],
  summary: 'What wants a decision, newest first, with the actions that settle it',
  request: { query: queryOf(PAGE_PARAMETERS) },
  responses: { 200: json(listWire('review', ReviewWire), 'A page of the review list'), ...refusals() },
});

export function reviewRoutes(): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const page = await listReview(c.var.store, pageQuery(c.req.valid('query')));
    return c.json(listToWire('review', page, reviewToWire), 200);
  });

  return routes;
}
