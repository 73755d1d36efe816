/** Tokens or sessions seen lately, so that a ping does not ask the store who is calling. Revoked elsewhere counts within a minute. */

import { isAdmitted } from '../domain/sign-in.ts';
import type { DeviceToken } from '../domain/tokens.ts';
import type { Deps } from './deps.ts';

const KEPT_MS = 60_000;
const MOST = 10_000;
const NOTE_USE_EVERY_MS = 60 * 60_000;

/** One look at the store: a new object each time, so that what is derived from it can live as long as it. */
export interface KnownToken {
  readonly token: DeviceToken;
  readonly foundAt: number;
}

export class KnownTokens {
  readonly #deps: Pick<Deps, 'store' | 'clock' | 'log'>;
  readonly #shelf: 'tokens' | 'sessions';
  readonly #allowedUsers: readonly string[];
  readonly #entries = new Map<string, KnownToken>();
  readonly #forgetToo: ((owner: string) => void)[] = [];
  /** Counts what was forgotten: a look-up that began before must not bring it back. */
  #forgotten = 0;

  constructor(
    deps: Pick<Deps, 'store' | 'clock' | 'log'>,
    shelf: 'tokens' | 'sessions' = 'tokens',
    allowedUsers: readonly string[] = [],
  ) {
    this.#deps = deps;
    this.#shelf = shelf;
    this.#allowedUsers = allowedUsers;
  }

  /** What is remembered under a hash, without asking. */
  recall(hash: string): KnownToken | null {
    const known = this.#entries.get(hash);
    return known !== undefined && this.#deps.clock.now() < known.foundAt + KEPT_MS ? known : null;
  }

  /** The token under a hash if its owner still exists and may come in, revoked and expired ones too. */
  async find(hash: string): Promise<KnownToken | null> {
    const before = this.#forgotten;
    const { store, clock } = this.#deps;
    const foundAt = clock.now();
    const token = await store[this.#shelf].get(hash);
    const owner = token && (await store.forUser(token.owner).get('user', ''));
    if (token === null || owner === null || !isAdmitted(owner, this.#allowedUsers)) return null;
    const known = { token, foundAt };
    if (before === this.#forgotten) this.#remember(hash, known);
    if (foundAt - (token.lastUsedAt ?? 0) >= NOTE_USE_EVERY_MS) this.#noteUse(hash);
    return known;
  }

  /** What this process did to a user's tokens counts at once. */
  forget(owner: string): void {
    this.#forgotten += 1;
    for (const [hash, { token }] of this.#entries) if (token.owner === owner) this.#entries.delete(hash);
    for (const forget of this.#forgetToo) forget(owner);
  }

  /** What else is remembered of a user's credentials goes whenever this does. */
  forgetWith(forget: (owner: string) => void): void {
    this.#forgetToo.push(forget);
  }

  #remember(hash: string, known: KnownToken): void {
    this.#entries.delete(hash);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= MOST && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(hash, known);
  }

  /** Nobody waits for it: that a use could not be noted is no reason to refuse the event it came with. */
  #noteUse(hash: string): void {
    const { store, clock, log } = this.#deps;
    const now = clock.now();
    const change = (token: DeviceToken) => ({ ...token, lastUsedAt: now });
    store[this.#shelf].update(hash, change).catch((error: unknown) => {
      log.write('WARNING', 'The use of a token could not be noted', { error });
    });
  }
}
