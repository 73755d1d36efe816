/** `/signin`, its links, and `/signout`. What a browser needs to be known here, and nothing of the logbook. */

import { Hono, type Context } from 'hono';
import type { Deps } from '../../actions/deps.ts';
import { takeLink } from '../../actions/sign-in.ts';
import { Problem } from '../../domain/problem.ts';
import type { Env } from '../env.ts';
import type { Browsers, Front } from '../front.ts';
import { isFromOurPage, isNoBrowser } from '../origins.ts';
import type { HttpOptions } from '../options.ts';
import { parametersOf } from '../query.ts';
import { wasOneTooMany } from './failures.ts';
import { googleRoutes } from './google.ts';
import { linkPage, refuse, signedInPage, signInPage, wantsPage } from './pages.ts';
import { ownPath } from './return-to.ts';
import { endAllSessions, endSession, letIn } from './sessions.ts';

export function signInRoutes(deps: Deps, options: HttpOptions, { browsers, find }: Front): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/signin', async (c) => {
    const caller = options.auth === 'open' ? null : await browsers.session(c);
    if (caller !== null) return signedInPage(c, options, caller.user);
    return signInPage(c, options, ownPath(c.req.query('return_to')));
  });
  routes.get('/signin/link/:token', (c) => linkPage(c, options));
  routes.post('/signin/link/:token', (c) => followLink(c, deps, options, browsers));
  routes.post('/signout', async (c) => {
    const isPage = wantsPage(c);
    if (isPage && !isFromOurPage(c, options.publicUrl)) return refuse(c, options, 'foreign_page');
    const ended = await signOut(c, deps, options, browsers, find);
    return isPage ? c.redirect('/signin', 303) : c.json({ ok: true, sessions_ended: ended });
  });
  routes.route('/', googleRoutes(deps, options, browsers));
  return routes;
}

async function followLink(c: Context<Env>, deps: Deps, options: HttpOptions, browsers: Browsers): Promise<Response> {
  if (options.auth === 'open') return refuse(c, options, 'open');
  // Else a page elsewhere could sign somebody in as somebody else, unnoticed.
  if (!isNoBrowser(c) && !isFromOurPage(c, options.publicUrl)) return refuse(c, options, 'foreign_page');
  const user = await takeLink(deps, options.allowedUsers, c.req.param('token') ?? '');
  if (user !== null) return letIn(c, deps, options, browsers, user, '/signin');
  const isTooMany = await wasOneTooMany(c, deps.clock, browsers, null);
  return refuse(c, options, isTooMany ? 'too_many' : 'link_used');
}

/** A page that is signed out already may say so again; a program must prove who it is. */
async function signOut(
  c: Context<Env>,
  deps: Deps,
  options: HttpOptions,
  browsers: Browsers,
  find: Front['find'],
): Promise<number> {
  if (options.auth === 'open') return 0;
  const everywhere = everywhereIn(c);
  if (wantsPage(c) && (await browsers.session(c)) === null) return endSession(c, deps, options, browsers);
  const caller = await find(c);
  if (!caller.scopes.includes('account')) {
    throw new Problem('insufficient_scope', `This token lacks the scope account. It may: ${caller.scopes.join(', ')}.`);
  }
  c.set('caller', caller);
  const here = await endSession(c, deps, options, browsers);
  return everywhere ? here + (await endAllSessions(deps, browsers, caller.user)) : here;
}

function everywhereIn(c: Context<Env>): boolean {
  const { everywhere = 'false' } = parametersOf(c);
  if (everywhere === 'true' || everywhere === 'false') return everywhere === 'true';
  throw new Problem('invalid_request', 'everywhere must be true or false, once.', [
    { field: 'everywhere', message: 'true or false, once' },
  ]);
}
