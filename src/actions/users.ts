/** Who has a logbook here: adding, finding and removing users. */

import { Problem } from '../domain/problem.ts';
import type { Settings } from '../domain/settings.ts';
import { isHeld, type User } from '../domain/users.ts';
import type { Store, Tx, Work } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import { forgetFailures } from './failed-sign-ins.ts';
import type { KnownTokens } from './known-tokens.ts';

const USERS_AT_ONCE = 200;

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
  if (known && isHeld(known, now)) throw new Moved();
  if (known) return known;
  if (deps.unknownUsers === 'refuse') throw new Problem('unauthenticated', 'This account does not exist any more.');
  const user = newUser(email, deps.newUser, now);
  tx.put('user', '', user);
  return user;
}

/** The logbook is between two addresses: a moment later one of them takes it. */
export class Moved extends Problem {
  constructor() {
    super('busy_try_again', 'This logbook is moving to another address. Please try again in a moment.');
  }
}

/** The document a user begins with. */
export function newUser(email: string, settings: Settings, now: number): User {
  return {
    email,
    settings,
    cars: [],
    locations: [],
    rules: [],
    subject: null,
    addedBy: 'command',
    createdAt: now,
    updatedAt: now,
  };
}

/** Adds a user. `false`: the address has a logbook already; from now on it stays, whoever `ALLOWED_USERS` names. */
export async function addUser(deps: Pick<Deps, 'store' | 'clock' | 'newUser'>, email: string): Promise<boolean> {
  const now = deps.clock.now();
  return deps.store.forUser(email).transact(function* (tx) {
    const known = yield* tx.get('user', '');
    if (known?.addedBy === 'sign_in') tx.put('user', '', { ...known, addedBy: 'command', updatedAt: now });
    if (known !== null) return false;
    tx.put('user', '', newUser(email, deps.newUser, now));
    return true;
  });
}

/** Every known address, in order. */
export async function* allUsers(store: Store): AsyncGenerator<string> {
  let after: string | undefined;
  for (;;) {
    const page = await store.users(USERS_AT_ONCE, after);
    yield* page;
    if (page.length < USERS_AT_ONCE) return;
    after = page.at(-1);
  }
}

/** Removes a user with everything of it. `false`: there is no such user. */
export async function removeUser(store: Store, known: KnownTokens | null, email: string): Promise<boolean> {
  const existed = (await store.forUser(email).get('user', '')) !== null;
  // First: with the user the store wipes out what lay where something was removed.
  await forgetFailures(store.system, email);
  await store.removeUser(email);
  known?.forget(email);
  return existed;
}
