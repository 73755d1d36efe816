/** A browser as far as signing in needs one: keeps cookies as their attributes say, says where a request comes from. */

import type { TestApp } from './app.ts';

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export class Browser {
  readonly #app: TestApp['app'];
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  /** Every `Set-Cookie` it was ever sent. */
  readonly set: string[] = [];

  constructor({ app }: Pick<TestApp, 'app'>, origin = 'http://localhost') {
    this.#app = app;
    this.origin = origin;
  }

  /** As a navigation or a form of our own page asks. */
  async ask(path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const own = method === 'GET' ? {} : { origin: this.origin, 'sec-fetch-site': 'same-origin' };
    const sent = { accept: 'text/html', ...own, ...(cookie === '' ? {} : { cookie }), ...headers };
    const init = { method, headers: sent, ...(body !== undefined && { body }) };
    const response = await this.#app.request(new URL(path, this.origin).href, init);
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  /** What a program of the page asks: it reads JSON. */
  fetch(path: string, asking: Asking = {}): Promise<Response> {
    return this.ask(path, { ...asking, headers: { accept: 'application/json', ...asking.headers } });
  }

  #keep(line: string): void {
    this.set.push(line);
    const [pair = '', ...attributes] = line.split('; ');
    const equals = pair.indexOf('=');
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    if (!attributes.includes('Path=/')) throw new Error(`a cookie for some paths only: ${name}`);
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
