/** `/locations`: the circles a user names. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { addLocation, changeLocation, findLocation, listLocations, removeLocation } from '../../actions/locations.ts';
import { suggestLocations } from '../../actions/suggestions.ts';
import type { Env } from '../env.ts';
import { trialQuery } from '../wire/acts.ts';
import { listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import {
  LocationEditIn,
  locationEditOf,
  LocationIn,
  locationToWire,
  LocationWire,
  movedToWire,
  MovedWire,
  newLocationOf,
} from '../wire/locations.ts';
import { suggestionToWire, SuggestionWire } from '../wire/suggestions.ts';
import { body, byId, created, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Locations'];

const list = createRoute({
  method: 'get',
  path: '/locations',
  tags,
  summary: 'All locations, oldest first',
  request: { query: queryOf(PAGE_PARAMETERS) },
  responses: { 200: json(listWire('locations', LocationWire), 'A page of locations'), ...refusals() },
});

const add = createRoute({
  method: 'post',
  path: '/locations',
  tags,
  summary: 'Name a place; trips that began or ended there follow',
  middleware: jsonBody,
  request: { query: trialQuery, body: body(LocationIn) },
  responses: {
    200: json(MovedWire, 'With `dry_run=true`: what it would be, and which trips would follow'),
    201: created(MovedWire, 'The location'),
    ...refusals(415, 422),
  },
});

const suggest = createRoute({
  method: 'get',
  path: '/locations/suggestions',
  tags,
  summary: 'Places without a name that trips of the last 400 days often began, stopped or ended at; at most 20',
  request: { query: noParameters },
  responses: { 200: json(listWire('suggestions', SuggestionWire), 'Most visited first'), ...refusals() },
});

const read = createRoute({
  method: 'get',
  path: '/locations/{id}',
  tags,
  summary: 'One location',
  request: { params: byId, query: noParameters },
  responses: { 200: json(LocationWire, 'The location'), ...refusals(404) },
});

const change = createRoute({
  method: 'patch',
  path: '/locations/{id}',
  tags,
  summary: 'Change a location; trips follow, but for ends named by hand and closed months',
  middleware: jsonBody,
  request: { params: byId, query: trialQuery, body: body(LocationEditIn) },
  responses: { 200: json(MovedWire, 'The location as it is now, or would be'), ...refusals(404, 415) },
});

const remove = createRoute({
  method: 'delete',
  path: '/locations/{id}',
  tags,
  summary: 'Forget a location; trips that began or ended there keep its name as their address',
  request: { params: byId, query: trialQuery },
  responses: {
    200: json(MovedWire, 'With `dry_run=true`: the location, and which trips would change'),
    204: { description: 'Gone' },
    ...refusals(404),
  },
});

export function locationRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const page = await listLocations(c.var.store, pageQuery(c.req.valid('query')));
    return c.json(listToWire('locations', page, locationToWire), 200);
  });

  routes.openapi(add, async (c) => {
    const { actor } = c.var.caller;
    const dryRun = c.req.valid('query').dry_run ?? false;
    const moved = await addLocation(deps, c.var.store, newLocationOf(c.req.valid('json')), actor, dryRun);
    if (dryRun) return c.json(movedToWire(moved, dryRun), 200);
    c.header('location', `/locations/${moved.location.id}`);
    return c.json(movedToWire(moved, dryRun), 201);
  });

  // Before the path that would take it for an id.
  routes.openapi(suggest, async (c) => {
    const items = await suggestLocations(deps, c.var.store);
    return c.json(listToWire('suggestions', { items, next: null }, suggestionToWire), 200);
  });

  routes.openapi(read, async (c) => {
    const location = await findLocation(c.var.store, c.req.valid('param').id);
    return c.json(locationToWire(location), 200);
  });

  routes.openapi(change, async (c) => {
    const { actor } = c.var.caller;
    const edit = locationEditOf(c.req.valid('json'));
    const dryRun = c.req.valid('query').dry_run ?? false;
    const { id } = c.req.valid('param');
    const moved = await changeLocation(deps, c.var.store, id, edit, actor, dryRun);
    return c.json(movedToWire(moved, dryRun), 200);
  });

  routes.openapi(remove, async (c) => {
    const { actor } = c.var.caller;
    const dryRun = c.req.valid('query').dry_run ?? false;
    const moved = await removeLocation(deps, c.var.store, c.req.valid('param').id, actor, dryRun);
    return dryRun ? c.json(movedToWire(moved, dryRun), 200) : c.body(null, 204);
  });

  return routes;
}
