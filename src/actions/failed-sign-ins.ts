/**
 * Counts sign-ins that failed, per client and per address, in the store: so that it holds across instances. Ask only after
 * one has failed: a valid credential is never refused for the failures of others.
 */

import { areTooMany, failedAgain } from '../domain/sign-in.ts';
import type { SystemStore } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import { tokenHash } from './tokens.ts';

const SWEPT_AT_ONCE = 20;
const MOST_KEPT = 10_000;

export class FailedSignIns {
  readonly #deps: Pick<Deps, 'store' | 'clock' | 'log'>;
  /** Who is over the limit, until when: counting on would only cost writes. */
  readonly #over = new Map<string, number>();

  constructor(deps: Pick<Deps, 'store' | 'clock' | 'log'>) {
    this.#deps = deps;
  }

  /** Notes one failure. Answers until when more are refused, `null`: not yet. */
  async note(client: string, email: string | null): Promise<number | null> {
    const keys = [clientKey(client), ...(email === null ? [] : [addressKey(email)])];
    const ends = await Promise.all(keys.map((key) => this.#count(key)));
    return ends.reduce((latest, end) => (end !== null && end > (latest ?? 0) ? end : latest), null);
  }

  async #count(key: string): Promise<number | null> {
    const { store, clock, log } = this.#deps;
    const now = clock.now();
    const known = this.#over.get(key);
    if (known !== undefined && now < known) return known;
    try {
      await store.system.sweep(now, SWEPT_AT_ONCE);
      const failures = await store.system.update('failures', key, (before) => failedAgain(before, now));
      if (failures === null || !areTooMany(failures)) return null;
      if (this.#over.size >= MOST_KEPT) this.#over.clear();
      this.#over.set(key, failures.expiresAt);
      return failures.expiresAt;
    } catch (error) {
      // It was refused anyway; that it could not be counted must not make it something else.
      log.write('WARNING', 'A failed sign-in could not be counted', { error });
      return null;
    }
  }
}

/** What was counted for an address goes with its user. */
export async function forgetFailures(system: SystemStore, email: string): Promise<void> {
  await system.take('failures', addressKey(email));
}

function clientKey(client: string): string {
  return `client-${tokenHash(client)}`;
}

function addressKey(email: string): string {
  return `user-${tokenHash(email)}`;
}
