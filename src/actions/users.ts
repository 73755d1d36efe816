/** Who has a logbook here: adding, finding and removing users. */

import { Problem } from '../domain/problem.ts';
import type { Settings } from '../domain/settings.ts';
import type { User } from '../domain/users.ts';
import type { Tx, Work } from '../seams/store.ts';
import type { Deps } from './deps.ts';

/**
 * The user's own document. One nobody has seen yet is created where `unknownUsers` says so; else this throws
 * `Problem('unauthenticated')`, so that a transaction for a removed user writes nothing.
 */
export function* ensureUser(
  deps: Pick<Deps, 'newUser' | 'unknownUsers'>,
  tx: Tx,
  email: string,
  now: number,
): Work<User> {
  const known = yield* tx.get('user', '');
  if (known) return known;
  if (deps.unknownUsers === 'refuse') throw new Problem('unauthenticated', 'This account does not exist any more.');
  const user = newUser(email, deps.newUser, now);
  tx.put('user', '', user);
  return user;
}

function newUser(email: string, settings: Settings, now: number): User {
  return { email, settings, cars: [], locations: [], createdAt: now, updatedAt: now };
}
