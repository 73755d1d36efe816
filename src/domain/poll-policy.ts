/** How often a maker's cars are asked, and how long it is left alone when it does not answer. Pure. */

/** All spans in milliseconds. */
export interface PollPolicy {
  /** While a trip is on and the car drives. */
  readonly drivingMs: number;
  /** While a trip is on and the car stands. */
  readonly parkedMs: number;
  /** After it said nothing because it sleeps or cannot be reached; doubled twice. */
  readonly asleepMs: number;
  /** One call takes no longer. */
  readonly timeLimitMs: number;
  /** A state older than this is none. */
  readonly stateMaxAgeMs: number;
  /** Calls for all users of this installation; `null`: as many as one likes. */
  readonly callsPerDay: number | null;
  readonly callsPerMonth: number | null;
}
