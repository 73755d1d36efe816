/**
 * Refuses bodies that are too large: by what they announce, or by counting those that announce nothing while they are
 * read. Reads nothing by itself: whoever is refused for another reason has made nobody keep a body.
 */

import type { MiddlewareHandler } from 'hono';
import { Problem } from '../domain/problem.ts';
import type { Env } from './env.ts';

const KIB = 1024;
/** A batch of pings, a drawn map, a file of trips, an export on its way back; everything else that is sent here is small. */
const LARGE: Readonly<Record<string, number>> = {
  '/webhook/ping': 1024 * KIB,
  '/locations.geojson': 2 * 1024 * KIB,
  // JSON may make twice as much of a file.
  '/import': 20 * 1024 * KIB,
  '/me/import': 32 * 1024 * KIB,
};
const OTHER_BYTES = 64 * KIB;
const IMPORT_BYTES = LARGE['/me/import'];

export const bodyLimit: MiddlewareHandler<Env> = (c, next) => {
  const { method } = c.req;
  if (method === 'GET' || method === 'HEAD') return next();
  const limit = limitOf(c.req.path);
  const announced = c.req.header('content-length');
  if (announced === undefined) c.req.raw = counted(c.req.raw, limit);
  else if (Number(announced) > limit) throw tooLarge(limit);
  return next();
};

function limitOf(path: string): number {
  return LARGE[path] ?? OTHER_BYTES;
}

function tooLarge(limit: number): Problem {
  const hint = limit === IMPORT_BYTES ? ' On the server, "npm run user -- import FILE" takes any size.' : '';
  return new Problem('too_large', `The body is larger than ${limit / KIB} KB.${hint}`);
}

/** The request with a body that fails where it becomes too large. */
function counted(request: Request, limit: number): Request {
  const { method, body } = request;
  if (body === null) return request;
  return new Request(request, { method, body: countedBody(body, limit), duplex: 'half' });
}

function countedBody(body: ReadableStream<Uint8Array>, limit: number): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let bytes = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        reader ??= body.getReader();
        const { done, value } = await reader.read();
        if (done) return controller.close();
        bytes += value.length;
        if (bytes > limit) throw tooLarge(limit);
        controller.enqueue(value);
      },
      cancel: (reason) => (reader ?? body).cancel(reason),
    },
    // Nothing is fetched before somebody reads.
    { highWaterMark: 0 },
  );
}
