/** Letting people in, by a verified identity or by a link their operator made, and out again. */

import { isAdmitted, isAllowed, isSessionAlive, LINK_MS, SESSION_MS, type Identity } from '../domain/sign-in.ts';
import { isTokenAlive, SCOPES, type DeviceToken } from '../domain/tokens.ts';
import { normaliseAddress } from '../domain/users.ts';
import type { Deps } from './deps.ts';
import { takeEach } from './passes.ts';
import { tokenHash } from './tokens.ts';
import { newUser } from './users.ts';

/** Browsers of one person; more are a program that does not keep its cookie. */
const MOST_SESSIONS = 50;

/**
 * Whether somebody may come in. The first subject seen with an address is remembered, and another one is refused from
 * then on. Somebody whom only the configuration names gets a document now. `subject` is `null` for a link.
 */
export async function admit(
  deps: Pick<Deps, 'store' | 'clock' | 'newUser'>,
  allowedUsers: readonly string[],
  { email, subject }: Pick<Identity, 'email'> & { readonly subject: string | null },
): Promise<boolean> {
  if (normaliseAddress(email) !== email) return false;
  const now = deps.clock.now();
  return deps.store.forUser(email).transact(function* (tx) {
    const known = yield* tx.get('user', '');
    if (known === null && !isAllowed(email, allowedUsers)) return false;
    const user = known ?? { ...newUser(email, deps.newUser, now), addedBy: 'sign_in' as const };
    if (!isAdmitted(user, allowedUsers)) return false;
    if (subject !== null && user.subject !== null && user.subject !== subject) return false;
    const seen = { ...user, subject: subject ?? user.subject, updatedAt: now };
    if (known === null || seen.subject !== known.subject) tx.put('user', '', seen);
    return true;
  });
}

/** Makes a session; its secret leaves once, into the browser's cookie. */
export async function openSession(deps: Pick<Deps, 'store' | 'clock' | 'ids'>, owner: string): Promise<string> {
  const { sessions } = deps.store;
  const now = deps.clock.now();
  const alive = (await sessions.listOf(owner)).filter((session) => isSessionAlive(session, now));
  const spared = alive.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, MOST_SESSIONS - 1);
  await takeEach(sessions, owner, ({ id }) => !spared.some((session) => session.id === id));
  const secret = deps.ids.secret();
  const id = deps.ids.next('ses');
  await sessions.put(tokenHash(secret), passFor(owner, id, 'Web sign-in', now, now + SESSION_MS));
  return secret;
}

/** Ends every session of a user. Answers how many there were. */
export function closeSessions(deps: Pick<Deps, 'store'>, owner: string): Promise<number> {
  return takeEach(deps.store.sessions, owner, () => true);
}

/** Makes a link for somebody whose operator says so. Those of the same user that were not used in time go. */
export async function makeLink(deps: Pick<Deps, 'store' | 'clock' | 'ids'>, owner: string): Promise<string> {
  const { links } = deps.store;
  const now = deps.clock.now();
  await takeEach(links, owner, (link) => !isTokenAlive(link, now));
  const secret = deps.ids.secret();
  await links.put(tokenHash(secret), passFor(owner, deps.ids.next('lnk'), 'Sign-in link', now, now + LINK_MS));
  return secret;
}

/** Uses a link up and answers who it lets in; `null`: unknown, used, too old, or its user may not come in any more. */
export async function takeLink(
  deps: Pick<Deps, 'store' | 'clock' | 'newUser'>,
  allowedUsers: readonly string[],
  secret: string,
): Promise<string | null> {
  const link = await deps.store.links.take(tokenHash(secret));
  if (link === null || (link.expiresAt !== null && link.expiresAt <= deps.clock.now())) return null;
  return (await admit(deps, allowedUsers, { email: link.owner, subject: null })) ? link.owner : null;
}

function passFor(owner: string, id: string, label: string, now: number, expiresAt: number): DeviceToken {
  const never = { carId: null, revokedAt: null, lastUsedAt: null };
  return { id, owner, label, scopes: SCOPES, last4: '', createdAt: now, expiresAt, ...never };
}
