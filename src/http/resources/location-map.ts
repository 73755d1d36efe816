/** `/locations.geojson`: the locations as a map, out and in. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { putLocations } from '../../actions/location-imports.ts';
import { everyLocation } from '../../actions/locations.ts';
import type { Env } from '../env.ts';
import { trialQuery } from '../wire/acts.ts';
import { CollectionIn, saidCollection } from '../wire/location-features.ts';
import { collectionToWire, CollectionWire, ImportedWire, importedToWire } from '../wire/location-geojson.ts';
import { json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Locations'];
const MEDIA_TYPE = 'application/geo+json';
const ATTACHED = 'attachment; filename="locations.geojson"';

const read = createRoute({
  method: 'get',
  path: '/locations.geojson',
  tags,
  summary: 'All locations as a map',
  request: { query: noParameters },
  responses: {
    200: { description: 'The map', content: { [MEDIA_TYPE]: { schema: CollectionWire } } },
    ...refusals(),
  },
});

const put = createRoute({
  method: 'post',
  path: '/locations.geojson',
  tags,
  summary: 'Add and change locations; those of the same id, or of the same name within 50 m, are known. Trips follow',
  middleware: jsonBody,
  request: {
    query: trialQuery,
    body: { required: true, content: { [MEDIA_TYPE]: { schema: CollectionIn } } },
  },
  responses: { 200: json(ImportedWire, 'What became of each, and of the trips'), ...refusals(415, 422) },
});

export function locationMapRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    const map = collectionToWire(await everyLocation(c.var.store));
    return c.json(map, 200, { 'Content-Type': MEDIA_TYPE, 'content-disposition': ATTACHED });
  });

  routes.openapi(put, async (c) => {
    const { actor } = c.var.caller;
    const { said, refused } = saidCollection(c.req.valid('json'));
    const dryRun = c.req.valid('query').dry_run ?? false;
    const imported = await putLocations(deps, c.var.store, said, actor, dryRun);
    const all = [...refused, ...imported.refused].toSorted((a, b) => a.index - b.index);
    return c.json(importedToWire({ ...imported, refused: all }), 200);
  });

  return routes;
}
