/** Which places a user might want to name. Nothing of it is kept: one that gets a name is suggested no more. */

import { Suggestions, type Suggestion } from '../domain/suggestions.ts';
import type { UserStore } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { rowsOf } from './pages.ts';

const LOOKED_BACK_MS = 400 * 24 * 3_600_000;

export async function suggestLocations(
  { clock, newUser }: Pick<UserDeps, 'clock' | 'newUser'>,
  user: UserStore,
): Promise<readonly Suggestion[]> {
  const owner = await user.get('user', '');
  const context = { locations: owner?.locations ?? [], settings: owner?.settings ?? newUser };
  const suggestions = new Suggestions(context);
  const from = clock.now() - LOOKED_BACK_MS;
  for await (const { doc } of rowsOf(user, 'trip', { order: 'asc', from })) suggestions.add(doc);
  return suggestions.all();
}
