/** `/trips/{id}/split`, `/trips/merge`: one trip made two, several made one. Both are undone by their entry of the feed. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { joinTrips } from '../../actions/merge-trips.ts';
import { cutTrip } from '../../actions/split-trips.ts';
import type { Env } from '../env.ts';
import { trialQuery } from '../wire/acts.ts';
import { MergeIn, MergeWire, SplitIn, SplitWire, splitWishOf } from '../wire/trip-parts.ts';
import { tripToWire } from '../wire/trips-out.ts';
import { IfMatch } from './etags.ts';
import { body, byId, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';
import { matching } from './trips.ts';

const tags = ['Trips'];

const split = createRoute({
  method: 'post',
  path: '/trips/{id}/split',
  tags,
  summary: 'Cut a trip in two, at an instant or a point of its track',
  middleware: jsonBody,
  request: { params: byId, query: noParameters, headers: IfMatch, body: body(SplitIn) },
  responses: {
    200: json(SplitWire, 'The trip as far as the cut, and a new one from there on'),
    ...refusals(404, 409, 412, 415, 422),
  },
});

const merge = createRoute({
  method: 'post',
  path: '/trips/merge',
  tags,
  summary: 'Make neighbouring trips one, under the id of the first',
  middleware: jsonBody,
  request: { query: trialQuery, body: body(MergeIn) },
  responses: {
    200: json(MergeWire, 'The one trip; kilometres between them are in it where an odometer counted them'),
    ...refusals(409, 415, 422),
  },
});

export function tripPartRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(split, async (c) => {
    const { actor } = c.var.caller;
    const wish = splitWishOf(c.req.valid('json'));
    const isCurrent = matching(c.req.valid('header')['if-match']);
    const parts = await cutTrip(deps, c.var.store, c.req.valid('param').id, wish, actor, isCurrent);
    return c.json({ trips: parts.map(tripToWire) }, 200);
  });

  routes.openapi(merge, async (c) => {
    const { ids, correction_reason: reason } = c.req.valid('json');
    const dryRun = c.req.valid('query').dry_run ?? false;
    const trip = await joinTrips(deps, c.var.store, { ids, dryRun, reason: reason ?? null }, c.var.caller.actor);
    return c.json({ trip: tripToWire(trip) }, 200);
  });

  return routes;
}
