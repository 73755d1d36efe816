/** The routes as the description tells of them, and how a request to each is put together. */

import type { Description } from '../../../src/http/openapi.ts';
import { operationsOf } from '../../../src/http/openapi.ts';
import type { Scope } from '../../../src/domain/tokens.ts';
import { jsonOf } from '../../support/answers.ts';
import { openTestApp } from '../../support/app.ts';
import { WAYS, type Way } from './routes.ts';
import type { Ids, World } from './world.ts';

export interface Route {
  /** `patch /trips/{id}` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** `free`: needs no credential; `scheduler`: takes no driver's. */
  readonly needs: Scope | 'free' | 'scheduler';
  readonly way: Way;
}

/** Every route of the description. */
export async function describedRoutes(): Promise<readonly Route[]> {
  const { app, remove } = openTestApp({ auth: 'required' });
  const description = await jsonOf<Description>(app.request('/openapi.json'));
  await remove();
  return operationsOf(description).map(({ method, path, operation }) => {
    const name = `${method} ${path}`;
    const [first] = operation.security ?? [];
    const needs = first === undefined ? 'free' : 'scheduler' in first ? 'scheduler' : Object.values(first).flat()[0];
    return { name, method: method.toUpperCase(), path, needs: needs as Route['needs'], way: WAYS[name] ?? {} };
  });
}

/** Every route that is served, whether it is described or not; files whose names carry a hash are nobody's. */
export async function servedRoutes(): Promise<readonly string[]> {
  const { app, remove } = openTestApp({ auth: 'required' });
  await remove();
  const handlers = app.routes.filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/assets/'));
  const names = handlers.map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  return [...new Set(names)].filter((name) => name !== 'options /webhook/*');
}

export interface Asked {
  readonly status: number;
  readonly text: string;
  readonly code: string | null;
}

interface Sending {
  /** Whose ids are named in the request. */
  readonly ids: Ids;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The same request id each time, so that equal answers are equal texts. */
export async function ask(app: World['app'], { method, path, way }: Route, sending: Sending): Promise<Asked> {
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => way.path?.[name] ?? sending.ids[way.id ?? 'trip']);
  const query = [way.query?.(sending.ids), sending.query].filter(Boolean).join('&');
  const body = way.body === undefined ? {} : { body: JSON.stringify(way.body(sending.ids)) };
  const type = way.body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { 'x-request-id': 'walk', ...type, ...way.headers, ...sending.headers };
  const response = await app.request(query === '' ? url : `${url}?${query}`, { method, headers, ...body });
  const text = await response.text();
  return { status: response.status, text, code: codeIn(text) };
}

function codeIn(text: string): string | null {
  return /"code":"(\w+)"/.exec(text)?.[1] ?? null;
}

/** Whether the route names anything a user owns. */
export function namesAnything({ way }: Route): boolean {
  const unlike = (part: Way['body'] | Way['query']) => part !== undefined && part.length > 0;
  return way.id !== undefined || unlike(way.query) || unlike(way.body);
}
