/** The socket: listening, and ending without cutting anybody off. */

import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Env } from './env.ts';
import { refuseUnaddressed, refuseUnreadable } from './unreadable.ts';

const LOOK_FOR_IDLE_MS = 50;

/** How long somebody may take, and how much he may say before it is clear what he wants. */
export interface Patience {
  readonly headersWithinMs: number;
  /** Head and body together: 32 MB over a slow line take their time. */
  readonly requestWithinMs: number;
  /** Address and headers together. */
  readonly mostHeaderBytes: number;
  readonly lookEveryMs: number;
}

export const PATIENCE: Patience = {
  headersWithinMs: 20_000,
  requestWithinMs: 180_000,
  mostHeaderBytes: 16 * 1024,
  lookEveryMs: 5_000,
};

/** Rejects in one line when the address cannot be used. */
export async function listen(app: Hono<Env>, port: number, host: string, patience = PATIENCE): Promise<Server> {
  const serverOptions = {
    headersTimeout: patience.headersWithinMs,
    requestTimeout: patience.requestWithinMs,
    maxHeaderSize: patience.mostHeaderBytes,
    connectionsCheckingInterval: patience.lookEveryMs,
  };
  const server = createServer(serverOptions, getRequestListener(app.fetch, { errorHandler: refuseUnaddressed }));
  refuseUnreadable(server);
  await new Promise<void>((listening, failed) => {
    server.once('error', (error) => failed(new Error(whyNot(error, port, host), { cause: error })));
    server.listen(port, host, () => listening());
  });
  return server;
}

function whyNot(error: Error, port: number, host: string): string {
  const code = 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return `PORT ${port} is in use on ${host}: stop the other program or choose another PORT`;
  if (code === 'EACCES') return `PORT ${port} may not be used by this account: choose one above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST ${host} is no address of this machine`;
  return `cannot listen on ${host}:${port}: ${error.message}`;
}

/** Takes no new connections, lets requests that run come to their end, and cuts off what is left after `withinMs`. */
export async function drain(server: Server, withinMs: number): Promise<void> {
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
  const closed = new Promise<void>((done) => server.close(() => done()));
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_FOR_IDLE_MS);
  const late = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

/** Where to point a browser on this machine. */
export function addressOf(server: Server, host: string): string {
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const name = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
