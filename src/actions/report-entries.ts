/** The trips of a report, oldest first, each with what lies beside it. */

import type { Car } from '../domain/cars.ts';
import type { Period } from '../domain/periods.ts';
import type { Reimbursement } from '../domain/rates.ts';
import type { TripChange } from '../domain/reports/changes.ts';
import { businessForWages, type Entry } from '../domain/reports/entries.ts';
import type { Trip } from '../domain/trips.ts';
import type { UserStore } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { ratedTrips, tariffOf } from './rates.ts';
import { tripsIn } from './trips-in.ts';

export interface EntryQuery {
  readonly period: Period;
  /** `null`: all cars. */
  readonly carId: string | null;
  readonly hasAmounts: boolean;
  readonly commuteIsBusiness: boolean;
  readonly cars: ReadonlyMap<string, Car>;
  readonly names: ReadonlyMap<string, string>;
  readonly changes: ReadonlyMap<string, readonly TripChange[]>;
}

export async function* entriesOf(
  deps: Pick<UserDeps, 'newUser'>,
  user: UserStore,
  query: EntryQuery,
  keep: (entry: Entry) => boolean,
): AsyncGenerator<Entry> {
  const { carId, cars, names, changes } = query;
  const found = query.hasAmounts ? paidTrips(deps, user, query.period) : tripsOf(user, query);
  for await (const { trip, date, paid } of found) {
    if (carId !== null && trip.carId !== carId) continue;
    const car = cars.get(trip.carId ?? '') ?? null;
    const businessMetres = query.commuteIsBusiness ? businessForWages(trip) : trip.businessMetres;
    const entry: Entry = { trip, date, car, businessMetres, names, changes: changes.get(trip.id) ?? [], paid };
    if (keep(entry)) yield entry;
  }
}

interface Found {
  readonly trip: Trip;
  readonly date: string;
  readonly paid: Reimbursement | null;
}

async function* tripsOf(user: UserStore, { period, carId }: EntryQuery): AsyncGenerator<Found> {
  const where = carId === null ? {} : { carId };
  for await (const found of tripsIn(user, period, where)) yield { ...found, paid: null };
}

/** Of all cars: what was driven with one may decide what another brings. */
async function* paidTrips(deps: Pick<UserDeps, 'newUser'>, user: UserStore, period: Period): AsyncGenerator<Found> {
  const tariff = await tariffOf(deps, user);
  for await (const { trip, date, reimbursement } of ratedTrips(user, period, tariff)) {
    yield { trip, date, paid: reimbursement };
  }
}
