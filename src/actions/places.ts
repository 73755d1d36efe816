/** Searching for an address, when somebody asks for it; in turn with what is looked up in the background. */

import type { Position } from '../domain/geo.ts';
import { Problem } from '../domain/problem.ts';
import type { FoundPlace } from '../seams/geocoder.ts';
import type { UserStore } from '../seams/store.ts';
import type { SharedDeps } from './deps.ts';
import { callService, type CallDeps } from './service-calls.ts';

/** How long somebody waits for his turn. */
const PATIENCE_MS = 5_000;

export type PlaceSearch =
  | { readonly kind: 'found'; readonly places: readonly FoundPlace[] }
  /** Others are asking. */
  | { readonly kind: 'too_many'; readonly retryAt: number };

/** In the user's language. Throws `not_configured`, and `busy_try_again` where the service does not answer as it should. */
export async function searchPlaces(
  deps: CallDeps & Pick<SharedDeps, 'newUser'>,
  user: UserStore,
  text: string,
  near: Position | null,
): Promise<PlaceSearch> {
  const { geocoder } = deps.services;
  if (geocoder === null)
    throw new Problem('not_configured', 'This server looks up no addresses: GEOCODER_URL is not set.');
  const { language } = (await user.get('user', ''))?.settings ?? deps.newUser;
  const called = { kind: 'geocoder', id: geocoder.id } as const;
  const latest = deps.clock.now() + PATIENCE_MS;
  const answer = await callService(deps, called, latest, (signal) => geocoder.search(text, language, near, signal));
  if (answer.kind === 'answer') return { kind: 'found', places: answer.value };
  if (answer.kind === 'late') return { kind: 'too_many', retryAt: answer.at };
  throw new Problem(
    'busy_try_again',
    'The service that knows addresses does not answer just now. Please try again later.',
  );
}
