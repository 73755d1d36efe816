/** What the rows of the table share: how one looks, whose context it has, and what happened before. */

import type { TripEvent } from '../../../src/domain/events.ts';
import type { Context } from '../../../src/domain/machine/turn.ts';
import {
  ASKABLE,
  CAR_A,
  CAR_B,
  CLIENT,
  context,
  end,
  HOME,
  ping,
  reading,
  SCHOOL,
  start,
  tick,
} from '../../support/machine.ts';

export interface Row {
  readonly given: readonly TripEvent[];
  readonly when: TripEvent;
  /** The phase after it. */
  readonly phase: string;
  /** The answer; `+` behind it: marked as a duplicate. */
  readonly reply?: string | null;
  readonly trips?: readonly object[];
  readonly discards?: readonly string[];
  readonly waiting?: readonly string[];
  readonly rules?: Context;
}

export const two = context({ cars: [CAR_A, CAR_B] });
export const one = context({ cars: [CAR_A] });
export const askable = context({ cars: [ASKABLE] });
export const places = context({ locations: [HOME, SCHOOL, CLIENT] });
export const askablePlaces = context({ cars: [ASKABLE], locations: [HOME, SCHOOL, CLIENT] });

/** 08:00 to 08:30, 20 km, followed. */
export const drive = [start('08:00', { km: 0 }), ping('08:10', 6), ping('08:20', 13)];
export const driven = [...drive, end('08:30', { km: 20 })];
/** The car was seen to move, then to stand. */
export const standing = [
  reading('07:00', { odometer: 1_000, state: 'parked' }),
  start('08:00', { km: 0 }),
  reading('08:10', { odometer: 1_006, state: 'driving' }),
  reading('08:20', { odometer: 1_013, state: 'driving' }),
  reading('08:31', { odometer: 1_020, state: 'parked', km: 20 }),
  reading('08:34', { odometer: 1_020, state: 'parked', km: 20 }),
];
export const atSchool = [start('08:00', { km: 0 }), ping('08:05', 3), end('08:10', { km: 5 })];
export const wentStale = [...drive, tick('10:21')];
