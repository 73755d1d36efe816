/** `/tokens`: the keys of phones, cars and programs, as their owner manages them. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { UserDeps } from '../../actions/deps.ts';
import type { KnownTokens } from '../../actions/known-tokens.ts';
import {
  makeToken,
  pageOfTokens,
  revokeOwnToken,
  rotateToken,
  tokensOf,
  type MadeToken,
  type Maker,
} from '../../actions/user-tokens.ts';
import type { TokenStore } from '../../seams/store.ts';
import type { Caller, Env } from '../env.ts';
import { flagParameter, listToWire, listWire, PAGE_PARAMETERS, pageQuery, queryOf } from '../wire/lists.ts';
import { madeToWire, MadeTokenWire, newTokenOf, TokenIn, tokenToWire, TokenWire } from '../wire/tokens.ts';
import { body, byId, created, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Tokens'];

const list = createRoute({
  method: 'get',
  path: '/tokens',
  tags,
  summary: 'All tokens, newest first, without their secrets',
  request: {
    query: queryOf({
      revoked: flagParameter().optional().openapi({ description: 'Only revoked tokens, or only the others' }),
      ...PAGE_PARAMETERS,
    }),
  },
  responses: { 200: json(listWire('tokens', TokenWire), 'A page of tokens'), ...refusals() },
});

const add = createRoute({
  method: 'post',
  path: '/tokens',
  tags,
  summary:
    'Make a token, within the scopes of the credential that asks. Open mode asks for none; it counts in `required`',
  middleware: jsonBody,
  request: { query: noParameters, body: body(TokenIn) },
  responses: { 201: created(MadeTokenWire, 'The token, with its secret'), ...refusals(415, 422) },
});

const revoke = createRoute({
  method: 'delete',
  path: '/tokens/{id}',
  tags,
  summary: 'Revoke a token for good; at once here, within a minute on other instances',
  request: { params: byId, query: noParameters },
  responses: { 204: { description: 'Revoked, also when it was before' }, ...refusals(404) },
});

const rotate = createRoute({
  method: 'post',
  path: '/tokens/{id}/rotate',
  tags,
  summary: 'A new token in its place; the old one goes on for 7 days, and webhooks warn of it',
  request: { params: byId, query: noParameters },
  responses: { 201: created(MadeTokenWire, 'The new token, with its secret'), ...refusals(404, 409) },
});

/** Hands on the caller's tokens, and no others. Where nothing is served there is no caller. */
export function ownTokens(store: TokenStore, known: KnownTokens): MiddlewareHandler<Env> {
  return async (c, next) => {
    const caller = c.get('caller') as Caller | undefined;
    if (caller !== undefined) c.set('tokens', tokensOf(store, known, caller.user));
    await next();
  };
}

export function tokenRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(list, async (c) => {
    const query = c.req.valid('query');
    const page = await pageOfTokens(c.var.tokens, query.revoked ?? null, pageQuery(query));
    return c.json(listToWire('tokens', page, tokenToWire), 200);
  });

  routes.openapi(add, async (c) => {
    const wish = newTokenOf(c.req.valid('json'));
    return c.json(shown(c, await makeToken(deps, c.var.store, c.var.tokens, wish, makerOf(c))), 201);
  });

  routes.openapi(revoke, async (c) => {
    await revokeOwnToken(deps, c.var.store, c.var.tokens, c.req.valid('param').id, c.var.caller.actor);
    return c.body(null, 204);
  });

  routes.openapi(rotate, async (c) => {
    const made = await rotateToken(deps, c.var.store, c.var.tokens, c.req.valid('param').id, makerOf(c));
    return c.json(shown(c, made), 201);
  });

  return routes;
}

function makerOf(c: Context<Env>): Maker {
  return { by: c.var.caller.actor, scopes: c.var.caller.scopes };
}

/** What holds a secret is kept by nobody on its way. */
function shown(c: Context<Env>, made: MadeToken) {
  c.header('location', `/tokens/${made.token.id}`);
  c.header('cache-control', 'no-store');
  return madeToWire(made);
}
