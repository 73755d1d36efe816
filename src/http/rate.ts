/** How often somebody may do something per minute, as this process saw it. Costs one look-up, however many there are. */

import type { Context } from 'hono';
import type { Env } from './env.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

export class Rate {
  readonly #mostPerMinute: number;
  #minute = 0;
  #counts = new Map<string, number>();

  /** `0`: any number. */
  constructor(mostPerMinute: number) {
    this.#mostPerMinute = mostPerMinute;
  }

  /** Counts one. Whole seconds until the next may come, 0: this one may. */
  count(who: string, now: number): number {
    if (this.#mostPerMinute === 0) return 0;
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#counts = new Map();
    }
    const done = this.#counts.get(who) ?? 0;
    if (done >= this.#mostPerMinute) return secondsUntil((minute + 1) * MINUTE_MS, now);
    this.#counts.set(who, done + 1);
    return 0;
  }
}

/** Whole seconds, after which it is no longer too early. */
export function secondsUntil(until: number, now: number): number {
  return Math.ceil((until - now) / SECOND_MS);
}

/** Puts into the answer when to come back. */
export function askToWait(c: Context<Env>, waitSeconds: number): void {
  c.header('retry-after', String(waitSeconds));
}
