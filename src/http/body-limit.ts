/** Refuses bodies that are too large: by what they announce, or by counting those that announce nothing. */

import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from '../domain/problem.ts';
import type { Env } from './env.ts';

const KIB = 1024;
/** A batch of pings; everything else that is sent here is small. */
const BATCH_PATH = '/webhook/ping';
const BATCH_BYTES = 1024 * KIB;
const OTHER_BYTES = 64 * KIB;

export const bodyLimit: MiddlewareHandler<Env> = (c, next) => {
  const { method } = c.req;
  if (method === 'GET' || method === 'HEAD') return next();
  const limit = c.req.path === BATCH_PATH ? BATCH_BYTES : OTHER_BYTES;
  const announced = c.req.header('content-length');
  if (announced === undefined) return countBody(c, limit).then(next);
  if (Number(announced) > limit) throw tooLarge(limit);
  return next();
};

function tooLarge(limit: number): Problem {
  return new Problem('too_large', `The body is larger than ${limit / KIB} KB.`);
}

/** Reads a body of unknown length and puts what it read in its place. */
async function countBody(c: Context<Env>, limit: number): Promise<void> {
  const { body } = c.req.raw;
  if (body === null) return;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > limit) throw tooLarge(limit);
    parts.push(part);
  }
  c.req.raw = new Request(c.req.raw, { method: c.req.method, body: Buffer.concat(parts) });
}
