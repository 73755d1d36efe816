/** `/openapi.json`, and `/docs`: the same as a page people can read. Made once, when first asked for. */

import type { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import type { Env } from '../env.ts';
import { pageResponse } from '../home/layout.ts';
import type { HttpOptions } from '../options.ts';
import { describe, type Description } from '../openapi.ts';
import { docsPage } from './page.ts';

export function docsRoutes(resources: OpenAPIHono<Env>, options: Pick<HttpOptions, 'version'>): Hono<Env> {
  const routes = new Hono<Env>();
  let made: Description | null = null;
  const description = () => (made ??= describe(resources, options.version));
  routes.get('/openapi.json', (c) => c.json(description()));
  routes.get('/docs', (c) => {
    const body = docsPage(description());
    return pageResponse(c, {
      language: 'en',
      title: 'API · Mileage logbook',
      path: '/docs',
      version: options.version,
      body,
    });
  });
  return routes;
}
