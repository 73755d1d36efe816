/** `/odometer/compare`: whether trips account for what the odometer says. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { checkOdometers } from '../../actions/odometer-check.ts';
import type { Env } from '../env.ts';
import { idParameter, queryOf } from '../wire/lists.ts';
import { checkToWire, OdometerCheckWire } from '../wire/odometer-check.ts';
import { json, refusals, resourceRouter } from './router.ts';

/** The second is the name of the first version. */
const PATHS = ['/odometer/compare', '/audi/compare'] as const;

function compare<P extends string>(path: P) {
  return createRoute({
    method: 'get',
    path,
    tags: ['Odometer readings'],
    summary: 'Each car’s odometer against its trips: gaps, overlaps, and months',
    description: `Readings and the odometers of trips as one chain. Trips that have both and the signed gaps add up to the last
value minus the first. The same logbook gives the same bytes.`,
    request: { query: queryOf({ car_id: idParameter().optional() }) },
    responses: { 200: json(OdometerCheckWire, 'The chain of each car'), ...refusals(404) },
  });
}

export function odometerCheckRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();
  for (const path of PATHS) {
    routes.openapi(compare(path), async (c) => {
      const cars = await checkOdometers(deps, c.var.store, c.req.valid('query').car_id ?? null);
      return c.json(checkToWire(cars), 200);
    });
  }
  return routes;
}
