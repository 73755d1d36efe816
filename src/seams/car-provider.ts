/**
 * A maker's service, or anything else that knows a car. Gets the world injected (fetch, clock, base addresses), reads no
 * environment and writes nothing: what it learns it answers, and the rest of the program keeps it.
 */

import type { RawAnswer } from '../domain/car-answers.ts';
import type { ConnectionSettings, Failure, ProviderId } from '../domain/connections.ts';
import type { PollPolicy } from '../domain/poll-policy.ts';

export interface CarProvider {
  readonly id: ProviderId;
  readonly policy: PollPolicy;
  /** The step of its odometer where the answer does not say better, in metres. */
  readonly resolutionMetres: number;
  /** Raw counter values that mean “unknown” with this maker, in its own unit. */
  readonly sentinels: readonly number[];
  /** Asks the car once. Absent: it cannot be asked, it tells. Never wakes a car. Throws only what is a bug. */
  readonly read?: (ask: Ask) => Promise<ProviderAnswer>;
}

export interface Ask {
  readonly settings: ConnectionSettings;
  readonly vehicleId: string | null;
  readonly now: number;
  /** Aborted when the time limit is over; whoever goes on asking wastes the maker's patience. */
  readonly signal: AbortSignal;
}

export type ProviderAnswer =
  | {
      readonly ok: true;
      readonly raw: RawAnswer;
      /** What has to be kept in place of the settings asked with, renewed tokens for one. */
      readonly renewed?: ConnectionSettings;
    }
  | { readonly ok: false; readonly failure: Failure };

/** Those this installation offers, by id. */
export type Providers = { readonly [P in ProviderId]: CarProvider };
