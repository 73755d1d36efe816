/** `/webhook/*`: what phones post while driving. An event is recorded however badly it is written, and always answered in JSON. */

import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { activeTrip } from '../actions/active-trip.ts';
import type { UserDeps } from '../actions/deps.ts';
import type { Outcome } from '../actions/said.ts';
import { recordEvent, recordPing } from '../actions/track.ts';
import type { PhoneEvent } from '../domain/events.ts';
import { Problem } from '../domain/problem.ts';
import { isoOf } from '../domain/units.ts';
import type { Env } from './env.ts';
import { GUARDS } from './frame.ts';
import { throughMove, type FindAgain } from './moves.ts';
import type { HttpOptions } from './options.ts';
import { Rate } from './rate.ts';
import { answer, send } from './webhooks/answers.ts';
import { requestOf } from './webhooks/requests.ts';
import { readEvent, readPing } from './webhooks/said.ts';
import { activeTripToWire } from './wire/active-trips-out.ts';

const EVENTS = ['start', 'end', 'finalize', 'cancel'] as const satisfies readonly PhoneEvent['type'][];
const ACTIONS = ['start', 'ping', 'end', 'finalize', 'cancel'];

type Handler = (c: Context<Env>) => Promise<Response>;

/** `callers` finds out who is calling. What is wrong with an address or a method is told without asking. */
export function webhookRoutes(
  deps: UserDeps,
  options: Pick<HttpOptions, 'ratePerMinute'>,
  callers: MiddlewareHandler<Env>,
  again: FindAgain,
): Hono<Env> {
  const routes = new Hono<Env>();
  routes.post('/ping', callers, ping(deps, again, new Rate(options.ratePerMinute)));
  for (const type of EVENTS) routes.post(`/${type}`, callers, event(deps, again, type));
  routes.get('/status', callers, status());
  routes.options('*', nothing);
  routes.all('*', refuse);
  return routes;
}

function event(deps: UserDeps, again: FindAgain, type: PhoneEvent['type']): Handler {
  return async (c) => {
    const said = readEvent(await requestOf(c), type);
    const record = () => recordEvent(deps, c.get('store'), said, c.get('caller').actor);
    const outcome = await throughMove(c, again, record);
    return answer(c, { type, isBatch: false }, withRotation(c, outcome));
  };
}

function ping(deps: UserDeps, again: FindAgain, rate: Rate): Handler {
  return async (c) => {
    const { token } = c.get('caller');
    const waitSeconds = token === null ? 0 : rate.count(token.id, deps.clock.now());
    if (waitSeconds > 0) throw tooOften(c, waitSeconds);
    const { said, isBatch } = readPing(await requestOf(c));
    const outcome = await throughMove(c, again, () => recordPing(deps, c.get('store'), said));
    return answer(c, { type: 'ping', isBatch }, withRotation(c, outcome));
  };
}

/** A phone that still carries a token that was replaced is told until when it counts. */
function withRotation(c: Context<Env>, outcome: Outcome): Outcome {
  const token = c.get('caller').token;
  if (token?.replacedBy === undefined || token.expiresAt === null) return outcome;
  const lastDay = isoOf(token.expiresAt).slice(0, 'YYYY-MM-DD'.length);
  return { ...outcome, warnings: [...outcome.warnings, `token_rotates_on ${lastDay}`] };
}

function tooOften(c: Context<Env>, waitSeconds: number): Problem {
  c.header('retry-after', String(waitSeconds));
  return new Problem('rate_limited', `Too many pings from this token. Wait ${waitSeconds} s, or send them as points.`);
}

/** Where the car is is for those who may read, not for those who only send. */
function status(): Handler {
  return async (c) => {
    const { scopes } = c.get('caller');
    const wire = activeTripToWire(await activeTrip(c.get('store')));
    return send(c, wire.active && !scopes.includes('read') ? { ...wire, last_position: null } : wire);
  };
}

function nothing(c: Context<Env>): Response {
  const headers = { 'cache-control': 'no-store', 'x-request-id': c.get('requestId'), ...GUARDS };
  return new Response(null, { status: 204, headers });
}

function refuse(c: Context<Env>): never {
  const action = c.req.path.replace(/^\/webhook\/?/, '');
  if (ACTIONS.includes(action)) {
    c.header('allow', 'POST');
    throw new Problem('use_post', `Nothing was recorded: send ${action} with the method POST, not ${c.req.method}.`);
  }
  if (action === 'status') {
    c.header('allow', 'GET, HEAD');
    throw new Problem('method_not_allowed', 'The status is read with GET.');
  }
  throw new Problem(
    'unknown_action',
    `There is no such action. POST /webhook/ and one of: ${ACTIONS.join(', ')}; or GET /webhook/status.`,
  );
}
