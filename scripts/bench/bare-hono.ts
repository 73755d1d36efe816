/** The measure: a bare Hono route on the same adapter that parses the same JSON and stores nothing. */

import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';

const app = new Hono();
app.post('/webhook/ping', async (c) => {
  const said: unknown = await c.req.json();
  return c.json({ ok: said !== undefined, code: 'recorded', message: 'Noted.', warnings: [] });
});
createAdaptorServer({ fetch: app.fetch }).listen(Number(process.env['PORT']), '127.0.0.1');
