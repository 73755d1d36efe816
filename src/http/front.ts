/**
 * What must answer at once after a start: phones and probes. Loads nothing that validates or describes; everything else
 * is loaded by the first request for it.
 */

import { Hono, type Context, type MiddlewareHandler } from 'hono';
import type { Deps } from '../actions/deps.ts';
import { FailedSignIns } from '../actions/failed-sign-ins.ts';
import { KnownIdentities } from '../actions/known-identities.ts';
import { KnownTokens } from '../actions/known-tokens.ts';
import { bodyLimit } from './body-limit.ts';
import { driver, openCallers, type FindCaller } from './callers.ts';
import { clientAddresses } from './client-address.ts';
import type { Env } from './env.ts';
import { frame, stamped } from './frame.ts';
import { slowingGuesses } from './guesses.ts';
import { identityCallers } from './identity-callers.ts';
import { localOnly } from './open-mode.ts';
import { OPERATION_PATHS, operationRoutes } from './operations.ts';
import { findAgain } from './moves.ts';
import type { HttpOptions } from './options.ts';
import { asProblem, internalResponse, problemResponse } from './problems.ts';
import { phoneExtras } from './refusals.ts';
import { sessionCallers, withSessions, type FindSession } from './session-callers.ts';
import { tokenCallers } from './token-callers.ts';
import { webhookRoutes } from './webhooks.ts';

/** What signing in with a browser needs. */
export interface Browsers {
  readonly sessions: KnownTokens;
  readonly session: FindSession;
  readonly failures: FailedSignIns;
  readonly clientOf: (c: Context<Env>) => string;
}

/** Made once, whatever serves it: who is known and how much was sent is counted in here. */
export interface Front {
  readonly find: FindCaller;
  readonly browsers: Browsers;
  /** What this process remembers of tokens: whoever changes one tells it. */
  readonly known: KnownTokens;
  /** What every request goes through first. */
  readonly chain: readonly MiddlewareHandler<Env>[];
  readonly webhooks: Hono<Env>;
  readonly operations: Hono<Env>;
}

export function createFront(deps: Deps, options: HttpOptions): Front {
  const known = new KnownTokens(deps, 'tokens', options.allowedUsers);
  const browsers = browsersOf(deps, options);
  known.forgetWith((owner) => browsers.sessions.forget(owner));
  const sent = findCaller(deps, options, known, browsers);
  const isOpen = options.auth === 'open';
  const framed = [frame({ log: deps.log, ids: deps.ids, project: options.project }), bodyLimit];
  return {
    find: isOpen ? sent : withSessions(sent, browsers.session, options.publicUrl),
    browsers,
    known,
    chain: isOpen ? [...framed, localOnly(options.corsOrigins, isPage)] : framed,
    webhooks: webhookRoutes(
      deps,
      options,
      driver(deps.store, sent, () => 'events'),
      findAgain(deps.store, known, sent),
    ),
    operations: operationRoutes(deps, options),
  };
}

/** The front alone. `whole` makes the app that knows everything, when somebody first asks for more. */
export function frontApp({ chain, webhooks, operations }: Front, whole: () => Promise<Hono<Env>>): Hono<Env> {
  const app = new Hono<Env>({ strict: false });
  app.onError(answerError);
  app.use('/webhook/*', ...chain);
  app.route('/webhook', webhooks);
  app.on('GET', [...OPERATION_PATHS], ...chain, stamped);
  app.route('/', operations);
  app.notFound(async (c) => (await whole()).fetch(c.req.raw, c.env));
  return app;
}

function browsersOf(deps: Deps, { allowedUsers, publicUrl, trustedProxies, isFronted }: HttpOptions): Browsers {
  const sessions = new KnownTokens(deps, 'sessions', allowedUsers);
  return {
    sessions,
    session: sessionCallers(sessions, deps.clock, publicUrl),
    failures: new FailedSignIns(deps),
    clientOf: clientAddresses(trustedProxies, isFronted),
  };
}

/** By what is sent along, which no cookie is. */
function findCaller(deps: Deps, options: HttpOptions, known: KnownTokens, browsers: Browsers): FindCaller {
  if (options.auth === 'open') return openCallers(options.defaultUser);
  const identities = new KnownIdentities(deps, options.identities, options.allowedUsers);
  known.forgetWith((owner) => identities.forget(owner));
  const callers = tokenCallers(known, deps.clock, identityCallers(identities, browsers, deps));
  return slowingGuesses(callers, browsers.clientOf, deps.clock);
}

const PAGES: ReadonlySet<string> = new Set(['/', '/setup', '/docs', '/signin']);

function isPage(path: string): boolean {
  return PAGES.has(path);
}

const WEBHOOK = /^\/webhook(?:\/|$)/;

export function answerError(error: unknown, c: Context<Env>): Response {
  const extras = WEBHOOK.test(c.req.path) ? phoneExtras : undefined;
  const problem = asProblem(error);
  if (problem !== null) return problemResponse(c, problem, extras);
  c.set('failure', error);
  return internalResponse(c, extras);
}
