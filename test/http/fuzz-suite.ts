/** Every route with every parameter, header and body gone wild: never a 500, never anybody else's data, always told what is wrong. */

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUser } from '../../src/actions/users.ts';
import type { Description, Operation } from '../../src/http/openapi.ts';
import { operationsOf } from '../../src/http/openapi.ts';
import { jsonOf } from '../support/answers.ts';
import type { Runs } from '../support/runs.ts';
import { bearer, describedRoutes, type Route } from './walk/asking.ts';
import { inputsFor, type Input } from './walk/inputs.ts';
import { ANNA, BOB, CANARY, openWorld, type OpenKept, type World } from './walk/world.ts';

const ROUTES = await describedRoutes();

/** A refusal of what a browser opens is a page. */
function refusesWithPage({ responses = {} }: Operation, response: Response): boolean {
  const described = JSON.stringify(responses).includes('"text/html"');
  return described && (response.headers.get('content-type') ?? '').startsWith('text/html');
}

function expectHonest(response: Response, text: string, isPage: boolean): void {
  expect(response.status).toBeLessThan(500);
  expect(text).not.toContain(CANARY);
  if (response.status < 400 || isPage) return;
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = JSON.parse(text);
  expect(problem).toMatchObject({ status: response.status, code: expect.any(String), detail: expect.any(String) });
  if (problem.code !== 'invalid_request') return;
  expect(problem.errors).not.toEqual([]);
  for (const { field, message } of problem.errors) expect([typeof field, typeof message]).toEqual(['string', 'string']);
}

/** `asOften`: times the number of routes. */
export function fuzzedRoutes(open: OpenKept, asOften: Runs): void {
  let world: World;
  let token: string;
  let description: Description;
  beforeAll(async () => {
    world = await openWorld(open());
    token = await world.tokenOf(BOB);
    description = await jsonOf(world.app.request('/openapi.json'));
  });
  afterAll(() => world.remove());

  async function send(route: Route, { id, query, headers, body }: Input): Promise<Response> {
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => route.way.path?.[name] ?? id);
    const sent = route.method === 'GET' || body === null ? {} : { body };
    const all = { ...headers, ...bearer(token) };
    return world.app.request(`${path}?${query}`, { method: route.method, headers: all, ...sent });
  }

  /** Whoever deleted himself by chance comes back. */
  async function backAgain({ status }: Response): Promise<void> {
    if (status !== 401 || !(await addUser(world.deps, BOB))) return;
    token = await world.tokenOf(BOB);
  }

  describe('whatever is asked', () => {
    it.each(ROUTES.map((route) => [route.name, route] as const))(
      'of %s is answered or refused, and told why',
      async (name, route) => {
        const all = operationsOf(description);
        const operation = all.find(({ method, path }) => `${method} ${path}` === name)?.operation ?? {};
        const before = await world.dump(ANNA);
        await fc.assert(
          fc.asyncProperty(inputsFor(description, operation, route.way, world.anna, world.bob), async (input) => {
            const response = await send(route, input);
            const text = await response.text();
            await backAgain(response);
            // A car that cannot be reached and a server without a key say 503, and mean it.
            if (response.status !== 503) expectHonest(response, text, refusesWithPage(operation, response));
          }),
          asOften,
        );
        expect(await world.dump(ANNA)).toEqual(before);
      },
    );
  });
}
