/** Signing in with Google: there with a state, a nonce and PKCE, and back, once, in the same browser, within ten minutes. */

import { hash } from 'node:crypto';
import { Hono, type Context } from 'hono';
import type { Deps } from '../../actions/deps.ts';
import { admit } from '../../actions/sign-in.ts';
import { tokenHash } from '../../actions/tokens.ts';
import { SIGN_IN_MS, type SignIn } from '../../domain/sign-in.ts';
import type { SignInServer, VerifiedIdentity } from '../../seams/identity.ts';
import type { Env } from '../env.ts';
import type { Browsers } from '../front.ts';
import type { HttpOptions } from '../options.ts';
import { askToWait, Rate } from '../rate.ts';
import { dropCookie, readCookie, writeCookie } from './cookies.ts';
import { wasOneTooMany } from './failures.ts';
import { refusalPage, refuse } from './pages.ts';
import { ownPath } from './return-to.ts';
import { letIn } from './sessions.ts';
import type { Reason } from './words.ts';

const CALLBACK = '/oauth/google/callback';
/** Each one begun is kept for ten minutes, whoever asks. */
const MOST_BEGUN_PER_MINUTE = 60;
const SWEPT_AT_ONCE = 20;

export function googleRoutes(deps: Deps, options: HttpOptions, browsers: Browsers): Hono<Env> {
  const routes = new Hono<Env>();
  const begun = new Rate(MOST_BEGUN_PER_MINUTE);
  routes.get('/signin/google', async (c) => {
    const { publicUrl, identities } = options;
    if (options.auth === 'open') return refuse(c, options, 'open');
    if (identities.signIn === null || publicUrl === null) return refuse(c, options, 'not_configured');
    const waitSeconds = begun.count(browsers.clientOf(c), deps.clock.now());
    if (waitSeconds > 0) {
      askToWait(c, waitSeconds);
      return refuse(c, options, 'too_many');
    }
    return c.redirect(await begin(c, deps, identities.signIn, publicUrl), 302);
  });
  routes.get(CALLBACK, async (c) => {
    const finished = await finish(c, deps, options);
    dropCookie(c, 'signin', options.publicUrl);
    if (finished.ok) return letIn(c, deps, options, browsers, finished.identity.email, finished.returnTo);
    if (finished.reason === 'unreachable') return refusalPage(c, options, finished.reason);
    const isTooMany = await wasOneTooMany(c, deps.clock, browsers, finished.email);
    return refusalPage(c, options, isTooMany ? 'too_many' : finished.reason);
  });
  return routes;
}

async function begin(c: Context<Env>, deps: Deps, server: SignInServer, publicUrl: string): Promise<string> {
  const { ids, store, clock } = deps;
  const now = clock.now();
  // Several tabs of one browser may be signing in at once.
  const browser = readCookie(c, 'signin', publicUrl) ?? ids.secret();
  const [state, nonce, verifier] = [ids.secret(), ids.secret(), ids.secret()];
  const signIn: SignIn = {
    verifier,
    nonce,
    returnTo: ownPath(c.req.query('return_to')) ?? '/signin',
    browser: tokenHash(browser),
    expiresAt: now + SIGN_IN_MS,
  };
  await store.system.sweep(now, SWEPT_AT_ONCE);
  await store.system.update('signin', tokenHash(state), () => signIn);
  writeCookie(c, 'signin', browser, SIGN_IN_MS, publicUrl);
  c.header('cache-control', 'no-store');
  const challenge = hash('sha256', verifier, 'base64url');
  return server.addressFor({ state, nonce, challenge, redirectUri: publicUrl + CALLBACK });
}

type Finished =
  | { readonly ok: true; readonly identity: VerifiedIdentity; readonly returnTo: string }
  | { readonly ok: false; readonly reason: Reason; readonly email: string | null };

async function finish(c: Context<Env>, deps: Deps, options: HttpOptions): Promise<Finished> {
  const { identities, publicUrl } = options;
  if (options.auth === 'open' || identities.signIn === null || publicUrl === null) return failed('not_configured');
  const signIn = await signInOf(c, deps, publicUrl);
  if (signIn === null) return failed('not_finished');
  const code = c.req.query('code');
  if (code === undefined || c.req.query('error') !== undefined) return failed('declined');
  const redeemed = await identities.signIn.redeem(code, signIn.verifier, publicUrl + CALLBACK);
  if (!redeemed.ok) return told(deps, redeemed.why, redeemed.reason);
  const verdict = await identities.verify(redeemed.idToken, identities.clientId ?? '');
  if (!verdict.ok) return told(deps, verdict.why, verdict.reason);
  const { identity } = verdict;
  if (identity.nonce !== signIn.nonce) return told(deps, 'refused', 'its nonce is not ours');
  if (!(await admit(deps, options.allowedUsers, identity))) return failed('not_allowed', identity.email);
  return { ok: true, identity, returnTo: signIn.returnTo };
}

/** The sign-in this browser began; whatever comes of it, its state is used up. */
async function signInOf(c: Context<Env>, { store, clock }: Deps, publicUrl: string): Promise<SignIn | null> {
  const state = c.req.query('state');
  const browser = readCookie(c, 'signin', publicUrl);
  if (state === undefined || browser === null) return null;
  const signIn = await store.system.take('signin', tokenHash(state));
  if (signIn === null || signIn.expiresAt <= clock.now()) return null;
  return signIn.browser === tokenHash(browser) ? signIn : null;
}

function failed(reason: Reason, email: string | null = null): Finished {
  return { ok: false, reason, email };
}

function told({ log }: Deps, why: 'refused' | 'unreachable', reason: string): Finished {
  log.write('WARNING', 'A sign-in with Google failed', { reason });
  return failed(why === 'unreachable' ? 'unreachable' : 'declined');
}
