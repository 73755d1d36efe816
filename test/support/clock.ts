/** A clock that stands still until it is told to move. */

import type { Clock } from '../../src/seams/clock.ts';

export class VirtualClock implements Clock {
  #now: number;

  constructor(start: string | number) {
    this.#now = new Date(start).getTime();
  }

  now(): number {
    return this.#now;
  }

  set(at: string | number): void {
    this.#now = new Date(at).getTime();
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
