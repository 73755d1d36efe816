/** Calls to the server with a time limit. What is given up on goes on by itself, and is kept in sight until it is over. */

import { setTimeout as pause } from 'node:timers/promises';
import { DEADLINE_EXCEEDED, Failure, failureOf } from './failures.ts';

export class Calls {
  readonly #pending = new Set<Promise<unknown>>();

  /** Whatever goes wrong, an answer that takes too long included, becomes a `Failure`. */
  async ask<T>(call: () => Promise<T>, limitMs: number): Promise<T> {
    try {
      return await this.within(call(), limitMs);
    } catch (error) {
      throw failureOf(error);
    }
  }

  async within<T>(answer: Promise<T>, limitMs: number): Promise<T> {
    this.#watch(answer);
    const answered = new AbortController();
    const tooLate = pause(limitMs, undefined, { signal: answered.signal }).then(
      () => Promise.reject(new Failure(DEADLINE_EXCEEDED, '')),
      () => new Promise<never>(() => {}),
    );
    try {
      return await Promise.race([answer, tooLate]);
    } finally {
      answered.abort();
    }
  }

  /** Resolves when every call is over, those that were given up on too. */
  async over(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  #watch(answer: Promise<unknown>): void {
    const forget = () => void this.#pending.delete(answer);
    this.#pending.add(answer);
    answer.then(forget, forget);
  }
}
