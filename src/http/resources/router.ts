/** What the strict routes share: one way to refuse, one way to read a body, and the words of their description. */

import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from '../../domain/problem.ts';
import type { Env } from '../env.ts';
import { invalidRequest } from '../problems.ts';
import { queryOf } from '../wire/lists.ts';
import { ProblemWire } from '../wire/problems.ts';
import { ID } from '../wire/values.ts';

/** An id that none of ours can be is like one that nobody made: 404. */
export function resourceRouter(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (result.success) return;
      if (result.target === 'param') throw new Problem('not_found', 'There is nothing of that id.');
      throw invalidRequest(result.error);
    },
  });
}

const JSON_TYPE = /^application\/([a-z.-]+\+)?json\s*(;|$)/i;

/** Before the schema: a body that is no JSON, or does not say that it is. */
export const jsonBody: MiddlewareHandler<Env> = async (c, next) => {
  refuseOtherTypes(c);
  try {
    await c.req.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = 'must be JSON';
    throw new Problem('invalid_request', `The body ${message}.`, [{ field: '', message }]);
  }
  await next();
};

/** For a body that may be left out, whatever is said of its type then. */
export const jsonBodyIfAny: MiddlewareHandler<Env> = async (c, next) => {
  if ((await c.req.text()) !== '') return jsonBody(c, next);
  const headers = new Headers(c.req.raw.headers);
  headers.delete('content-type');
  c.req.raw = new Request(c.req.raw.url, { method: c.req.method, headers });
  return next();
};

/** For a body that is read piece by piece: only that it says it is JSON. */
export const jsonType: MiddlewareHandler<Env> = async (c, next) => {
  refuseOtherTypes(c);
  await next();
};

export function isJson(c: Context<Env>): boolean {
  return JSON_TYPE.test(c.req.header('content-type')?.trim() ?? '');
}

function refuseOtherTypes(c: Context<Env>): void {
  if (isJson(c)) return;
  throw new Problem('unsupported_media_type', 'Send the body as JSON, with Content-Type: application/json.');
}

export const noParameters = queryOf({});
export const byId = z.object({ id: z.string().regex(ID) });

export function body<T extends z.ZodType>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } };
}

export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

export function created<T extends z.ZodType>(schema: T, description: string) {
  return {
    ...json(schema, description),
    headers: z.object({ location: z.string().openapi({ description: 'Where it is from now on' }) }),
  };
}

const REFUSALS = {
  400: 'A parameter or field that is malformed or unknown',
  404: 'Not there, or not yours',
  409: 'The state it is in does not allow it',
  412: 'Changed since it was read',
  413: 'Larger than what is taken at once',
  415: 'The body is not JSON',
  422: 'Well-formed, but against what is stored',
  429: 'Too often; `Retry-After` says when to come back',
  503: 'This server is not set up for it',
} as const;

type Refusal = keyof typeof REFUSALS;

/** 400 may always happen. */
export function refusals(...statuses: readonly Refusal[]) {
  const content = { 'application/problem+json': { schema: ProblemWire } };
  const all: readonly Refusal[] = [400, ...statuses];
  return Object.fromEntries(all.map((status) => [status, { description: REFUSALS[status], content }]));
}
