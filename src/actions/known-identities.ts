/** Who came with an ID token lately, so that not every request asks the store whether the person may come in. */

import type { Identity } from '../domain/sign-in.ts';
import type { Identities, Refused } from '../seams/identity.ts';
import type { Deps } from './deps.ts';
import { admit } from './sign-in.ts';
import { tokenHash } from './tokens.ts';

const KEPT_MS = 60_000;
const MOST = 1_000;

interface Known {
  readonly identity: Identity;
  readonly until: number;
}

export type Found = { readonly ok: true; readonly identity: Identity } | Refused;

export class KnownIdentities {
  readonly #deps: Pick<Deps, 'store' | 'clock' | 'newUser'>;
  readonly #identities: Identities;
  readonly #allowedUsers: readonly string[];
  readonly #entries = new Map<string, Known>();
  /** As in `KnownTokens`: a look-up that began before must not bring back what was forgotten. */
  #forgotten = 0;

  constructor(
    deps: Pick<Deps, 'store' | 'clock' | 'newUser'>,
    identities: Identities,
    allowedUsers: readonly string[],
  ) {
    this.#deps = deps;
    this.#identities = identities;
    this.#allowedUsers = allowedUsers;
  }

  /** Who a token speaks of, if it is genuine and the person may come in. */
  async find(token: string): Promise<Found> {
    const { clock } = this.#deps;
    const key = tokenHash(token);
    const known = this.#entries.get(key);
    if (known !== undefined && clock.now() < known.until) return { ok: true, identity: known.identity };
    const before = this.#forgotten;
    const verdict = await this.#identities.verify(token, this.#identities.clientId ?? '');
    if (!verdict.ok) return verdict;
    const { identity } = verdict;
    if (!(await admit(this.#deps, this.#allowedUsers, identity))) {
      return { ok: false, why: 'refused', reason: 'its address may not come in' };
    }
    const until = Math.min(clock.now() + KEPT_MS, identity.expiresAt);
    if (before === this.#forgotten) this.#remember(key, { identity, until });
    return { ok: true, identity };
  }

  forget(owner: string): void {
    this.#forgotten += 1;
    for (const [key, { identity }] of this.#entries) if (identity.email === owner) this.#entries.delete(key);
  }

  #remember(key: string, known: Known): void {
    this.#entries.delete(key);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= MOST && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(key, known);
  }
}
