/** `/review`: what wants a decision of the user, and deciding it. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { confirmClasses, isAboutClasses, settleReview } from '../../actions/review-actions.ts';
import { listReview } from '../../actions/review.ts';
import { unprocessable } from '../../domain/problem.ts';
import type { Env } from '../env.ts';
import { doneToWire, trialQuery } from '../wire/acts.ts';
import { listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import { DecidedWire, decidedToWire, DecisionIn, decisionOf } from '../wire/review-actions.ts';
import { reviewToWire, ReviewWire } from '../wire/review.ts';
import { body, byId, json, jsonBody, refusals, resourceRouter } from './router.ts';

const tags = ['Review'];

const list = createRoute({
  method: 'get',
  path: '/review',
  tags,
  summary: 'What wants a decision, newest first, with the actions that settle it',
  request: { query: queryOf(PAGE_PARAMETERS) },
  responses: { 200: json(listWire('review', ReviewWire), 'A page of the review list'), ...refusals() },
});

const decide = createRoute({
  method: 'post',
  path: '/review/{id}',
  tags,
  summary: 'Settle one entry, by one of the actions it offers',
  description: `\`confirm\`: right as it is. \`dismiss\`: not used, gone from the list. \`passenger\`: somebody else
drove; the trip leaves the logbook. \`not_my_car\`: driven without any of your cars; what their odometers said goes.
\`rental\`: driven with another of your cars. \`make_trip\`: a start or an end becomes a trip; what the body leaves out is
worked out, from what else was received, or estimated and marked as such; a gap of the odometer becomes the trip it may
have been. Undone with \`POST /activity/{id}/undo\`.
\`dry_run\` goes with \`unclassified\`, which is about many trips.`,
  middleware: jsonBody,
  request: { params: byId, query: trialQuery, body: body(DecisionIn) },
  responses: { 200: json(DecidedWire, 'What came of it'), ...refusals(404, 409, 415, 422) },
});

export function reviewRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const page = await listReview(c.var.store, pageQuery(c.req.valid('query')), deps.clock.now());
    return c.json(listToWire('review', page, reviewToWire), 200);
  });

  routes.openapi(decide, async (c) => {
    const { id } = c.req.valid('param');
    const decision = decisionOf(c.req.valid('json'));
    const { actor } = c.var.caller;
    const trial = c.req.valid('query').dry_run;
    if (isAboutClasses(id)) {
      const done = await confirmClasses(deps, c.var.store, decision, actor, trial ?? false);
      const act = doneToWire(done);
      return c.json({ review_id: id, action: decision.action, activity_id: done.activityId, act }, 200);
    }
    if (trial !== undefined) throw unprocessable('dry_run', 'only for `unclassified`, which is about many trips');
    const decided = await settleReview(deps, c.var.store, id, decision, actor);
    return c.json(decidedToWire(id, decision.action, decided), 200);
  });

  return routes;
}
