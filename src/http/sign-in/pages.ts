/** The pages of signing in, and how a refusal looks: a page to a browser, a problem to a program. */

import type { Context } from 'hono';
import { html } from 'hono/html';
import { Problem, type ProblemCode } from '../../domain/problem.ts';
import type { Env } from '../env.ts';
import { pageResponse, type Markup } from '../home/layout.ts';
import { preferredLanguage } from '../language.ts';
import type { HttpOptions } from '../options.ts';
import { PROBLEMS } from '../problems.ts';
import { SIGN_IN_WORDS, type Reason, type SignInWords } from './words.ts';

const CODES: Readonly<Record<Reason, ProblemCode>> = {
  not_configured: 'not_configured',
  open: 'not_configured',
  not_finished: 'invalid_request',
  declined: 'invalid_request',
  unreachable: 'busy_try_again',
  not_allowed: 'unauthenticated',
  link_used: 'unauthenticated',
  foreign_page: 'unauthenticated',
  too_many: 'rate_limited',
};

/** With `no-referrer` browsers send `Origin: null` with a form, and nothing could tell our forms from others'. */
const OWN_FORMS = { 'referrer-policy': 'same-origin' };

export function wantsPage(c: Context<Env>): boolean {
  return c.req.header('accept')?.includes('text/html') ?? false;
}

export function refusalPage(c: Context<Env>, options: HttpOptions, reason: Reason): Promise<Response> {
  const code = CODES[reason];
  c.set('outcome', code);
  const { status } = PROBLEMS[code];
  return page(
    c,
    options,
    status,
    (words) =>
      html`<section class="card">
        <h1>${words.failed}</h1>
        <p>${words.reasons[reason]}</p>
        <p><a href="/signin">${words.again}</a></p>
      </section>`,
  );
}

/** Throws where a program asks. */
export function refuse(c: Context<Env>, options: HttpOptions, reason: Reason): Promise<Response> {
  if (wantsPage(c)) return refusalPage(c, options, reason);
  throw new Problem(CODES[reason], SIGN_IN_WORDS.en.reasons[reason]);
}

export function signInPage(c: Context<Env>, options: HttpOptions, returnTo: string | null): Promise<Response> {
  if (options.auth === 'open') {
    return page(
      c,
      options,
      200,
      (words) =>
        html`<section class="card">
          <h1>${words.signIn}</h1>
          <p>${words.openNeedsNone}</p>
        </section>`,
    );
  }
  const query = returnTo === null ? '' : `?return_to=${encodeURIComponent(returnTo)}`;
  const isReady = options.identities.signIn !== null && options.publicUrl !== null;
  return page(
    c,
    options,
    200,
    (words) =>
      html`<section class="card">
          <h1>${words.signIn}</h1>
          ${
            isReady
              ? html`<p><a href="/signin/google${query}">${words.withGoogle}</a></p>`
              : html`<p class="muted">${words.noGoogle}</p>`
          }
        </section>
        <section class="card">
          <h2>${words.byLink}</h2>
          <p>${words.linkStep}</p>
          <pre tabindex="0"><code>npm run user -- link you@example.com</code></pre>
          <p class="muted small">${words.linkLives}</p>
        </section>`,
  );
}

export function signedInPage(c: Context<Env>, options: HttpOptions, user: string): Promise<Response> {
  return page(
    c,
    options,
    200,
    (words) =>
      html`<section class="card">
        <h1>${words.signedInAs} ${user}</h1>
        <div class="ask">
          ${button('/signout', words.signOut)}${button('/signout?everywhere=true', words.signOutEverywhere)}
        </div>
        <p class="muted small">${words.everywhereExplained}</p>
      </section>`,
  );
}

/** The same whatever the link is worth: looking at it says nothing and uses nothing up. */
export function linkPage(c: Context<Env>, options: HttpOptions): Promise<Response> {
  return page(
    c,
    options,
    200,
    (words) =>
      html`<section class="card">
        <h1>${words.linkReady}</h1>
        ${button('', words.signIn)}
        <p class="muted small">${words.linkExplained}</p>
      </section>`,
  );
}

/** `''`: back to where the page lies. */
function button(action: string, name: string): Markup {
  return html`<form method="post" ${action === '' ? '' : html`action="${action}"`}>
    <button class="button">${name}</button>
  </form>`;
}

function page(
  c: Context<Env>,
  { version }: HttpOptions,
  status: (typeof PROBLEMS)[ProblemCode]['status'] | 200,
  body: (words: SignInWords) => Markup,
): Promise<Response> {
  const language = preferredLanguage(c.req.header('accept-language')) ?? 'en';
  const words = SIGN_IN_WORDS[language];
  return pageResponse(
    c,
    { language, title: words.signIn, path: '/signin', version, body: body(words) },
    status,
    OWN_FORMS,
  );
}
