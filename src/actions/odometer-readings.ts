/** Odometer values a person or a device gives for a car. What they mean for trips is the rules' business. */

import type { Actor } from '../domain/activity.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import { Problem, unprocessable } from '../domain/problem.ts';
import { LIMITS } from '../domain/settings.ts';
import type { UserStore } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { pageOf, type Page, type PageQuery } from './pages.ts';
import { recordReading, removeReading } from './readings.ts';
import type { SaidReading } from './said.ts';

export interface ReadingQuery extends PageQuery {
  readonly carId: string | null;
}

/** Newest first. */
export function listReadings(user: UserStore, query: ReadingQuery): Promise<Page<OdometerReading>> {
  const where = query.carId === null ? {} : { carId: query.carId };
  return pageOf(user, 'odometer_reading', { order: 'desc', where }, query);
}

export async function findReading(user: UserStore, id: string): Promise<OdometerReading> {
  return (await user.get('odometer_reading', id)) ?? missing('odometer reading');
}

/** What a person read from the dashboard: now, unless he says when. */
export async function addReading(
  deps: UserDeps,
  user: UserStore,
  carId: string,
  said: Omit<SaidReading, 'source'>,
  by: Actor,
): Promise<OdometerReading> {
  const car = await user.get('car', carId);
  if (!car) throw unprocessable('car_id', 'the id of one of your cars');
  const at = said.at ?? deps.clock.now();
  refuseFuture(deps, at);
  const reading = await recordReading(deps, user, carId, { ...said, at, source: 'manual' }, by);
  return reading ?? missing('odometer reading');
}

/** What a car's own device pushes; `null` when it held no odometer value. */
export async function pushReading(
  deps: UserDeps,
  user: UserStore,
  carId: string,
  said: Omit<SaidReading, 'source'>,
): Promise<OdometerReading | null> {
  const car = await user.get('car', carId);
  if (!car) return missing('car');
  refuseFuture(deps, said.at);
  return recordReading(deps, user, carId, { ...said, source: 'push' });
}

export async function deleteReading(deps: UserDeps, user: UserStore, id: string, by: Actor): Promise<void> {
  if (!(await removeReading(deps, user, id, by))) missing('odometer reading');
}

function refuseFuture({ clock }: Pick<UserDeps, 'clock'>, at: number | null): void {
  if (at === null || at <= clock.now() + LIMITS.futureMs) return;
  throw unprocessable('at', 'an instant that is not in the future');
}

function missing(noun: string): never {
  throw new Problem('not_found', `There is no such ${noun}.`);
}
