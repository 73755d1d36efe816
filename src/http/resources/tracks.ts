/** `/trips/{id}/track`: where a trip went, streamed as it is read. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { simplifiedTrack, trackOf } from '../../actions/tracks.ts';
import type { Env } from '../env.ts';
import { queryOf, wholeParameter } from '../wire/lists.ts';
import { geoJson, gpx, TrackWire } from '../wire/tracks.ts';
import { oneOf } from '../wire/values.ts';
import { byId, refusals, resourceRouter } from './router.ts';
import { z } from '@hono/zod-openapi';

const read = createRoute({
  method: 'get',
  path: '/trips/{id}/track',
  tags: ['Trips'],
  summary: 'Where a trip went; of the open trip as well',
  request: {
    params: byId,
    query: queryOf({
      format: oneOf(['geojson', 'gpx']).optional(),
      simplify: wholeParameter(1, 10_000).optional().openapi({
        description: 'Leaves out points that lie no farther than so many metres from the line without them',
      }),
    }),
  },
  responses: {
    200: {
      description: 'The track',
      content: {
        'application/geo+json': { schema: TrackWire },
        'application/gpx+xml': { schema: z.string() },
      },
    },
    ...refusals(404),
  },
});

export function trackRoutes(): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    const { id } = c.req.valid('param');
    const { format, simplify } = c.req.valid('query');
    const whole = await trackOf(c.var.store, id);
    const track = simplify === undefined ? whole : simplifiedTrack(whole, simplify);
    const asGpx = format === 'gpx';
    c.header('content-type', asGpx ? 'application/gpx+xml' : 'application/geo+json');
    if (asGpx) c.header('content-disposition', `attachment; filename="${id}.gpx"`);
    return c.body(await streamOf(asGpx ? gpx(track) : geoJson(track)), 200);
  });

  return routes;
}

/** The beginning is read before the answer begins: a store that fails at once is still a proper error. */
async function streamOf(texts: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
  const beginning: string[] = [];
  for (let i = 0; i < READ_AHEAD; i += 1) {
    const { done, value } = await texts.next();
    if (done !== true) beginning.push(value);
  }
  return ReadableStream.from(bytes(beginning, texts));
}

/** As many texts as stand before the first points. */
const READ_AHEAD = 4;

async function* bytes(beginning: readonly string[], texts: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const text of beginning) yield encoder.encode(text);
  for await (const text of texts) yield encoder.encode(text);
}
