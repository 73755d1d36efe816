/** Asking a running service what it holds. */

import { expect } from 'vitest';

type Headers = Readonly<Record<string, string>>;

/** The body of an answer 200. */
export async function read<T>(url: string, path: string, headers: Headers = {}): Promise<T> {
  const response = await fetch(url + path, { headers });
  expect(`${path} ${response.status}`).toBe(`${path} 200`);
  return (await response.json()) as T;
}

/** A list to its end; its key is the route's last word. */
export async function readAll<T>(url: string, path: string, headers: Headers = {}): Promise<T[]> {
  const key = (path.split('?')[0] ?? '').split('/').at(-1)?.replaceAll('-', '_') ?? '';
  const all: T[] = [];
  for (let cursor = ''; ;) {
    const more = `${path.includes('?') ? '&' : '?'}limit=200${cursor}`;
    const page = await read<Record<string, unknown>>(url, path + more, headers);
    all.push(...(page[key] as T[]));
    if (page['next_cursor'] === null) return all;
    cursor = `&cursor=${encodeURIComponent(String(page['next_cursor']))}`;
  }
}

export interface Posted {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function post(url: string, path: string, body: object, headers: Headers = {}): Promise<Posted> {
  const sent = { 'content-type': 'application/json', ...headers };
  const response = await fetch(url + path, { method: 'POST', headers: sent, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
