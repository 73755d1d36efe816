/** Time and chance, from outside. */

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface Ids {
  /** A fresh id: a prefix, then 20 characters without look-alikes that sort by time. */
  next(prefix: 'trip' | 'evt' | 'car' | 'loc' | 'odo' | 'act' | 'rul' | 'tok' | 'ses' | 'lnk' | 'req'): string;
  /** The same id for the same text, for ever. */
  of(prefix: 'evt', text: string): string;
  /** A fresh device token: `mlg_`, ≥ 128 bits, and a checksum that catches copying errors. */
  token(): string;
  /** A fresh secret of 256 bits, 43 characters of base64url: for sessions, links, and what a sign-in sends along. */
  secret(): string;
}
