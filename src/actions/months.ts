/** Closing months, one after another or in any order, and proving that nothing of them changed since. */

import type { Actor } from '../domain/activity.ts';
import { endOfMonth, localMonth, startOfMonth } from '../domain/calendar.ts';
import { closingOf, headsOf, replay, type ChainProblem, type ClosedMonth } from '../domain/month-chain.ts';
import { warningsOf, type MonthWarning } from '../domain/month-warnings.ts';
import { Problem } from '../domain/problem.ts';
import { withNames } from '../domain/trip-places.ts';
import type { Trip } from '../domain/trips.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import { digest, isMonthClosed, monthOf } from './closed-months.ts';
import type { UserDeps } from './deps.ts';
import { pageOf, rowsOf, rowsWithin, type Page, type PageQuery } from './pages.ts';
import { settleTrip } from './settle.ts';
import { ensureUser } from './users.ts';

export interface Closing {
  readonly month: ClosedMonth;
  readonly warnings: readonly MonthWarning[];
}

/** Newest first. */
export function listClosedMonths(user: UserStore, query: PageQuery): Promise<Page<ClosedMonth>> {
  return pageOf(user, 'closed_month', { order: 'desc' }, query);
}

/**
 * From now on its trips are locked, and keep the names of the places they were at. One that is closed already is answered
 * as it stands. Throws `month_not_over`.
 * `dryRun` answers what it would be told to mind.
 */
export async function closeMonth(
  deps: UserDeps,
  user: UserStore,
  month: string,
  by: Actor,
  dryRun: boolean,
): Promise<Closing> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const owner = yield* ensureUser(deps, tx, user.email, now);
    const found = yield* tripsOfMonth(tx, month);
    const warnings = warningsOf(found);
    const known = yield* tx.get('closed_month', month);
    if (known) return { month: known, warnings };
    yield* refuseUnfinished(tx, owner, month, now);
    const names = yield* namesOf(tx, owner);
    const trips = found.map((trip) => withNames(trip, names));
    const closed = closingOf({ month, at: now, by }, trips, owner.closed?.end ?? null, digest);
    if (!dryRun) yield* lock(deps, tx, owner, closed, trips);
    return { month: closed, warnings };
  });
}

function* namesOf(tx: Tx, { locations }: User): Work<ReadonlyMap<string, string>> {
  const found = yield* tx.getMany(locations.map(({ id }) => ({ kind: 'location' as const, id })));
  return new Map(found.flatMap((location) => (location ? [[location.id, location.name] as const] : [])));
}

function* refuseUnfinished(tx: Tx, { settings }: User, month: string, now: number): Work<void> {
  if (month >= localMonth(now, settings.timeZone)) throw new Problem('month_not_over', `${month} is not over yet.`);
  const active = yield* tx.get('active', 'trip_start');
  if (active && monthOf(active.now.trip) <= month) {
    throw new Problem('month_not_over', `A drive that began in ${month} is still open; it has to end first.`);
  }
}

function* lock(deps: UserDeps, tx: Tx, owner: User, closed: ClosedMonth, trips: readonly Trip[]): Work<void> {
  const { month, nth, head, at, by } = closed;
  const months = [...(owner.closed?.months ?? []), month].toSorted();
  tx.put('closed_month', month, closed);
  tx.put('user', '', { ...owner, closed: { months, end: { nth, head } }, updatedAt: at });
  for (const trip of trips) {
    tx.put('trip', trip.id, { ...trip, locked: true });
    yield* settleTrip(tx, trip, true, at);
  }
  noteChange(tx, deps, { by, now: at }, 'month', month, null, { month, head, trips: trips.length });
}

/** A zone is at most 14 hours ahead and 12 behind. */
const ZONES_MS = 14 * 3_600_000;

function* tripsOfMonth(tx: Tx, month: string): Work<readonly Trip[]> {
  const span = { from: startOfMonth(month, 'UTC') - ZONES_MS, to: endOfMonth(month, 'UTC') + ZONES_MS };
  const rows = yield* rowsWithin(tx, 'trip', { order: 'asc', ...span });
  return rows.map(({ doc }) => doc).filter((trip) => monthOf(trip) === month);
}

export interface Verification {
  /** The end of the chain; `null`: no month is closed. */
  readonly head: string | null;
  /** Trips of closed months. */
  readonly checked: number;
  readonly problems: readonly ChainProblem[];
  /** Whether the head somebody holds, of an older report, is one of the chain's; `null`: none was asked about. */
  readonly knowsHead: boolean | null;
}

/** Replays the whole chain over the trips as they lie in the store. */
export async function verifyMonths(user: UserStore, heldHead: string | null): Promise<Verification> {
  const owner = await user.get('user', '');
  const months: ClosedMonth[] = [];
  for await (const { doc } of rowsOf(user, 'closed_month', { order: 'asc' })) months.push(doc);
  const names = new Set(months.map(({ month }) => month));
  const trips = new Map<string, Trip[]>();
  const misfiled: Trip[] = [];
  let checked = 0;
  for await (const { doc, sort } of rowsOf(user, 'trip', { order: 'asc' })) {
    const month = monthOf(doc);
    if (!names.has(month) && !isMonthClosed(owner?.closed, month)) continue;
    checked += 1;
    trips.set(month, [...(trips.get(month) ?? []), doc]);
    if (sort !== doc.startedAt) misfiled.push(doc);
  }
  misfiled.push(...(await hiddenFromCars(user, [...trips.values()].flat())));
  const end = owner?.closed?.end ?? null;
  return {
    head: end?.head ?? null,
    checked,
    problems: withMisfiled(
      replay(months, (month) => trips.get(month) ?? [], end, digest),
      misfiled,
    ),
    knowsHead: heldHead === null ? null : headsOf(months).has(heldHead),
  };
}

/** Trips a list of their car leaves out: what lists go by lies beside a document, and could be altered alone. */
async function hiddenFromCars(user: UserStore, trips: readonly Trip[]): Promise<Trip[]> {
  const cars = new Set(trips.flatMap(({ carId }) => (carId === null ? [] : [carId])));
  const listed = new Set<string>();
  for (const carId of cars) {
    for await (const { doc } of rowsOf(user, 'trip', { order: 'asc', where: { carId } })) {
      if (doc.carId === carId) listed.add(doc.id);
    }
  }
  return trips.filter(({ id, carId }) => carId !== null && !listed.has(id));
}

/** A report would miss them, so they are altered, even if what they say is not. */
function withMisfiled(problems: readonly ChainProblem[], misfiled: readonly Trip[]): readonly ChainProblem[] {
  const told = new Set(problems.map(({ tripId }) => tripId));
  const more = new Map(misfiled.filter(({ id }) => !told.has(id)).map((trip) => [trip.id, trip]));
  return [
    ...problems,
    ...[...more.values()].map((trip): ChainProblem => ({
      kind: 'altered_trip',
      tripId: trip.id,
      month: monthOf(trip),
    })),
  ];
}
