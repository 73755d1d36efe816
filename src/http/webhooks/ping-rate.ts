/** How many pings a token may send per minute. Costs one look-up, whatever the number of tokens. */

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

export class PingRate {
  readonly #mostPerMinute: number;
  #minute = 0;
  #counts = new Map<string, number>();

  /** `0`: any number. */
  constructor(mostPerMinute: number) {
    this.#mostPerMinute = mostPerMinute;
  }

  /** Counts a ping. Whole seconds until the next may come, 0: this one may. */
  count(tokenId: string, now: number): number {
    if (this.#mostPerMinute === 0) return 0;
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#counts = new Map();
    }
    const sent = this.#counts.get(tokenId) ?? 0;
    if (sent >= this.#mostPerMinute) return Math.ceil(((minute + 1) * MINUTE_MS - now) / SECOND_MS);
    this.#counts.set(tokenId, sent + 1);
    return 0;
  }
}
