/** What pages are drawn with: files whose names carry a hash of their bytes, so that they may be kept for ever. */

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import type { Env } from '../env.ts';

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d5fd0"/>' +
  '<path d="M12 26 15 6h2l3 20" fill="none" stroke="#fff" stroke-width="2.4" stroke-linejoin="round"/>' +
  '<path d="M16 10v3m0 4v4" stroke="#fff" stroke-width="1.6"/></svg>';

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

function asset(name: string, ending: string, type: string, body: string): Asset {
  return { path: `/assets/${name}.${hash('sha256', body, 'hex').slice(0, 12)}.${ending}`, type, body };
}

export const STYLE = asset(
  'style',
  'css',
  'text/css; charset=utf-8',
  readFileSync(join(import.meta.dirname, 'style.css'), 'utf8'),
);
export const ICON_FILE = asset('icon', 'svg', 'image/svg+xml', ICON);

export function assetRoutes(): Hono<Env> {
  const routes = new Hono<Env>();
  for (const { path, type, body } of [STYLE, ICON_FILE]) {
    routes.get(path, (c) =>
      c.body(body, 200, { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }),
    );
  }
  return routes;
}
