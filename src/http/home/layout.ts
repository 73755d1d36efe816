/** The frame of every page we render, and the policy it is sent with. No script, nothing from elsewhere. */

import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Language } from '../../domain/settings.ts';
import type { Env } from '../env.ts';
import { ICON_FILE, STYLE } from './assets.ts';
import { WORDS } from './words.ts';

/** Markup whose values are escaped. */
export type Markup = ReturnType<typeof html>;

export interface Page {
  readonly language: Language;
  readonly title: string;
  /** Where it lies: the bar marks its own pages. */
  readonly path: string;
  readonly version: string;
  readonly body: Markup;
}

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  vary: 'accept-language',
};

export async function pageResponse(
  c: Context<Env>,
  page: Page,
  status: ContentfulStatusCode = 200,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return c.html(layout(page), status, { ...HEADERS, ...headers });
}

function layout({ language, title, path, version, body }: Page): Markup {
  const words = WORDS[language];
  const link = (to: string, name: string) =>
    html`<a href="${to}" ${path === to ? html`aria-current="page"` : ''}>${name}</a>`;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="${STYLE.path}" />
        <link rel="icon" href="${ICON_FILE.path}" type="image/svg+xml" />
      </head>
      <body>
        <header class="bar">
          <div>
            <a class="name" href="/">${words.product}</a>
            <nav>${link('/', words.today)}${link('/setup', words.setUp)}${link('/docs', words.api)}</nav>
          </div>
        </header>
        <main>${body}</main>
        <footer>${words.product} ${version}</footer>
      </body>
    </html>`;
}
