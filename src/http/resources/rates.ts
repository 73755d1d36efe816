/** `/rates`: what a business kilometre or mile brings, by whose rates, and changing them. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { findRates, replaceRates } from '../../actions/rates.ts';
import type { Env } from '../env.ts';
import { RatesIn, ratesToWire, RatesWire, saidRatesOf } from '../wire/rates.ts';
import { ETagHeader, etagOf, IfMatch, names } from './etags.ts';
import { body, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Rates'];

const read = createRoute({
  method: 'get',
  path: '/rates',
  tags,
  summary: 'By whose rates trips are reckoned; your own, and those that are built in',
  request: { query: noParameters },
  responses: { 200: { ...json(RatesWire, 'The rates'), headers: ETagHeader }, ...refusals() },
});

const replace = createRoute({
  method: 'put',
  path: '/rates',
  tags,
  summary: 'Choose by whose rates trips are reckoned, and replace your own',
  description: `\`scheme\`: the built-in rates of a country, for one’s own car, or \`own\`. Of your own, all at once: of a
car’s and those for all, each from \`valid_from\` until \`valid_to\` or until the next begins. A date without a rate has no
amount. \`rates\` that are left out are none. Undone like any change.`,
  middleware: jsonBody,
  request: { query: noParameters, headers: IfMatch, body: body(RatesIn) },
  responses: {
    200: { ...json(RatesWire, 'The rates as they are now'), headers: ETagHeader },
    ...refusals(412, 415, 422),
  },
});

export function rateRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    const rates = ratesToWire(await findRates(deps, c.var.store));
    c.header('etag', etagOf(rates));
    return c.json(rates, 200);
  });

  routes.openapi(replace, async (c) => {
    const ifMatch = c.req.valid('header')['if-match'];
    const said = saidRatesOf(c.req.valid('json'));
    const after = await replaceRates(deps, c.var.store, said, c.var.caller.actor, (known) => {
      return ifMatch === undefined || names(ifMatch, etagOf(ratesToWire(known)));
    });
    const rates = ratesToWire(after);
    c.header('etag', etagOf(rates));
    return c.json(rates, 200);
  });

  return routes;
}
