/** Looks through a period as somebody would who is handed its report. Reads only. */

import { localDate, localMonth } from '../domain/calendar.ts';
import { holds, type Period } from '../domain/periods.ts';
import { Problem } from '../domain/problem.ts';
import { carProblems, monthProblems, OverlapCheck, tripProblems, type ReportProblem } from '../domain/report-check.ts';
import type { ProblemKind } from '../domain/reports/check-words.ts';
import { reportLanguage } from '../domain/reports/languages.ts';
import type { ReportLanguage } from '../domain/reports/words.ts';
import type { Language } from '../domain/settings.ts';
import type { UserStore } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { carLinks } from './odometer-check.ts';
import { rowsOf } from './pages.ts';
import { statsOf } from './stats.ts';
import { instantsAround } from './trips-in.ts';

export interface CheckQuery {
  readonly period: Period;
  /** `null`: all cars. */
  readonly carId: string | null;
  /** `null`: the user's. */
  readonly language: Language | null;
}

export interface ReportCheck {
  /** Trips that were looked at. */
  readonly checked: number;
  /** The first of them: cars and months, then trip by trip. */
  readonly problems: readonly ReportProblem[];
  /** All of them, by kind. */
  readonly counts: ReadonlyMap<ProblemKind, number>;
}

/** An answer holds this many; the counts know of all. */
export const MOST_PROBLEMS = 1_000;

/** Throws `not_found` for a car the user does not have. */
export async function checkReport(
  deps: Pick<UserDeps, 'newUser' | 'clock'>,
  user: UserStore,
  { period, carId, language: asked }: CheckQuery,
): Promise<ReportCheck> {
  const owner = await user.get('user', '');
  const settings = owner?.settings ?? deps.newUser;
  const language = reportLanguage(asked ?? settings.language, settings.distanceUnit);
  const now = deps.clock.now();
  const found = new Findings();
  const { byCar, byMonth } = await statsOf(user, period, null);
  for (const id of carId === null ? byCar.map(({ key }) => key) : [carId]) {
    found.add(await problemsOfCar(user, id, carId !== null, period, settings.timeZone, language));
  }
  const months = carId === null ? byMonth.map(({ key }) => key) : [];
  const thisMonth = localMonth(now, settings.timeZone);
  found.add(monthProblems(months, owner?.closed?.months ?? [], thisMonth, language));
  const checked = await checkTrips(user, period, carId, now, language, found);
  return { checked, problems: found.first, counts: found.counts };
}

class Findings {
  readonly first: ReportProblem[] = [];
  readonly counts = new Map<ProblemKind, number>();

  add(problems: readonly ReportProblem[]): void {
    for (const problem of problems) {
      this.counts.set(problem.kind, (this.counts.get(problem.kind) ?? 0) + 1);
      if (this.first.length < MOST_PROBLEMS) this.first.push(problem);
    }
  }
}

async function problemsOfCar(
  user: UserStore,
  id: string | null,
  mustBe: boolean,
  period: Period,
  timeZone: string,
  language: ReportLanguage,
): Promise<readonly ReportProblem[]> {
  const car = id === null ? null : await user.get('car', id);
  if (car === null && mustBe) throw new Problem('not_found', 'There is no such car.');
  if (car === null) return [];
  const { gaps } = await carLinks(user, car.id);
  return carProblems(car, gaps, period, timeZone, language);
}

async function checkTrips(
  user: UserStore,
  period: Period,
  carId: string | null,
  now: number,
  language: ReportLanguage,
  found: Findings,
): Promise<number> {
  const overlaps = new OverlapCheck();
  const where = carId === null ? {} : { carId };
  let checked = 0;
  for await (const { doc: trip } of rowsOf(user, 'trip', { order: 'asc', where, ...instantsAround(period) })) {
    const overlapping = overlaps.next(trip, language);
    if (!holds(period, localDate(trip.startedAt, trip.timeZone))) continue;
    checked += 1;
    found.add([...tripProblems(trip, now, language), ...overlapping]);
  }
  return checked;
}
