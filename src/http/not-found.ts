/** Paths and methods nobody serves: 404, or 405 with what the path does understand. */

import type { Context, Hono } from 'hono';
import { matchedRoutes } from 'hono/route';
import { Problem } from '../domain/problem.ts';
import type { Env } from './env.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Whether a handler is waiting for this request: middleware stands under every method, handlers under theirs. */
export function isServed(c: Context<Env>): boolean {
  return matchedRoutes(c).some(({ method }) => method !== 'ALL');
}

export function refuseUnserved(app: Hono<Env>): (c: Context<Env>) => never {
  return (c) => {
    const allowed = METHODS.filter((method) => serves(app, method, c.req.path));
    if (allowed.length === 0) {
      throw new Problem('not_found', `There is no ${c.req.path.slice(0, 100)} here. GET /docs lists what there is.`);
    }
    if (allowed.includes('GET')) allowed.splice(1, 0, 'HEAD');
    c.header('allow', allowed.join(', '));
    throw new Problem(
      'method_not_allowed',
      `${c.req.method} is not for this path. It understands ${allowed.join(', ')}.`,
    );
  };
}

function serves(app: Hono<Env>, method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
}
