/** Time and chance, from outside. */

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface Ids {
  /** A fresh id: a prefix, then 20 characters without look-alikes that sort by time. */
  next(prefix: 'trip' | 'evt' | 'car' | 'loc' | 'odo' | 'act' | 'tok' | 'req'): string;
  /** The same id for the same text, for ever. */
  of(prefix: 'evt', text: string): string;
  /** A fresh device token: `mlg_`, ≥ 128 bits, and a checksum that catches copying errors. */
  token(): string;
}
