/** `/settings`: what a user tunes. */

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Deps } from '../../actions/deps.ts';
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

export function settingsRoutes(deps: Deps): OpenAPIHono<Env> {
  const routes = resourceRouter();

  routes.openapi(read, async (c) => {
    return c.json(settingsToWire(await findSettings(deps, deps.store.forUser(c.var.caller.user))), 200);
  });

  routes.openapi(change, async (c) => {
    const { user, actor } = c.var.caller;
    const edit = settingsEditOf(c.req.valid('json'));
    return c.json(settingsToWire(await changeSettings(deps, deps.store.forUser(user), edit, actor)), 200);
  });

  return routes;
}
