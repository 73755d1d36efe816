/** The service as one Hono app: routers, each built for a kind of caller. Has no effects of its own and opens nothing. */

import { Hono, type Context } from 'hono';
import { cors } from 'hono/cors';
import type { Deps } from './actions/deps.ts';
import { KnownTokens } from './actions/known-tokens.ts';
import type { Scope } from './domain/tokens.ts';
import { bodyLimit } from './http/body-limit.ts';
import { driver, openCallers, type FindCaller } from './http/callers.ts';
import type { Env } from './http/env.ts';
import { frame, stamped } from './http/frame.ts';
import { refuseUnserved } from './http/not-found.ts';
import { localOnly } from './http/open-mode.ts';
import { operationRoutes } from './http/operations.ts';
import type { HttpOptions } from './http/options.ts';
import { asProblem, internalResponse, problemResponse } from './http/problems.ts';
import { phoneExtras } from './http/refusals.ts';
import { resourceRoutes } from './http/resources/routes.ts';
import { schedulerRoutes } from './http/scheduler.ts';
import { tokenCallers } from './http/token-callers.ts';
import { webhookRoutes } from './http/webhooks.ts';

export function createApp(deps: Deps, options: HttpOptions): Hono<Env> {
  const app = new Hono<Env>({ strict: false });
  const find = findCaller(deps, options);
  app.onError(answerError);
  app.notFound(refuseUnserved(app));
  app.use(frame({ log: deps.log, ids: deps.ids, project: options.project }));
  app.use(bodyLimit);
  if (options.auth === 'open') app.use(localOnly(options.corsOrigins, isPage));

  const phones = driver(find, () => 'events');
  app.route('/webhook', webhookRoutes(deps, options, phones));

  app.use(stamped);
  if (options.corsOrigins.length > 0) app.use(browsersElsewhere(options.corsOrigins));
  app.route('/', operationRoutes(deps, options));
  app.route('/scheduler', schedulerRoutes(deps, options));
  app.use(
    '/cars/:id/readings',
    driver(find, ({ req }) => (req.method === 'POST' ? 'events' : scopeOf(req.method))),
  );
  app.use(driver(find, ({ req }) => scopeOf(req.method)));
  app.route('/', resourceRoutes(deps));
  return app;
}

function findCaller(deps: Deps, options: HttpOptions): FindCaller {
  if (options.auth === 'open') return openCallers(options.defaultUser);
  return tokenCallers(new KnownTokens(deps), deps.clock);
}

function scopeOf(method: string): Scope {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

const PAGES: ReadonlySet<string> = new Set(['/', '/setup', '/docs']);

function isPage(path: string): boolean {
  return PAGES.has(path);
}

function browsersElsewhere(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    allowHeaders: ['Authorization', 'Content-Type', 'X-User-Email', 'X-Request-Id', 'If-Match', 'Idempotency-Key'],
    exposeHeaders: ['ETag', 'Location', 'X-Request-Id'],
    maxAge: 3_600,
  });
}

const WEBHOOK = /^\/webhook(?:\/|$)/;

function answerError(error: unknown, c: Context<Env>): Response {
  const extras = WEBHOOK.test(c.req.path) ? phoneExtras : undefined;
  const problem = asProblem(error);
  if (problem !== null) return problemResponse(c, problem, extras);
  c.set('failure', error);
  return internalResponse(c, extras);
}
