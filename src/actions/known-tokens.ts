/** Tokens seen lately, so that a ping does not ask the store who is calling. Revoked elsewhere counts within a minute. */

import type { DeviceToken } from '../domain/tokens.ts';
import type { Deps } from './deps.ts';

const KEPT_MS = 60_000;
const MOST = 10_000;
const NOTE_USE_EVERY_MS = 60 * 60_000;

export class KnownTokens {
  readonly #deps: Pick<Deps, 'store' | 'clock' | 'log'>;
  readonly #entries = new Map<string, { readonly token: DeviceToken; readonly until: number }>();
  /** Counts what was forgotten: a look-up that began before must not bring it back. */
  #forgotten = 0;

  constructor(deps: Pick<Deps, 'store' | 'clock' | 'log'>) {
    this.#deps = deps;
  }

  /** What is remembered under a hash, without asking. */
  recall(hash: string): DeviceToken | null {
    const entry = this.#entries.get(hash);
    return entry !== undefined && entry.until > this.#deps.clock.now() ? entry.token : null;
  }

  /** The token under a hash if its owner still exists, revoked and expired ones too. */
  async find(hash: string): Promise<DeviceToken | null> {
    const known = this.recall(hash);
    if (known !== null) return known;
    const before = this.#forgotten;
    const { store, clock } = this.#deps;
    const token = await store.tokens.get(hash);
    if (token === null || (await store.forUser(token.owner).get('user', '')) === null) return null;
    if (before === this.#forgotten) this.#remember(hash, token);
    if (clock.now() - (token.lastUsedAt ?? 0) >= NOTE_USE_EVERY_MS) this.#noteUse(hash);
    return token;
  }

  /** What this process did to a user's tokens counts at once. */
  forget(owner: string): void {
    this.#forgotten += 1;
    for (const [hash, { token }] of this.#entries) if (token.owner === owner) this.#entries.delete(hash);
  }

  #remember(hash: string, token: DeviceToken): void {
    this.#entries.delete(hash);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= MOST && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(hash, { token, until: this.#deps.clock.now() + KEPT_MS });
  }

  /** Nobody waits for it: that a use could not be noted is no reason to refuse the event it came with. */
  #noteUse(hash: string): void {
    const { store, clock, log } = this.#deps;
    const now = clock.now();
    const change = (token: DeviceToken) =>
      now - (token.lastUsedAt ?? 0) >= NOTE_USE_EVERY_MS ? { ...token, lastUsedAt: now } : null;
    store.tokens.update(hash, change).catch((error: unknown) => {
      log.write('WARNING', 'The use of a token could not be noted', { error });
    });
  }
}
