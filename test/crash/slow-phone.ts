/** A phone in a tunnel: half of its request has arrived, the other half is still to come. */

import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

export interface HalfSaid {
  /** Says the rest; answers the status. Rejects when nobody listens any more. */
  finish(): Promise<number>;
}

export async function sayHalf(url: string, path: string, user: string, body: object): Promise<HalfSaid> {
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-user-email': user,
  };
  const sending = request(url + path, { method: 'POST', headers });
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  answered.catch(() => undefined);
  sending.write(text.slice(0, 10));
  const [socket] = sending.socket ? [sending.socket] : await once(sending, 'socket');
  if (socket.connecting) await once(socket, 'connect');
  return {
    async finish() {
      sending.end(text.slice(10));
      const [response] = await answered;
      response.resume();
      await once(response, 'end');
      return response.statusCode ?? 0;
    },
  };
}
