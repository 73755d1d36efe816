/** `/odometer-readings` and `/cars/{id}/readings`: what odometers say, typed by a person or pushed by a device. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { addReading, deleteReading, findReading, listReadings, pushReading } from '../../actions/odometer-readings.ts';
import type { Env } from '../env.ts';
import { idParameter, listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import {
  PushedWire,
  PushIn,
  ReadingIn,
  readingToWire,
  ReadingWire,
  saidPushOf,
  saidReadingOf,
} from '../wire/odometer-readings.ts';
import { body, byId, created, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Odometer'];

const list = createRoute({
  method: 'get',
  path: '/odometer-readings',
  tags,
  summary: 'Odometer readings, newest first',
  request: { query: queryOf({ car_id: idParameter().optional(), ...PAGE_PARAMETERS }) },
  responses: { 200: json(listWire('odometer_readings', ReadingWire), 'A page of readings'), ...refusals() },
});

const add = createRoute({
  method: 'post',
  path: '/odometer-readings',
  tags,
  summary: 'Write down what the dashboard says',
  middleware: jsonBody,
  request: { query: noParameters, body: body(ReadingIn) },
  responses: { 201: created(ReadingWire, 'The reading'), ...refusals(415, 422) },
});

const read = createRoute({
  method: 'get',
  path: '/odometer-readings/{id}',
  tags,
  summary: 'One reading',
  request: { params: byId, query: noParameters },
  responses: { 200: json(ReadingWire, 'The reading'), ...refusals(404) },
});

const remove = createRoute({
  method: 'delete',
  path: '/odometer-readings/{id}',
  tags,
  summary: 'Delete a reading',
  request: { params: byId, query: noParameters },
  responses: { 204: { description: 'Gone' }, ...refusals(404) },
});

const push = createRoute({
  method: 'post',
  path: '/cars/{id}/readings',
  tags,
  summary: 'What a car says about itself; needs no connection',
  middleware: jsonBody,
  request: { params: byId, query: noParameters, body: body(PushIn) },
  responses: {
    200: json(PushedWire, 'Taken note of; it held no odometer value'),
    201: created(ReadingWire, 'The reading'),
    ...refusals(404, 415, 422),
  },
});

export function readingRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const query = c.req.valid('query');
    const wanted = { ...pageQuery(query), carId: query.car_id ?? null };
    const page = await listReadings(c.var.store, wanted);
    return c.json(listToWire('odometer_readings', page, readingToWire), 200);
  });

  routes.openapi(add, async (c) => {
    const { actor } = c.var.caller;
    const said = c.req.valid('json');
    const reading = await addReading(deps, c.var.store, said.car_id, saidReadingOf(said), actor);
    c.header('location', `/odometer-readings/${reading.id}`);
    return c.json(readingToWire(reading), 201);
  });

  routes.openapi(read, async (c) => {
    const reading = await findReading(c.var.store, c.req.valid('param').id);
    return c.json(readingToWire(reading), 200);
  });

  routes.openapi(remove, async (c) => {
    const { actor } = c.var.caller;
    await deleteReading(deps, c.var.store, c.req.valid('param').id, actor);
    return c.body(null, 204);
  });

  routes.openapi(push, async (c) => {
    const { id } = c.req.valid('param');
    const user = c.var.store;
    const reading = await pushReading(deps, user, id, saidPushOf(c.req.valid('json')));
    if (reading === null) return c.json({ car_id: id, reading: null }, 200);
    c.header('location', `/odometer-readings/${reading.id}`);
    return c.json(readingToWire(reading), 201);
  });

  return routes;
}
