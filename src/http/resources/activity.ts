/** `/activity`: what happened in a logbook, and by whom. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { listActivity } from '../../actions/activity.ts';
import type { Env } from '../env.ts';
import { activityToWire, ActivityWire } from '../wire/activity.ts';
import { listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import { json, refusals, resourceRouter } from './router.ts';

const list = createRoute({
  method: 'get',
  path: '/activity',
  tags: ['Activity'],
  summary: 'Created, changed, deleted and discarded, newest first',
  request: { query: queryOf(PAGE_PARAMETERS) },
  responses: { 200: json(listWire('activity', ActivityWire), 'A page of the feed'), ...refusals() },
});

export function activityRoutes(): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const page = await listActivity(c.var.store, pageQuery(c.req.valid('query')));
    return c.json(listToWire('activity', page, activityToWire), 200);
  });

  return routes;
}
