/** `/trips/bulk`: one edit of many trips. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { changeInBulk } from '../../actions/bulk.ts';
import type { UserDeps } from '../../actions/deps.ts';
import type { Env } from '../env.ts';
import { DoneWire, doneToWire, trialQuery } from '../wire/acts.ts';
import { bulkEditOf, BulkIn, meantOf } from '../wire/bulk.ts';
import { body, json, jsonBody, refusals, resourceRouter } from './router.ts';

const change = createRoute({
  method: 'post',
  path: '/trips/bulk',
  tags: ['Trips'],
  summary: 'Classify or correct many trips at once',
  description: `Those of \`ids\`, or those a \`filter\` finds. A trip that cannot take it stays as it is and is listed
with the reason, one in a closed month among them. One entry of the feed, undone as one.`,
  middleware: jsonBody,
  request: { query: trialQuery, body: body(BulkIn) },
  responses: { 200: json(DoneWire, 'What changed'), ...refusals(415, 422) },
});

export function bulkRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(change, async (c) => {
    const said = c.req.valid('json');
    const how = { by: c.var.caller.actor, dryRun: c.req.valid('query').dry_run ?? false };
    const done = await changeInBulk(deps, c.var.store, meantOf(said), bulkEditOf(said), how);
    return c.json(doneToWire(done), 200);
  });

  return routes;
}
