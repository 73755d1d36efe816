/** Sealing everything anew with the first key. Safe to stop, to repeat, and beside a running service. */

import type { Secret } from '../domain/secrets.ts';
import { UnreadableDocument } from '../seams/store-errors.ts';
import type { Store, UserStore } from '../seams/store.ts';
import { UnreadableSecret, type Vault } from '../seams/vault.ts';
import { secretOwner } from './connection-docs.ts';
import { allUsers } from './users.ts';

const SECRETS_AT_ONCE = 100;

export interface Rekeyed {
  readonly email: string;
  readonly id: string;
  readonly outcome: 'rewritten' | 'current' | 'unreadable';
  /** Of what is unreadable, why. */
  readonly why?: string;
}

/** Each secret there is, as it is dealt with. Of a user with a damaged one the rest is left as it is. */
export async function* rekey(store: Store, vault: Vault): AsyncGenerator<Rekeyed> {
  for await (const email of allUsers(store)) {
    try {
      yield* rekeyUser(store.forUser(email), vault);
    } catch (error) {
      if (!(error instanceof UnreadableDocument)) throw error;
      yield { email, id: 'secrets', outcome: 'unreadable', why: error.message };
    }
  }
}

async function* rekeyUser(user: UserStore, vault: Vault): AsyncGenerator<Rekeyed> {
  let page = await user.list('secret', { order: 'asc', limit: SECRETS_AT_ONCE });
  while (page.length > 0) {
    for (const { id, doc } of page) {
      const done = await rekeyOne(user, vault, id, doc);
      if (done) yield { email: user.email, id, ...done };
    }
    const last = page.at(-1);
    page = last ? await user.list('secret', { order: 'asc', limit: SECRETS_AT_ONCE, after: last }) : [];
  }
}

/** `null`: it is gone meanwhile. What was replaced meanwhile is looked at again. */
async function rekeyOne(
  user: UserStore,
  vault: Vault,
  id: string,
  known: Secret,
): Promise<Pick<Rekeyed, 'outcome' | 'why'> | null> {
  let secret: Secret | null = known;
  while (secret !== null && !vault.isCurrent(secret.sealed)) {
    const before: Secret = secret;
    const after = resealed(vault, secretOwner(user.email, id), before);
    if (typeof after === 'string') return { outcome: 'unreadable', why: after };
    secret = await user.transact(function* (tx) {
      const now = yield* tx.get('secret', id);
      if (now?.sealed.text !== before.sealed.text) return now;
      tx.put('secret', id, after);
      return after;
    });
    if (secret === after) return { outcome: 'rewritten' };
  }
  return secret && { outcome: 'current' };
}

/** As old as before: it says the same. Or why it cannot be opened. */
function resealed(vault: Vault, owner: string, secret: Secret): Secret | string {
  try {
    return { ...secret, sealed: vault.seal(vault.open(secret.sealed, owner), owner) };
  } catch (error) {
    if (error instanceof UnreadableSecret) return error.message;
    throw error;
  }
}
