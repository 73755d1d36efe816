/** `/odometer/…`: whether trips account for what the odometer says, and filling in what they do not. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { calibrate } from '../../actions/calibration.ts';
import { fillGap } from '../../actions/gap-fill.ts';
import { checkOdometers } from '../../actions/odometer-check.ts';
import type { Env } from '../env.ts';
import { trialQuery } from '../wire/acts.ts';
import { idParameter, queryOf } from '../wire/lists.ts';
import {
  CalibrationWire,
  calibrationToWire,
  checkToWire,
  FilledWire,
  filledToWire,
  FillIn,
  OdometerCheckWire,
} from '../wire/odometer-check.ts';
import { ReadingIn, saidReadingOf } from '../wire/odometer-readings.ts';
import { tripEditOf } from '../wire/trip-edits.ts';
import { body, byId, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

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

const fill = createRoute({
  method: 'post',
  path: '/odometer/gaps/{id}/fill',
  tags: ['Odometer readings'],
  summary: 'The trip a gap may have been: proposed, and booked with `confirm`',
  description: `From where the trip before ended to where the next began, at a time when the car was free. It is private unless
you or a rule say otherwise, and marked as reconstructed for ever.`,
  middleware: jsonBody,
  request: { params: byId, query: noParameters, body: body(FillIn) },
  responses: { 200: json(FilledWire, 'The trip, proposed or booked'), ...refusals(404, 409, 415, 422) },
});

const adjust = createRoute({
  method: 'post',
  path: '/odometer/calibrate',
  tags: ['Odometer readings'],
  summary: 'Spread a real reading over trips the phone measured',
  description: `The trips since the odometer said something last, as far as they have no odometers, get their shares of what was
driven. Distances given by hand and closed months stay as they are. The reading is kept; the trips are undone as one.`,
  middleware: jsonBody,
  request: { query: trialQuery, body: body(ReadingIn) },
  responses: { 200: json(CalibrationWire, 'What changed'), ...refusals(415, 422) },
});

export function odometerCheckRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();
  for (const path of PATHS) {
    routes.openapi(compare(path), async (c) => {
      const cars = await checkOdometers(deps, c.var.store, c.req.valid('query').car_id ?? null);
      return c.json(checkToWire(cars), 200);
    });
  }
  routes.openapi(fill, async (c) => {
    const { confirm, correction_reason: reason, ...said } = c.req.valid('json');
    const how = { confirm: confirm ?? false, by: c.var.caller.actor, reason: reason ?? null };
    const filled = await fillGap(deps, c.var.store, c.req.valid('param').id, { ...how, wish: tripEditOf(said) });
    return c.json(filledToWire(filled), 200);
  });

  routes.openapi(adjust, async (c) => {
    const said = c.req.valid('json');
    const how = { by: c.var.caller.actor, dryRun: c.req.valid('query').dry_run ?? false };
    const done = await calibrate(deps, c.var.store, { carId: said.car_id, said: saidReadingOf(said), ...how });
    return c.json(calibrationToWire(done), 200);
  });

  return routes;
}
