/** What all cars of one maker share: whether it may be asked at all, and how often it was. */

/** Stored under `system/`. */
export interface ProviderState {
  /** Nobody's car is asked before; `null`: all is well. */
  readonly closedUntil: number | null;
  readonly reason: string | null;
  /** Calls of the current day and month in UTC: `YYYY-MM-DD`, `YYYY-MM`. */
  readonly day: Calls;
  readonly month: Calls;
}

export interface Calls {
  readonly name: string;
  readonly count: number;
}
