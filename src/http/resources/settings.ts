/** `/settings`: what a user tunes. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { UserDeps } from '../../actions/deps.ts';
import { changeSettings, findSettings } from '../../actions/settings.ts';
import type { Env } from '../env.ts';
import { SettingsEditIn, settingsEditOf, settingsToWire, SettingsWire } from '../wire/settings.ts';
import { body, json, jsonBody, noParameters, refusals, resourceRouter } from './router.ts';

const tags = ['Settings'];

const read = createRoute({
  method: 'get',
  path: '/settings',
  tags,
  summary: 'The settings',
  request: { query: noParameters },
  responses: { 200: json(SettingsWire, 'The settings'), ...refusals() },
});

const change = createRoute({
  method: 'patch',
  path: '/settings',
  tags,
  summary: 'Change some settings; booked trips stay as they are',
  middleware: jsonBody,
  request: { query: noParameters, body: body(SettingsEditIn) },
  responses: { 200: json(SettingsWire, 'The settings as they are now'), ...refusals(415, 422) },
});

export function settingsRoutes(deps: UserDeps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    return c.json(settingsToWire(await findSettings(deps, c.var.store)), 200);
  });

  routes.openapi(change, async (c) => {
    const { actor } = c.var.caller;
    const edit = settingsEditOf(c.req.valid('json'));
    return c.json(settingsToWire(await changeSettings(deps, c.var.store, edit, actor)), 200);
  });

  return routes;
}
