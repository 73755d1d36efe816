/**
 * The private kilometres of company cars in a year. What was driven comes from the month rows, at most twelve documents;
 * what no trip explains is only in the chain of the odometer, which is made of all readings and trips of a car.
 */

import { budgetOf, type Budget, type Unexplained } from '../domain/budget.ts';
import { localDate } from '../domain/calendar.ts';
import type { Car } from '../domain/cars.ts';
import { EVER, yearPeriod } from '../domain/periods.ts';
import { Problem } from '../domain/problem.ts';
import { unexplainedMetres, wasAvailable } from '../domain/reports/car-facts.ts';
import type { StatRow } from '../domain/stats.ts';
import type { UserStore } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { checkOdometers } from './odometer-check.ts';
import { rowsOf } from './pages.ts';
import { findSettings } from './settings.ts';
import { rowsIn } from './stats.ts';

export interface CarBudget {
  readonly car: Car;
  readonly budget: Budget;
}

export interface YearBudget {
  readonly year: number;
  readonly cars: readonly CarBudget[];
}

interface BudgetQuery {
  /** `null`: this one. */
  readonly year: number | null;
  /** `null`: every company car there was. */
  readonly carId: string | null;
}

/** Throws `not_found` for a car the user does not have. One that is named is answered also when it is no company car. */
export async function findBudget(
  deps: Pick<UserDeps, 'newUser' | 'clock'>,
  user: UserStore,
  query: BudgetQuery,
): Promise<YearBudget> {
  const { timeZone } = await findSettings(deps, user);
  const today = localDate(deps.clock.now(), timeZone);
  const year = query.year ?? Number(today.slice(0, 4));
  const rows = await rowsIn(user, yearPeriod(year));
  const cars: CarBudget[] = [];
  for (const car of await carsOf(user, query.carId, year, rows, timeZone)) {
    const own = rows.filter(({ carId }) => carId === car.id);
    const { unexplained, isKnownBefore } = await chainIn(deps, user, car.id, year, timeZone);
    const archivedOn = car.archivedAt === null ? null : localDate(car.archivedAt, timeZone);
    const available = { availableFrom: car.availableFrom, availableTo: car.availableTo ?? archivedOn };
    const known = { unexplained, isKnownBefore, ...available };
    cars.push({ car, budget: budgetOf({ year, rows: own, ...known, today }) });
  }
  return { year, cars };
}

async function carsOf(
  user: UserStore,
  carId: string | null,
  year: number,
  rows: readonly StatRow[],
  timeZone: string,
): Promise<readonly Car[]> {
  if (carId !== null) return [(await user.get('car', carId)) ?? missing()];
  const driven = new Set(rows.map((row) => row.carId));
  const cars: Car[] = [];
  for await (const { doc: car } of rowsOf(user, 'car', { order: 'asc' })) {
    const wasThere = driven.has(car.id) || wasAvailable(car, yearPeriod(year), timeZone);
    if (car.companyCar && wasThere) cars.push(car);
  }
  return cars;
}

function missing(): never {
  throw new Problem('not_found', 'There is no such car.');
}

interface InChain {
  readonly unexplained: readonly Unexplained[];
  readonly isKnownBefore: boolean;
}

async function chainIn(
  deps: Pick<UserDeps, 'newUser'>,
  user: UserStore,
  carId: string,
  year: number,
  timeZone: string,
): Promise<InChain> {
  const [checked] = await checkOdometers(deps, user, carId);
  const { gaps, byMonth } = checked?.chain ?? { gaps: [], byMonth: [] };
  const known = gaps.map((gap) => {
    return { date: localDate(gap.toAt, timeZone), metres: unexplainedMetres([gap], EVER, timeZone) };
  });
  return {
    unexplained: known.filter(({ date, metres }) => metres > 0 && date.startsWith(`${year}-`)),
    isKnownBefore: byMonth.some(({ month }) => month < `${year}-`),
  };
}
