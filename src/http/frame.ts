/** Around every request: its id, the limit of its body, one log line. Says who, what, outcome, how long; never where. */

import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Ids } from '../seams/clock.ts';
import type { Log, Severity } from '../seams/log.ts';
import type { Env } from './env.ts';

export interface FrameOptions {
  readonly log: Log;
  readonly ids: Ids;
  readonly project: string | null;
}

const SANE_ID = /^[\w.:-]{1,64}$/;
const TRACE_ID = /^(?:00-)?([0-9a-f]{32})(?:[/;-]|$)/i;

export function frame(options: FrameOptions): MiddlewareHandler<Env> {
  return async (c, next) => {
    const startedMs = performance.now();
    c.set('requestId', requestId(c, options.ids));
    await next();
    report(c, options, performance.now() - startedMs);
  };
}

/** What keeps an answer that is no page from being taken for one, framed, kept, or told to other sites. */
export const GUARDS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/**
 * Names the request in its answer and guards it, as far as the answer does not do so itself. Touching the headers costs a
 * quarter of a ping, so webhooks do it by themselves.
 */
export const stamped: MiddlewareHandler<Env> = async (c, next) => {
  await next();
  const { headers } = c.res;
  headers.set('x-request-id', c.get('requestId'));
  for (const [name, value] of Object.entries(GUARDS)) if (!headers.has(name)) headers.set(name, value);
  if (!headers.has('cache-control'))
    headers.set('cache-control', headers.has('etag') ? 'private, no-cache' : 'no-store');
};

function requestId(c: Context<Env>, ids: Ids): string {
  const theirs = c.req.header('x-request-id');
  return theirs !== undefined && SANE_ID.test(theirs) ? theirs : ids.next('req');
}

function report(c: Context<Env>, options: FrameOptions, tookMs: number): void {
  const { status } = c.res;
  const { method } = c.req;
  const route = routePath(c);
  const code = c.get('outcome');
  const fields = {
    request_id: c.get('requestId'),
    user: c.get('caller')?.logName,
    method,
    route,
    status,
    code,
    ms: Math.round(tookMs * 10) / 10,
    'logging.googleapis.com/trace': trace(c, options.project),
    error: c.get('failure'),
  };
  options.log.write(severityOf(status), `${method} ${route} ${code ?? status}`, fields);
}

function severityOf(status: number): Severity {
  if (status >= 500) return 'ERROR';
  return status >= 400 ? 'WARNING' : 'INFO';
}

function trace(c: Context<Env>, project: string | null): string | undefined {
  const header = c.req.header('x-cloud-trace-context') ?? c.req.header('traceparent');
  if (header === undefined) return undefined;
  const id = TRACE_ID.exec(header)?.[1];
  if (id === undefined) return undefined;
  return project === null ? id : `projects/${project}/traces/${id}`;
}
