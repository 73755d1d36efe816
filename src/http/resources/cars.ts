/** `/cars`: what a user drives, and the readings a car's own device pushes. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { addCar, changeCar, findCar, listCars, removeCar } from '../../actions/cars.ts';
import type { UserDeps } from '../../actions/deps.ts';
import type { Env } from '../env.ts';
import { CarEditIn, carEditOf, CarIn, carToWire, CarWire, newCarOf } from '../wire/cars.ts';
import { flagParameter, listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import { body, byId, created, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Cars'];

const list = createRoute({
  method: 'get',
  path: '/cars',
  tags,
  summary: 'All cars, oldest first',
  request: {
    query: queryOf({
      archived: flagParameter().optional().openapi({ description: 'Only archived cars, or only those in use' }),
      ...PAGE_PARAMETERS,
    }),
  },
  responses: { 200: json(listWire('cars', CarWire), 'A page of cars'), ...refusals() },
});

const add = createRoute({
  method: 'post',
  path: '/cars',
  tags,
  summary: 'Add a car',
  middleware: jsonBody,
  request: { query: noParameters, body: body(CarIn) },
  responses: { 201: created(CarWire, 'The car'), ...refusals(415, 422) },
});

const read = createRoute({
  method: 'get',
  path: '/cars/{id}',
  tags,
  summary: 'One car',
  request: { params: byId, query: noParameters },
  responses: { 200: json(CarWire, 'The car'), ...refusals(404) },
});

const change = createRoute({
  method: 'patch',
  path: '/cars/{id}',
  tags,
  summary: 'Change a car; `archived_at: null` takes it back into use',
  middleware: jsonBody,
  request: { params: byId, query: noParameters, body: body(CarEditIn) },
  responses: { 200: json(CarWire, 'The car as it is now'), ...refusals(404, 415, 422) },
});

const remove = createRoute({
  method: 'delete',
  path: '/cars/{id}',
  tags,
  summary: 'Remove a car; one with trips or readings is archived',
  request: { params: byId, query: noParameters },
  responses: { 204: { description: 'Gone, or archived' }, ...refusals(404) },
});

export function carRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const query = c.req.valid('query');
    const page = await listCars(c.var.store, query.archived ?? null, pageQuery(query));
    return c.json(listToWire('cars', page, carToWire), 200);
  });

  routes.openapi(add, async (c) => {
    const { actor } = c.var.caller;
    const car = await addCar(deps, c.var.store, newCarOf(c.req.valid('json')), actor);
    c.header('location', `/cars/${car.id}`);
    return c.json(carToWire(car), 201);
  });

  routes.openapi(read, async (c) => {
    return c.json(carToWire(await findCar(c.var.store, c.req.valid('param').id)), 200);
  });

  routes.openapi(change, async (c) => {
    const { actor } = c.var.caller;
    const edit = carEditOf(c.req.valid('json'));
    const car = await changeCar(deps, c.var.store, c.req.valid('param').id, edit, actor);
    return c.json(carToWire(car), 200);
  });

  routes.openapi(remove, async (c) => {
    const { actor } = c.var.caller;
    await removeCar(deps, c.var.store, c.req.valid('param').id, actor);
    return c.body(null, 204);
  });

  return routes;
}
