/** `/trips`: the logbook, trip by trip. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { activeTrip } from '../../actions/active-trip.ts';
import { changeTrip, createTrip, findTrip, listTrips, removeTrip, type IsCurrent } from '../../actions/trips.ts';
import type { Env } from '../env.ts';
import { activeTripToWire } from '../wire/active-trips-out.ts';
import { ActiveTripWire } from '../wire/active-trips.ts';
import {
  flagParameter,
  idParameter,
  listToWire,
  listWire,
  PAGE_PARAMETERS,
  pageQuery,
  queryOf,
} from '../wire/lists.ts';
import { PERIOD_PARAMETERS, periodOf, refusePeriod } from '../wire/periods.ts';
import { correctionReason, NewTripIn, newTripOf, TripChangeIn, tripEditOf } from '../wire/trip-edits.ts';
import { tripToWire } from '../wire/trips-out.ts';
import { TRIP_TYPES, TripWire } from '../wire/trips.ts';
import { oneOf, textIn } from '../wire/values.ts';
import { ETagHeader, etagOf, IfMatch, IfNoneMatch, names } from './etags.ts';
import { body, byId, created, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Trips'];

const list = createRoute({
  method: 'get',
  path: '/trips',
  tags,
  summary: 'Finished trips, newest first',
  request: {
    query: queryOf({
      ...PERIOD_PARAMETERS,
      car_id: idParameter().optional(),
      trip_type: oneOf(TRIP_TYPES).optional(),
      needs_review: flagParameter().optional(),
      q: textIn(100).optional().openapi({ description: 'Words of addresses, locations, purpose, partner or notes' }),
      ...PAGE_PARAMETERS,
    }).superRefine(refusePeriod),
  },
  responses: { 200: json(listWire('trips', TripWire), 'A page of trips'), ...refusals() },
});

const made = created(TripWire, 'The trip');

const create = createRoute({
  method: 'post',
  path: '/trips',
  tags,
  summary: 'Write down a trip that nothing recorded',
  middleware: jsonBody,
  request: { query: noParameters, body: body(NewTripIn) },
  responses: { 201: { ...made, headers: made.headers.extend(ETagHeader.shape) }, ...refusals(415, 422) },
});

const active = createRoute({
  method: 'get',
  path: '/trips/active',
  tags,
  summary: 'The drive that is going on, if there is one',
  request: { query: noParameters },
  responses: { 200: json(ActiveTripWire, 'The open trip'), ...refusals() },
});

const read = createRoute({
  method: 'get',
  path: '/trips/{id}',
  tags,
  summary: 'One trip',
  request: { params: byId, query: noParameters, headers: IfNoneMatch },
  responses: {
    200: { ...json(TripWire, 'The trip'), headers: ETagHeader },
    304: { description: 'Still the one you hold' },
    ...refusals(404),
  },
});

const change = createRoute({
  method: 'patch',
  path: '/trips/{id}',
  tags,
  summary: 'Correct or classify a trip',
  middleware: jsonBody,
  request: { params: byId, query: noParameters, headers: IfMatch, body: body(TripChangeIn) },
  responses: {
    200: { ...json(TripWire, 'The trip as it is now'), headers: ETagHeader },
    ...refusals(404, 409, 412, 415, 422),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/trips/{id}',
  tags,
  summary: 'Delete a trip and its track',
  request: { params: byId, query: queryOf({ correction_reason: correctionReason() }), headers: IfMatch },
  responses: { 204: { description: 'Gone' }, ...refusals(404, 409, 412) },
});

export function tripRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const query = c.req.valid('query');
    const page = await listTrips(c.var.store, {
      ...pageQuery(query),
      period: periodOf(query),
      carId: query.car_id ?? null,
      type: query.trip_type ?? null,
      needsReview: query.needs_review ?? null,
      text: query.q ?? null,
    });
    return c.json(listToWire('trips', page, tripToWire), 200);
  });

  routes.openapi(create, async (c) => {
    const said = c.req.valid('json');
    const reason = said.correction_reason ?? null;
    const trip = tripToWire(await createTrip(deps, c.var.store, newTripOf(said), c.var.caller.actor, reason));
    c.header('location', `/trips/${trip.id}`);
    c.header('etag', etagOf(trip));
    return c.json(trip, 201);
  });

  routes.openapi(active, async (c) => {
    return c.json(activeTripToWire(await activeTrip(c.var.store)), 200);
  });

  routes.openapi(read, async (c) => {
    const trip = tripToWire(await findTrip(c.var.store, c.req.valid('param').id));
    const etag = etagOf(trip);
    c.header('etag', etag);
    const held = c.req.valid('header')['if-none-match'];
    return held !== undefined && names(held, etag) ? c.body(null, 304) : c.json(trip, 200);
  });

  routes.openapi(change, async (c) => {
    const { actor } = c.var.caller;
    const said = c.req.valid('json');
    const isCurrent = matching(c.req.valid('header')['if-match']);
    const { id } = c.req.valid('param');
    const reason = said.correction_reason ?? null;
    const after = await changeTrip(deps, c.var.store, id, tripEditOf(said), actor, isCurrent, reason);
    const trip = tripToWire(after);
    c.header('etag', etagOf(trip));
    return c.json(trip, 200);
  });

  routes.openapi(remove, async (c) => {
    const { actor } = c.var.caller;
    const isCurrent = matching(c.req.valid('header')['if-match']);
    const reason = c.req.valid('query').correction_reason ?? null;
    await removeTrip(deps, c.var.store, c.req.valid('param').id, actor, isCurrent, reason);
    return c.body(null, 204);
  });

  return routes;
}

/** What a caller holds of a trip, by its `If-Match`. */
export function matching(ifMatch: string | undefined): IsCurrent {
  return (trip) => ifMatch === undefined || names(ifMatch, etagOf(tripToWire(trip)));
}
