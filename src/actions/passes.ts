/** What once let somebody in, tokens, sessions and links: taking it out when it is over. */

import { isSessionAlive } from '../domain/sign-in.ts';
import { isForgettable, isTokenAlive, type DeviceToken } from '../domain/tokens.ts';
import type { Store, TokenStore } from '../seams/store.ts';

/** Everything of one user that ended; of tokens, what ended long ago. */
export async function forgetEnded(
  { tokens, sessions, links }: Pick<Store, 'tokens' | 'sessions' | 'links'>,
  owner: string,
  now: number,
): Promise<void> {
  await forgetTokens(tokens, owner, now);
  await takeEach(sessions, owner, (session) => !isSessionAlive(session, now));
  await takeEach(links, owner, (link) => !isTokenAlive(link, now));
}

export function forgetTokens(tokens: TokenStore, owner: string, now: number): Promise<number> {
  return takeEach(tokens, owner, (token) => isForgettable(token, now));
}

/** Answers how many there were. */
export async function takeEach(
  shelf: TokenStore,
  owner: string,
  isMeant: (pass: DeviceToken) => boolean,
): Promise<number> {
  const meant = (await shelf.listOf(owner)).filter(isMeant);
  for (const { id } of meant) {
    const hash = await shelf.hashOf(owner, id);
    if (hash !== null) await shelf.take(hash);
  }
  return meant.length;
}
