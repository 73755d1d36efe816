/** Posts what a phone posts, and reads what it is answered. */

import type { TestApp } from '../../support/app.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- what came over the wire is what the tests are about
  readonly body: any;
}

export interface Phone {
  post(action: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

/** In open mode by its address, else by its token. */
export function phone({ app }: TestApp, who: { user: string } | { token: string }): Phone {
  const own: Record<string, string> =
    'user' in who ? { 'x-user-email': who.user } : { authorization: `Bearer ${who.token}` };
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await app.request(path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
  return {
    post: (action, body, headers) =>
      ask(`/webhook/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...own, ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    get: (path, headers) => ask(path, { headers: { ...own, ...headers } }),
  };
}
