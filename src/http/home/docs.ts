/** The description of the pages anybody may look at. */

import { createRoute, z } from '@hono/zod-openapi';

const tags = ['Pages'];
const html = (description: string) => ({ description, content: { 'text/html': { schema: z.string() } } });
const query = z.object({
  user: z.string().optional().openapi({ description: 'Whose logbook, in open mode; otherwise nobody’s is shown' }),
});

function page(path: string, summary: string) {
  return createRoute({
    method: 'get',
    path,
    tags,
    summary,
    security: [],
    request: { query },
    responses: { 200: html('The page'), 400: html('The same, without a user: the address is none') },
  });
}

export const pageDocs = [
  page('/', 'What a browser sees first; in open mode the last trips'),
  page('/setup', 'How a phone is connected'),
  createRoute({
    method: 'get',
    path: '/docs',
    tags,
    summary: 'This description, for people',
    security: [],
    responses: { 200: html('The page') },
  }),
  createRoute({
    method: 'get',
    path: '/openapi.json',
    tags,
    summary: 'This description, for programs',
    security: [],
    responses: {
      200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: z.object({}).loose() } } },
    },
  }),
];
