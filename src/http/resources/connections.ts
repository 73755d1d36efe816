/** `/cars/{id}/connection`: what a car is asked through. Its secrets go in, never out. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { testConnection } from '../../actions/connection-tests.ts';
import { connectCar, disconnectCar } from '../../actions/connections.ts';
import type { SharedDeps } from '../../actions/deps.ts';
import { Problem } from '../../domain/problem.ts';
import type { Env } from '../env.ts';
import { Rate } from '../rate.ts';
import { connectionToWire, ConnectionWire } from '../wire/cars.ts';
import { ConnectionIn, ConnectionTestWire, testToWire } from '../wire/connections.ts';
import { body, byId, json, jsonBody, jsonBodyIfAny, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Cars'];
const TESTS_PER_MINUTE = 20;

const connect = createRoute({
  method: 'put',
  path: '/cars/{id}/connection',
  tags,
  summary:
    'Connect a car, in place of the connection it had; asks no car. The rounds of the clock ask it during a drive',
  middleware: jsonBody,
  request: { params: byId, query: noParameters, body: body(ConnectionIn) },
  responses: { 200: json(ConnectionWire, 'The connection, as `GET /cars` shows it'), ...refusals(404, 409, 415, 503) },
});

const disconnect = createRoute({
  method: 'delete',
  path: '/cars/{id}/connection',
  tags,
  summary: 'Ask this car no more, and forget what it was connected with',
  request: { params: byId, query: noParameters },
  responses: { 204: { description: 'It is not connected, also when it was not before' }, ...refusals(404) },
});

/** Reads the car while its user looks on. */
const test = createRoute({
  method: 'post',
  path: '/cars/{id}/connection/test',
  tags,
  summary: `Read a car once and keep nothing; without a body through the connection it has. ${TESTS_PER_MINUTE} a minute`,
  middleware: jsonBodyIfAny,
  request: {
    params: byId,
    query: noParameters,
    // By its name, as it may be left out: what is sent is checked below.
    body: {
      required: false,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/NewConnection' } } },
    },
  },
  responses: {
    200: json(ConnectionTestWire, 'What it said, or why it said nothing'),
    ...refusals(404, 409, 415, 422, 429),
  },
});

export function connectionRoutes(deps: SharedDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();
  const rate = new Rate(TESTS_PER_MINUTE);

  routes.openapi(connect, async (c) => {
    const { actor } = c.var.caller;
    const { id } = c.req.valid('param');
    const { connection, health } = await connectCar(deps, c.var.store, id, c.req.valid('json'), actor);
    return c.json(connectionToWire(connection, health), 200);
  });

  routes.openapi(disconnect, async (c) => {
    const { actor } = c.var.caller;
    await disconnectCar(deps, c.var.store, c.req.valid('param').id, actor);
    return c.body(null, 204);
  });

  routes.openapi(test, async (c) => {
    const { user } = c.var.caller;
    const said = (await c.req.text()) === '' ? null : ConnectionIn.parse(await c.req.json());
    const waitSeconds = rate.count(user, deps.clock.now());
    if (waitSeconds > 0) throw tooOften(c, waitSeconds);
    const tested = await testConnection(deps, c.var.store, c.req.valid('param').id, said);
    return c.json(testToWire(tested), 200);
  });

  return routes;
}

function tooOften(c: Context<Env>, waitSeconds: number): Problem {
  c.header('retry-after', String(waitSeconds));
  return new Problem(
    'rate_limited',
    `Cars are tested at most ${TESTS_PER_MINUTE} times a minute. Wait ${waitSeconds} s.`,
  );
}
