/** The service as one Hono app: routers, each built for a kind of caller. Has no effects of its own and opens nothing. */

import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Deps } from './actions/deps.ts';
import type { Scope } from './domain/tokens.ts';
import { driver } from './http/callers.ts';
import { docsRoutes } from './http/docs/routes.ts';
import type { Env } from './http/env.ts';
import { stamped } from './http/frame.ts';
import { answerError, createFront, type Front } from './http/front.ts';
import { assetRoutes } from './http/home/assets.ts';
import { homeRoutes } from './http/home/routes.ts';
import { refuseUnserved } from './http/not-found.ts';
import type { HttpOptions } from './http/options.ts';
import { resourceRoutes } from './http/resources/routes.ts';
import { schedulerRoutes } from './http/scheduler.ts';
import { signInRoutes } from './http/sign-in/routes.ts';

/** Pages that only one kind of installation has, the demo's for one; whoever looks needs no credential. */
export type Pages = (deps: Deps, options: HttpOptions) => Hono<Env>;

/** `front`: the one that is serving already, if one is. */
export function createApp(
  deps: Deps,
  options: HttpOptions,
  front: Front = createFront(deps, options),
  pages: Pages | null = null,
): Hono<Env> {
  const app = new Hono<Env>({ strict: false });
  app.onError(answerError);
  app.notFound(refuseUnserved(app));
  app.use(...front.chain);
  app.route('/webhook', front.webhooks);

  app.use(stamped);
  if (options.corsOrigins.length > 0) app.use(browsersElsewhere(options.corsOrigins));
  app.route('/', front.operations);
  app.route('/', assetRoutes());
  app.route('/', homeRoutes(deps, options));
  app.route('/', signInRoutes(deps, options, front));
  if (pages) app.route('/', pages(deps, options));
  const resources = resourceRoutes(deps, front.known, options);
  app.route('/', docsRoutes(resources, options));
  app.route('/scheduler', schedulerRoutes(deps, options));

  const scoped = (scope: (method: string) => Scope) => driver(deps.store, front.find, ({ req }) => scope(req.method));
  app.use(
    '/cars/:id/readings',
    scoped((method) => (method === 'POST' ? 'events' : scopeOf(method))),
  );
  for (const path of ['/tokens/*', '/me/*']) {
    app.use(
      path,
      scoped(() => 'account'),
    );
  }
  app.use(scoped(scopeOf));
  app.route('/', resources);
  return app;
}

function scopeOf(method: string): Scope {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

function browsersElsewhere(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    allowHeaders: ['Authorization', 'Content-Type', 'X-User-Email', 'X-Request-Id', 'If-Match', 'Idempotency-Key'],
    exposeHeaders: ['ETag', 'Location', 'X-Request-Id'],
    maxAge: 3_600,
  });
}
