/**
 * What never became a request is refused in the same shape as what did, because a phone shows nothing but the body. Never
 * writes into an answer that is on its way.
 */

import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
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

function refusal({ status, title, message }: Unreadable): string {
  const problem = { type: '/docs#invalid_request', title, status, code: 'invalid_request', detail: message };
  const body = JSON.stringify({ ...problem, errors: [], ok: false, message });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    ...Object.entries(GUARDS).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

interface Unreadable {
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

const NO_REQUEST: Unreadable = { status: 400, title: 'Bad Request', message: 'This is no HTTP request.' };
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
