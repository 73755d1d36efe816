/**
 * What never became a request is refused in the same shape as what did, because a phone shows nothing but the body. Never
 * writes into an answer that is on its way.
 */

import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';
import { GUARDS } from './frame.ts';

export function refuseUnreadable(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, response) => void answers.set(socket, response));
  server.on('clientError', (error, socket) => {
    const code = 'code' in error ? String(error.code) : '';
    const answer = answers.get(socket);
    const isAnswering = answer !== undefined && answer.headersSent && !answer.writableFinished;
    if (!socket.writable || isAnswering || code === 'ECONNRESET') socket.destroy();
    else socket.end(refusal(UNREADABLE[code] ?? NO_REQUEST));
  });
}

/** An address no URL can be made of: the application never sees it. */
export function refuseUnaddressed(error: unknown): Response {
  if (!(error instanceof RequestError)) return new Response(null, { status: 500, headers: HEAD });
  return new Response(bodyOf(NO_ADDRESS), { status: NO_ADDRESS.status, headers: HEAD });
}

const HEAD: Readonly<Record<string, string>> = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  ...GUARDS,
};

function refusal(unreadable: Unreadable): string {
  const body = bodyOf(unreadable);
  const head = [
    `HTTP/1.1 ${unreadable.status} ${unreadable.title}`,
    ...Object.entries(HEAD).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function bodyOf({ status, title, message }: Unreadable): string {
  const problem = { type: '/docs#invalid_request', title, status, code: 'invalid_request', detail: message };
  return JSON.stringify({ ...problem, errors: [], ok: false, message });
}

interface Unreadable {
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

const NO_REQUEST: Unreadable = { status: 400, title: 'Bad Request', message: 'This is no HTTP request.' };
const NO_ADDRESS: Unreadable = {
  status: 400,
  title: 'Bad Request',
  message: 'The address of this request, or its header Host, cannot be read.',
};
const UNREADABLE: Readonly<Record<string, Unreadable>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    title: 'Request Header Fields Too Large',
    message: 'The address and the headers are too long together. Send less in them.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request Timeout',
    message: 'The request took too long to arrive. Send it again.',
  },
};
