/** `/activity`: what happened in a logbook, and by whom. */

import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { listActivity } from '../../actions/activity.ts';
import type { UserDeps } from '../../actions/deps.ts';
import { undo } from '../../actions/undo.ts';
import type { Env } from '../env.ts';
import { activityToWire, ActivityWire } from '../wire/activity.ts';
import { listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import { correctionReason } from '../wire/trip-edits.ts';
import { body, byId, json, jsonBodyIfAny, noParameters, refusals, resourceRouter } from './router.ts';

const list = createRoute({
  method: 'get',
  path: '/activity',
  tags: ['Activity'],
  summary: 'Created, changed, deleted and discarded, newest first',
  request: { query: queryOf(PAGE_PARAMETERS) },
  responses: { 200: json(listWire('activity', ActivityWire), 'A page of the feed'), ...refusals() },
});

const UndoIn = z.strictObject({ correction_reason: correctionReason() }).openapi('Undoing');

const takeBack = createRoute({
  method: 'post',
  path: '/activity/{id}/undo',
  tags: ['Activity'],
  summary: 'Take back what somebody did, for 30 days',
  description: `Trips edited or deleted, drives cancelled, locations, cars, odometer readings, settings; an undo too. What was
changed again since has to be undone first: 409 names it. What the trip rules did by themselves is not undone: 409 says
what to do instead. What a car was connected with does not come back. Trips of a closed month go back with a
\`correction_reason\`, and the body may be left out otherwise.`,
  middleware: jsonBodyIfAny,
  request: { params: byId, query: noParameters, body: { ...body(UndoIn), required: false } },
  responses: {
    200: json(
      ActivityWire,
      'The entry that says so; `after` is what was restored, `null` for what is gone or open again',
    ),
    ...refusals(404, 409, 415),
  },
});

export function activityRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const page = await listActivity(c.var.store, pageQuery(c.req.valid('query')));
    return c.json(listToWire('activity', page, activityToWire), 200);
  });

  routes.openapi(takeBack, async (c) => {
    const reason = c.req.valid('json')?.correction_reason ?? null;
    const entry = await undo(deps, c.var.store, c.req.valid('param').id, c.var.caller.actor, reason);
    return c.json(activityToWire(entry), 200);
  });

  return routes;
}
