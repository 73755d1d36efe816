/** How a car of a user is reached: what the user gave, and how well it goes. */

import type { Position } from './geo.ts';

/** What a user gives to connect a car. All of it is kept encrypted: an address or an entity's name is nobody's business. */
export type ConnectionSettings = PushSettings | SimulatorSettings;
export type ProviderId = ConnectionSettings['provider'];

/** The car, or a program beside it, tells of itself; it is never asked. */
export interface PushSettings {
  readonly provider: 'push';
}

/** A car that exists on paper only: what it does follows from the time alone. */
export interface SimulatorSettings {
  readonly provider: 'simulator';
  readonly odometerMetres: number;
  /** Where it stands before its first drive. */
  readonly parkedAt: Position;
  readonly drives: readonly SimulatedDrive[];
  /** The step of its odometer. */
  readonly resolutionMetres: number;
  /** How long what it reports is behind. */
  readonly lagMs: number;
  /** After standing for so long it no longer answers; `null`: it never sleeps. */
  readonly sleepsAfterMs: number | null;
  readonly fault: SimulatedFault;
  /** How much of all answers the fault spoils, 0 … 1; which of them follows from the time. */
  readonly faultShare: number;
  /** Whether it says when it knew what it says. */
  readonly observes: boolean;
  /** How long an answer takes. */
  readonly answersAfterMs: number;
}

export interface SimulatedDrive {
  readonly startsAt: number;
  readonly durationMs: number;
  readonly distanceMetres: number;
  readonly to: Position;
}

export const SIMULATED_FAULTS = [
  'none',
  'unavailable',
  'rate_limited',
  'auth_expired',
  'protocol',
  'silent',
  'no_position',
  'wrong_unit',
] as const;
export type SimulatedFault = (typeof SIMULATED_FAULTS)[number];

/** Lies in the car's document; never holds what the user gave. */
export interface Connection {
  readonly provider: ProviderId;
  /** The maker's name for the car, where it has several of one account. */
  readonly vehicleId: string | null;
  /** `secrets/{id}`; `null`: there is nothing to keep. */
  readonly secretId: string | null;
  readonly connectedAt: number;
}

/** How well it goes, from the latest answers. */
export interface ConnectionHealth {
  readonly state: 'ok' | 'failing' | 'relink_required';
  readonly lastReadAt: number | null;
  /** What went wrong last; `null`: nothing since the last answer. */
  readonly error: FailureCode | null;
}

/** Why a car gave no answer (`facts`: typed with a scope, so that one car's trouble is not everybody's). */
export const FAILURE_CODES = [
  'asleep',
  'unavailable',
  'not_capable',
  'auth_expired',
  'permission_missing',
  'rate_limited',
  'quota_exhausted',
  'vehicle_gone',
  'transient',
  'protocol',
  'configuration',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** Whom else it concerns: the car alone, all cars of the account, all users of this installation, everybody. */
export type FailureScope = 'vehicle' | 'account' | 'application' | 'provider';

export interface Failure {
  readonly code: FailureCode;
  readonly scope: FailureScope;
  /** When the maker allows the next call; `null`: it did not say. */
  readonly retryAt: number | null;
  /** One sentence without secrets, positions or ids: it is logged and shown. */
  readonly message: string;
}

/** Only the user can help: the car is not asked any more until he did. */
export const WANTS_THE_USER: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'auth_expired',
  'permission_missing',
  'vehicle_gone',
]);
