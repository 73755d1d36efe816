/** `/events`: what phones and cars sent in the last two days, as it came and as it was read. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { listEvents } from '../../actions/events.ts';
import type { Env } from '../env.ts';
import { eventToWire, EventWire } from '../wire/events.ts';
import { listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import { textIn } from '../wire/values.ts';
import { json, refusals, resourceRouter } from './router.ts';

const list = createRoute({
  method: 'get',
  path: '/events',
  tags: ['Events'],
  summary: 'The events of the last 48 hours, newest first',
  request: {
    query: queryOf({
      device: textIn(100).optional().openapi({ description: 'Only those of this device, by the name it sends' }),
      ...PAGE_PARAMETERS,
    }),
  },
  responses: { 200: json(listWire('events', EventWire), 'A page of events'), ...refusals() },
});

export function eventRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const query = c.req.valid('query');
    const wanted = { ...pageQuery(query), device: query.device ?? null };
    const page = await listEvents(deps, c.var.store, wanted);
    return c.json(listToWire('events', page, eventToWire), 200);
  });

  return routes;
}
