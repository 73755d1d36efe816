/** `/places`: searching for an address. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { SharedDeps } from '../../actions/deps.ts';
import { searchPlaces } from '../../actions/places.ts';
import { Problem } from '../../domain/problem.ts';
import type { Env } from '../env.ts';
import { askToWait, Rate, secondsUntil } from '../rate.ts';
import { listToWire, listWire, queryOf } from '../wire/lists.ts';
import { PLACE_PARAMETERS, placeToWire, PlaceWire, refuseHalf } from '../wire/places.ts';
import { json, refusals, resourceRouter } from './router.ts';

const SEARCHES_PER_MINUTE = 20;

const search = createRoute({
  method: 'get',
  path: '/places',
  tags: ['Locations'],
  summary: `Search for an address, when it is typed to its end and never while typing. ${SEARCHES_PER_MINUTE} a minute`,
  description:
    'In the language of the user; at most ten places, the best first. From the service at `GEOCODER_URL`, which is asked ' +
    'once a second at most, by everybody together; with data of OpenStreetMap show “© OpenStreetMap contributors” beside them.',
  request: { query: queryOf(PLACE_PARAMETERS).superRefine(refuseHalf) },
  responses: { 200: json(listWire('places', PlaceWire), 'What was found, all of it'), ...refusals(429, 503) },
});

export function placeRoutes(deps: SharedDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();
  const rate = new Rate(SEARCHES_PER_MINUTE);

  routes.openapi(search, async (c) => {
    const { q, lat, lng } = c.req.valid('query');
    const near = lat === undefined || lng === undefined ? null : { lat, lng };
    const waitSeconds = rate.count(c.var.caller.user, deps.clock.now());
    if (waitSeconds > 0) throw tooOften(c, waitSeconds);
    const found = await searchPlaces(deps, c.var.store, q, near);
    if (found.kind === 'too_many') throw tooOften(c, secondsUntil(found.retryAt, deps.clock.now()));
    return c.json(listToWire('places', { items: found.places, next: null }, placeToWire), 200);
  });

  return routes;
}

function tooOften(c: Context<Env>, waitSeconds: number): Problem {
  askToWait(c, waitSeconds);
  return new Problem('rate_limited', `Addresses are searched for too often just now. Wait ${waitSeconds} s.`);
}
