/**
 * The isolation walk: every route of the description, as somebody else, with less than it needs, with what no longer
 * counts, and by crooked paths. Nobody reads or changes what is not his, nor learns that it exists.
 */

import { request as plainRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenHash } from '../../src/actions/tokens.ts';
import { SCOPES } from '../../src/domain/tokens.ts';
import { listen } from '../../src/http/server.ts';
import { ask, bearer, describedRoutes, namesAnything, servedRoutes, type Asked, type Route } from './walk/asking.ts';
import { CROOKED } from './walk/crooked.ts';
import { WAYS } from './walk/routes.ts';
import { ANNA, BOB, CANARY, NOBODYS, openWorld, ownWorld, type OpenKept, type World } from './walk/world.ts';

const ROUTES = await describedRoutes();
const ofDrivers = ROUTES.filter(({ needs }) => needs !== 'free' && needs !== 'scheduler');
const named = (routes: readonly Route[]) => routes.map((route) => [route.name, route] as const);

/** As it is written: neither a browser nor `fetch` would send most of these paths. */
function askPlainly(port: number, method: string, path: string, headers: Record<string, string>): Promise<Asked> {
  return new Promise((done, failed) => {
    const sent = plainRequest({ port, host: '127.0.0.1', method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => done({ status: response.statusCode ?? 0, text, code: null }));
    });
    sent.on('error', failed);
    sent.end(method === 'GET' || method === 'DELETE' ? '' : '{}');
  });
}

/** `whole`: with all that is settled before a store is asked. */
export function isolationWalk(open: OpenKept, whole = true): void {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(open());
  });
  afterAll(() => world.remove());

  /** Without their uses, which are noted behind an answer. */
  async function annasTokens(): Promise<readonly object[]> {
    const tokens = await world.deps.store.tokens.listOf(ANNA);
    return tokens.map((token) => ({ ...token, lastUsedAt: null }));
  }

  /** Nothing of Anna's was opened, changed or told while `attack` went on. */
  async function untouched(attack: () => Promise<readonly Asked[]>): Promise<readonly Asked[]> {
    const before = await world.dump(ANNA);
    const tokens = await annasTokens();
    world.opened();
    const answers = await attack();
    expect([...world.opened()]).not.toContain(ANNA);
    expect(await world.dump(ANNA)).toEqual(before);
    expect(await annasTokens()).toEqual(tokens);
    for (const { status, text } of answers) {
      expect(status).toBeLessThan(500);
      expect(text).not.toContain(CANARY);
    }
    return answers;
  }

  describe('as somebody else', () => {
    it.each(named(ofDrivers.filter(namesAnything)))('%s answers as if it were invented', async (_name, route) => {
      const headers = bearer(await world.tokenOf(BOB));
      const [theirs, invented] = await untouched(async () => [
        await ask(world.app, route, { ids: world.anna, headers }),
        await ask(world.app, route, { ids: NOBODYS, headers }),
      ]);
      expect(theirs).toEqual(invented);
      if (route.way.id !== undefined) expect([theirs?.status, theirs?.code]).toEqual([404, 'not_found']);
    });

    const namingInBody = ({ way }: Route) => way.id !== undefined && (way.body?.length ?? 0) > 0;

    it.each(named(ofDrivers.filter(namingInBody)))(
      '%s puts nothing of another into one’s own',
      async (_name, route) => {
        const headers = bearer(await world.tokenOf(BOB));
        // The path is Bob's own; what the body names is Anna's.
        const way = { ...route.way, body: () => route.way.body?.(world.anna) ?? {} };
        const [told] = await untouched(async () => [
          await ask(world.app, { ...route, way }, { ids: world.bob, headers }),
        ]);
        expect(told?.status).toBe(422);
      },
    );

    it.each(named(ofDrivers))('%s refuses the address of another, known or not', async (_name, route) => {
      const token = await world.tokenOf(BOB);
      for (const claim of [
        (user: string) => ({ query: `user=${user}`, headers: bearer(token) }),
        (user: string) => ({ headers: { ...bearer(token), 'x-user-email': user } }),
        (user: string) => ({ headers: { authorization: `Basic ${btoa(`${user}:${token}`)}` } }),
      ]) {
        const [known, unknown] = await untouched(async () => [
          await ask(world.app, route, { ids: world.anna, ...claim(ANNA) }),
          await ask(world.app, route, { ids: world.anna, ...claim('nobody@example.nl') }),
        ]);
        expect([known?.status, known?.code]).toEqual([403, 'user_mismatch']);
        expect(unknown).toEqual(known);
      }
    });
  });

  if (!whole) return;

  describe('the walk', () => {
    it('has a line for every route, and no other', async () => {
      expect(Object.keys(WAYS).toSorted()).toEqual(ROUTES.map(({ name }) => name).toSorted());
      expect(Object.keys(WAYS).toSorted()).toEqual((await servedRoutes()).toSorted());
    });

    it.each(named(ROUTES))('knows how to ask %s', async (_name, route) => {
      // A look changes nothing for those that come after.
      const own = route.method === 'GET' ? world : await ownWorld(open);
      const headers = route.needs === 'free' ? {} : bearer(await own.tokenOf(ANNA));
      const { status, text } = await ask(own.app, route, { ids: own.anna, headers });
      const wanted = route.way.answers ?? (status >= 200 && status < 300 ? status : '2xx');
      expect([status, text]).toEqual([wanted, text]);
    });
  });

  describe('with less than it needs', () => {
    it.each(named(ofDrivers))('%s is refused to a token of all other scopes', async (_name, route) => {
      const rest = SCOPES.filter((scope) => scope !== route.needs);
      const headers = bearer(await world.tokenOf(ANNA, rest));
      const before = await world.dump(ANNA);
      const { status, code } = await ask(world.app, route, { ids: world.anna, headers });
      expect([status, code]).toEqual([403, 'insufficient_scope']);
      expect(await world.dump(ANNA)).toEqual(before);
    });

    it.each(named(ROUTES.filter(({ needs }) => needs !== 'free')))(
      '%s is refused without a credential',
      async (_name, route) => {
        const [none, claimed, unknown] = await untouched(async () => [
          await ask(world.app, route, { ids: world.anna }),
          await ask(world.app, route, { ids: world.anna, query: `user=${ANNA}` }),
          await ask(world.app, route, { ids: world.anna, query: 'user=nobody@example.nl' }),
        ]);
        for (const one of [none, claimed, unknown]) expect([one?.status, one?.code]).toEqual([401, 'unauthenticated']);
        expect(claimed).toEqual(unknown);
      },
    );
  });

  describe('with what does not count', () => {
    const damaged = (token: string) => `${token.slice(0, 10)}${token[10] === 'a' ? 'b' : 'a'}${token.slice(11)}`;

    async function revoked(): Promise<string> {
      const secret = await world.tokenOf(ANNA);
      const token = await world.deps.store.tokens.get(tokenHash(secret));
      await world.app.request(`/tokens/${token?.id}`, { method: 'DELETE', headers: bearer(secret) });
      return secret;
    }

    it.each(named(ROUTES.filter(({ needs }) => needs !== 'free')))('%s stays shut', async (_name, route) => {
      const isOpenToDrivers = route.needs !== 'scheduler';
      // There are more routes than a minute may have failures.
      await world.deps.store.system.take('failures', `client-${tokenHash('unknown')}`);
      const credentials = [
        ['token_revoked', await revoked()],
        ['token_expired', await world.tokenOf(ANNA, SCOPES, { expiresAt: world.deps.clock.now() })],
        ['unauthenticated', damaged(await world.tokenOf(ANNA))],
        ['unauthenticated', 'mlg_00000000000000000000000000zzzz'],
        ['unauthenticated', 'eyJhbGciOiJSUzI1NiJ9.eyJlbWFpbCI6ImFubmEuY2FuYXJ5QGV4YW1wbGUubmwifQ.c2ln'],
      ] as const;
      const before = await world.dump(ANNA);
      for (const [code, secret] of credentials) {
        const told = await ask(world.app, route, { ids: world.anna, headers: bearer(secret) });
        expect([told.status, told.code]).toEqual([401, isOpenToDrivers ? code : 'unauthenticated']);
        expect(told.text).not.toContain(CANARY);
      }
      expect(await world.dump(ANNA)).toEqual(before);
    });

    it.each(named(ROUTES.filter(({ needs }) => needs === 'scheduler')))('%s is for no driver', async (_name, route) => {
      const headers = bearer(await world.tokenOf(ANNA));
      expect((await ask(world.app, route, { ids: world.anna, headers })).status).toBe(401);
    });
  });

  describe('by a crooked path', () => {
    it.each(named(ofDrivers.filter(({ path }) => path.includes('{'))))('%s leads nowhere', async (_name, route) => {
      const token = await world.tokenOf(BOB);
      const server = await listen(world.app, 0, '127.0.0.1');
      const { port } = server.address() as AddressInfo;
      const headers = { ...bearer(token), 'content-type': 'application/json' };
      const annas = world.anna[route.way.id ?? 'trip'];
      await untouched(async () => {
        const answers: Asked[] = [];
        for (const crooked of CROOKED(annas, ANNA)) {
          const path = route.path.replaceAll(/\{\w+\}/g, () => crooked);
          const answer = await askPlainly(port, route.method, path, headers);
          // A look may end at a list of one's own, a deed at nothing.
          const isHarmless = answer.status >= 400 || route.method === 'GET';
          expect([path.slice(0, 200), isHarmless]).toEqual([path.slice(0, 200), true]);
          answers.push(answer);
        }
        return answers;
      });
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    });
  });
}
