/** When each connected car of a user is to be asked, and what came of it last. Plain values only: it is stored as it is. */

/** Stored as `cache/polls`. */
export interface Polls {
  readonly cars: Readonly<Record<string, CarPoll>>;
  /** When the first of the cars that are wanted is to be asked. */
  readonly dueAt: number | null;
}

export interface CarPoll {
  /** Not before; backing off included. */
  readonly nextAt: number;
  /** Who is asking it right now, and until when nobody else does. */
  readonly lease: { readonly id: string; readonly until: number } | null;
  /** Failures in a row. */
  readonly failures: number;
  readonly askedAt: number;
}
