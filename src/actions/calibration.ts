/** Calibrating a logbook the phone measured by what the odometer says. The reading stays; the trips can be undone. */

import type { Actor } from '../domain/activity.ts';
import { applied, calibrationOf, isCalibrated, markBefore, type Mark } from '../domain/calibration.ts';
import { linksOf } from '../domain/odometer-chain.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import { unprocessable } from '../domain/problem.ts';
import type { UserStore } from '../seams/store.ts';
import { changeMany, type Done } from './acts.ts';
import type { UserDeps } from './deps.ts';
import { allOf } from './odometer-check.ts';
import { addReading } from './odometer-readings.ts';
import type { SaidReading } from './said.ts';

export interface Calibrating {
  readonly carId: string;
  readonly said: Omit<SaidReading, 'source'>;
  readonly by: Actor;
  readonly dryRun: boolean;
}

export interface CalibrationDone extends Done {
  /** `null`: a trial. */
  readonly reading: OdometerReading | null;
}

/**
 * Throws `unprocessable` where the reading cannot be spread: then nothing is kept of it. One that is not believed waits in
 * the review list, and no trip changes.
 */
export async function calibrate(deps: UserDeps, user: UserStore, calibrating: Calibrating): Promise<CalibrationDone> {
  const { carId, said, by, dryRun } = calibrating;
  if ((await user.get('car', carId)) === null) throw unprocessable('car_id', 'the id of one of your cars');
  const now = deps.clock.now();
  const to: Mark = { metres: said.odometerMetres ?? 0, at: said.at ?? now };
  const [readings, trips] = [await allOf(user, 'odometer_reading', carId), await allOf(user, 'trip', carId)];
  const from = markBefore(linksOf(readings, trips), to);
  if (from === null)
    throw unprocessable('odometer_km', 'a second value: the odometer of this car said nothing before it');
  const between = trips.filter((trip) => isCalibrated(trip, from, to));
  const plan = calibrationOf(between, from, to);
  const reading = dryRun ? null : await addReading(deps, user, carId, { ...said, at: to.at }, by);
  const planned = new Map(between.map((trip) => [trip.id, trip.distanceMetres]));
  const act = { cause: 'calibration', by, now, decides: true, measures: true, dryRun } as const;
  const ids = reading?.suspicious ? [] : plan.keys();
  const done = await changeMany(deps, user, act, ids, (trip, owner) => {
    const share = plan.get(trip.id);
    const isAsPlanned = planned.get(trip.id) === trip.distanceMetres && isCalibrated(trip, from, to);
    return share && isAsPlanned ? applied(trip, share, owner.settings.mixedBusinessShare) : null;
  });
  return { ...done, reading };
}
