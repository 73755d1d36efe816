/** `/rules`: which class a trip gets, what that would change of trips there are, and changing them. */

import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { applyRules, listRules, previewRules, replaceRules, type Applied } from '../../actions/rules.ts';
import type { Env } from '../env.ts';
import { DoneWire, doneToWire, trialQuery } from '../wire/acts.ts';
import { periodOf } from '../wire/periods.ts';
import { ApplyIn, PreviewIn, RulesIn, rulesToWire, RulesWire, saidRulesOf } from '../wire/rules.ts';
import { ETagHeader, etagOf, IfMatch, names } from './etags.ts';
import { body, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Rules'];

const AppliedWire = DoneWire.extend({
  by_rule: z
    .array(z.object({ rule_id: z.string().nullable(), name: z.string().nullable(), trips: z.int() }))
    .openapi({ description: 'How many trips each rule decides, changed or not; last, without an id, those none does' }),
}).openapi('RulesApplied');

const read = createRoute({
  method: 'get',
  path: '/rules',
  tags,
  summary: 'The classification rules, in the order they are asked',
  request: { query: noParameters },
  responses: { 200: { ...json(RulesWire, 'The rules'), headers: ETagHeader }, ...refusals() },
});

const replace = createRoute({
  method: 'put',
  path: '/rules',
  tags,
  summary: 'Replace the rules, for trips to come',
  description: `All of them, in their order. The first rule of which every condition holds gives a trip its class. A rule
that keeps its id stays the same rule. Trips there are stay as they are: see \`/rules/apply\`.`,
  middleware: jsonBody,
  request: { query: noParameters, headers: IfMatch, body: body(RulesIn) },
  responses: {
    200: { ...json(RulesWire, 'The rules as they are now'), headers: ETagHeader },
    ...refusals(412, 415, 422),
  },
});

const preview = createRoute({
  method: 'post',
  path: '/rules/preview',
  tags,
  summary: 'Which trips and totals rules would change; changes nothing',
  description: 'Of `rules` to try out, or of those there are; for trips from `from` to `to`, or all.',
  middleware: jsonBody,
  request: { query: noParameters, body: body(PreviewIn) },
  responses: { 200: json(AppliedWire, 'What would change'), ...refusals(415, 422) },
});

const apply = createRoute({
  method: 'post',
  path: '/rules/apply',
  tags,
  summary: 'Classify trips there are by the rules of today',
  description: `What was set by hand, and what lies in a closed month, is never touched. One entry of the feed, undone as
one.`,
  middleware: jsonBody,
  request: { query: trialQuery, body: body(ApplyIn) },
  responses: { 200: json(AppliedWire, 'What changed'), ...refusals(415) },
});

export function ruleRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    const rules = rulesToWire(await listRules(c.var.store));
    c.header('etag', etagOf(rules));
    return c.json(rules, 200);
  });

  routes.openapi(replace, async (c) => {
    const ifMatch = c.req.valid('header')['if-match'];
    const said = saidRulesOf(c.req.valid('json').rules);
    const after = await replaceRules(deps, c.var.store, said, c.var.caller.actor, (rules) => {
      return ifMatch === undefined || names(ifMatch, etagOf(rulesToWire(rules)));
    });
    const rules = rulesToWire(after);
    c.header('etag', etagOf(rules));
    return c.json(rules, 200);
  });

  routes.openapi(preview, async (c) => {
    const { rules, ...dates } = c.req.valid('json');
    const said = rules === undefined ? null : saidRulesOf(rules);
    const applying = { period: periodOf(dates), by: c.var.caller.actor };
    return c.json(appliedToWire(await previewRules(deps, c.var.store, said, applying)), 200);
  });

  routes.openapi(apply, async (c) => {
    const dryRun = c.req.valid('query').dry_run ?? false;
    const applying = { period: periodOf(c.req.valid('json')), by: c.var.caller.actor, dryRun };
    return c.json(appliedToWire(await applyRules(deps, c.var.store, applying)), 200);
  });

  return routes;
}

function appliedToWire(applied: Applied): z.infer<typeof AppliedWire> {
  const byRule = applied.byRule.map(({ rule, trips }) => ({
    rule_id: rule?.id ?? null,
    name: rule?.name ?? null,
    trips,
  }));
  return { ...doneToWire(applied), by_rule: byRule };
}
