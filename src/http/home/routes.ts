/** `/` and `/setup`. In open mode `/` also shows the logbook that is asked for, in `required` nobody's. */

import { Hono, type Context } from 'hono';
import { html } from 'hono/html';
import type { Deps } from '../../actions/deps.ts';
import { Problem } from '../../domain/problem.ts';
import type { Language } from '../../domain/settings.ts';
import type { User } from '../../domain/users.ts';
import { claimedUser } from '../claims.ts';
import type { Env } from '../env.ts';
import { preferredLanguage } from '../language.ts';
import type { HttpOptions } from '../options.ts';
import { pageResponse, type Markup, type Page } from './layout.ts';
import { logbook } from './logbook.ts';
import { firstDrive, phoneSteps, type SetUp } from './set-up.ts';
import { WORDS, type Words } from './words.ts';

const USERS_SHOWN = 10;
const SOMEBODY = 'you@example.com';
export const LOCALES = { en: 'en-GB', nl: 'nl' } as const;

export function homeRoutes(deps: Deps, options: HttpOptions): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/', async (c) => {
    const visit = await visitOf(c, deps, options);
    const columns = html`<div class="columns">
      <div>${await left(visit, deps, options)}</div>
      <div>${firstDrive(setUpOf(c, deps, options, visit))}</div>
    </div>`;
    return pageResponse(c, page('/', visit, options, columns), visit.wrong === null ? 200 : 400);
  });
  routes.get('/setup', async (c) => {
    const visit = await visitOf(c, deps, options);
    const setUp = setUpOf(c, deps, options, visit);
    const columns = html`<h1>${visit.words.setUp}</h1>
      <div class="columns">
        <div>${firstDrive(setUp)}</div>
        <div>${phoneSteps(setUp)}</div>
      </div>`;
    return pageResponse(c, page('/setup', visit, options, columns), visit.wrong === null ? 200 : 400);
  });
  return routes;
}

/** Who looks, as far as open mode lets anybody say so. */
interface Visit {
  readonly email: string | null;
  readonly user: User | null;
  readonly wrong: Problem | null;
  readonly language: Language;
  readonly words: Words;
}

async function visitOf(c: Context<Env>, deps: Deps, options: HttpOptions): Promise<Visit> {
  const { email, wrong } = options.auth === 'open' ? claimOf(c, options) : { email: null, wrong: null };
  const user = email === null ? null : await deps.store.forUser(email).get('user', '');
  const language = languageOf(c, user, deps.newUser.language);
  return { email, user, wrong, language, words: WORDS[language] };
}

function claimOf(c: Context<Env>, options: HttpOptions): Pick<Visit, 'email' | 'wrong'> {
  try {
    return { email: claimedUser(c, null) ?? options.defaultUser, wrong: null };
  } catch (error) {
    if (error instanceof Problem) return { email: null, wrong: error };
    throw error;
  }
}

/** A language somebody chose counts more than the browser's; one nobody chose, less. */
export function languageOf(c: Context<Env>, user: User | null, everybodys: Language): Language {
  const chosen = user?.settings.language;
  if (chosen !== undefined && chosen !== everybodys) return chosen;
  return preferredLanguage(c.req.header('accept-language')) ?? everybodys;
}

function page(path: '/' | '/setup', { language, words }: Visit, { version }: HttpOptions, body: Markup): Page {
  return { language, title: path === '/' ? words.product : `${words.setUp} · ${words.product}`, path, version, body };
}

function setUpOf(c: Context<Env>, deps: Deps, options: HttpOptions, { words, email }: Visit): SetUp {
  const address = options.publicUrl ?? new URL(c.req.url).origin;
  const user = options.auth === 'open' ? (email ?? SOMEBODY) : null;
  return { words, address, user, now: deps.clock.now() };
}

async function left(visit: Visit, deps: Deps, options: HttpOptions): Promise<Markup> {
  const facts = await state(visit.words, deps, options);
  if (options.auth === 'required') return facts;
  const { email, user, words, language } = visit;
  const known = await deps.store.users(USERS_SHOWN);
  if (email === null) return html`${ask(visit, known)}${facts}`;
  const settings = user?.settings ?? deps.newUser;
  const reader = { words, locale: LOCALES[language], settings, now: deps.clock.now() };
  return html`<h1>${words.logbook} ${email}</h1>
    ${await logbook(deps.store.forUser(email), reader)}${facts}`;
}

function ask({ words, wrong }: Visit, known: readonly string[]): Markup {
  const links = known.map((email) => html`<li><a href="/?user=${encodeURIComponent(email)}">${email}</a></li>`);
  return html`<section class="card">
    <h1>${words.whose}</h1>
    ${wrong === null ? '' : html`<p class="bad" role="alert">${words.noAddress}</p>`}
    <form class="ask" action="/" method="get">
      <label for="user">${words.email}</label>
      <input id="user" name="user" type="email" autocomplete="email" required placeholder="${SOMEBODY}" />
      <button class="button">${words.show}</button>
    </form>
    ${
      links.length === 0
        ? ''
        : html`<p class="muted small">${words.known}</p>
            <ul class="links">
              ${links}
            </ul>`
    }
  </section>`;
}

async function state(words: Words, deps: Deps, options: HttpOptions): Promise<Markup> {
  const works = await deps.store.check().then(
    () => true,
    () => false,
  );
  const isOpen = options.auth === 'open';
  return html`<section class="card">
    <dl class="facts">
      <div>
        <dt>${words.version}</dt>
        <dd>${options.version}</dd>
      </div>
      <div>
        <dt>${words.store}</dt>
        <dd>
          ${isOpen ? `${options.storeName} · ` : ''}${works ? words.storeWorks : html`<span class="bad">${words.storeFails}</span>`}
        </dd>
      </div>
      <div>
        <dt>${words.access}</dt>
        <dd>${isOpen ? words.open : words.required}</dd>
      </div>
    </dl>
    <p class="muted small">${isOpen ? words.openExplained : words.requiredExplained}</p>
    ${isOpen ? '' : html`<p><a href="/signin">${words.signIn}</a></p>`}
  </section>`;
}
