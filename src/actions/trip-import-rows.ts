/** One portion of a file of trips, in one transaction: each row is added, found to be there, or told why not. */

import type { Actor, Written } from '../domain/activity.ts';
import { LONGEST_MS, type Span } from '../domain/overlaps.ts';
import type { FieldError } from '../domain/problem.ts';
import { inTheWayOf, sameTrip, slotOf, Timetable, type Slot } from '../domain/trip-files/timetable.ts';
import { importedTrip, type ReadRow } from '../domain/trip-files/trips.ts';
import type { Trip } from '../domain/trips.ts';
import { isoOf } from '../domain/units.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import { isMonthClosed, monthOf } from './closed-months.ts';
import type { UserDeps } from './deps.ts';
import { ownerFor } from './import-records.ts';
import { openDrive } from './overlaps.ts';
import { rowsWithin } from './pages.ts';
import { tell } from './telling.ts';

export interface RowReport {
  readonly row: number;
  readonly outcome: 'added' | 'duplicate' | 'refused';
  readonly code: 'month_closed' | 'unprocessable' | null;
  readonly errors: readonly FieldError[];
  /** As it is in the book, or would be. */
  readonly trip: Trip | null;
  /** Of the trip that was added or was there already; `null` in a trial for one that is not. */
  readonly tripId: string | null;
  /** The row of this file that says the same. */
  readonly sameAsRow: number | null;
}

interface Taking {
  readonly by: Actor;
  readonly dryRun: boolean;
  readonly entryId: string;
  /** What the portions before this one added. */
  readonly timetable: Timetable;
}

export interface Judged {
  readonly report: RowReport;
  /** Of a trip that was added. */
  readonly slot: Slot | null;
}

export function takeRows(
  deps: UserDeps,
  user: UserStore,
  rows: readonly ReadRow[],
  taking: Taking,
): Promise<readonly Judged[]> {
  const now = deps.clock.now();
  const ids = rows.map(() => deps.ids.next('trip'));
  return user.transact(function* (tx) {
    const owner = yield* ownerFor(deps, tx, user.email, now, taking.dryRun);
    const known = yield* knownTo(tx, rows, owner, taking.timetable);
    const judged: Judged[] = [];
    for (const [i, row] of rows.entries()) {
      const one = judge(ids[i] ?? '', row, known, now);
      if (one.slot !== null) known.added.add(one.slot);
      judged.push(taking.dryRun ? withoutId(one) : one);
    }
    if (!taking.dryRun) yield* write(deps, tx, judged, taking, now);
    return judged;
  });
}

interface Known {
  readonly owner: User;
  readonly carIds: ReadonlySet<string>;
  /** Trips of this logbook that have an id of the file. */
  readonly byId: ReadonlySet<string>;
  readonly stored: Timetable;
  /** By this file: before this portion, and in it. */
  readonly before: Timetable;
  readonly added: Timetable;
  readonly open: Span | null;
}

function* knownTo(tx: Tx, rows: readonly ReadRow[], owner: User, before: Timetable): Work<Known> {
  const wishes = rows.flatMap(({ wish }) => wish ?? []);
  const carIds = yield* thereOf(tx, 'car', new Set(wishes.flatMap(({ carId }) => carId ?? [])));
  const byId = yield* thereOf(tx, 'trip', new Set(rows.flatMap(({ id }) => (id !== null && isId(id) ? [id] : []))));
  const stored = new Timetable();
  for (const window of windowsOf(wishes)) {
    const bounds = { from: window.from - LONGEST_MS, to: window.to };
    for (const { doc } of yield* rowsWithin(tx, 'trip', { order: 'asc', ...bounds })) stored.add(slotOf(doc, null));
  }
  return { owner, carIds, byId, stored, before, added: new Timetable(), open: yield* openDrive(tx) };
}

/** What an id of ours can look like; the file of another program may hold any. */
function isId(id: string): boolean {
  return /^[\w-]{1,100}$/.test(id);
}

function* thereOf(tx: Tx, kind: 'car' | 'trip', ids: ReadonlySet<string>): Work<ReadonlySet<string>> {
  const found = yield* tx.getMany([...ids].map((id) => ({ kind, id })));
  return new Set(found.flatMap((doc) => (doc ? [doc.id] : [])));
}

/** Trips further apart than this are looked up apart. */
const GAP_MS = LONGEST_MS;

/** When the rows were driven: a few spans of time instead of one query for each. */
function windowsOf(
  wishes: readonly { readonly startedAt: number; readonly endedAt: number }[],
): { readonly from: number; readonly to: number }[] {
  const windows: { from: number; to: number }[] = [];
  for (const { startedAt, endedAt } of wishes.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const to = Math.min(endedAt, startedAt + LONGEST_MS);
    const last = windows.at(-1);
    if (last === undefined || startedAt > last.to + GAP_MS)
      windows.push({ from: startedAt, to: Math.max(to, startedAt) });
    else last.to = Math.max(last.to, to);
  }
  return windows;
}

function judge(id: string, { row, wish, errors, id: theirs }: ReadRow, known: Known, now: number): Judged {
  const refused = (why: readonly FieldError[], code: RowReport['code'] = 'unprocessable') =>
    judged({ ...NOT_ADDED, row, outcome: 'refused', code, errors: why });
  if (theirs !== null && known.byId.has(theirs))
    return judged({ ...NOT_ADDED, row, outcome: 'duplicate', tripId: theirs });
  if (wish === null) return refused(errors);
  const { settings, rules, locations, cars, closed } = known.owner;
  const ownsCar = typeof wish.carId !== 'string' || known.carIds.has(wish.carId);
  const trip = importedTrip(id, wish, { settings, rules, locations, cars, ownsCar, now });
  if (!('startedAt' in trip)) return refused(trip);
  const slot = slotOf(trip, row);
  const near = [known.before, known.added, known.stored].flatMap((table) => table.near(slot));
  const same = sameTrip(near, slot);
  if (same) return judged({ ...NOT_ADDED, row, outcome: 'duplicate', tripId: same.id, sameAsRow: same.row });
  const month = monthOf(trip);
  if (isMonthClosed(closed, month)) {
    return refused([{ field: 'started_at', message: `${month} is closed: nothing is added to it` }], 'month_closed');
  }
  const other = inTheWayOf<Span>(known.open ? [...near, known.open] : near, slot);
  if (other) return refused([{ field: 'started_at', message: atOnce(other) }]);
  return { report: { ...NOT_ADDED, row, outcome: 'added', trip, tripId: id }, slot };
}

const NOT_ADDED = { code: null, errors: [], trip: null, tripId: null, sameAsRow: null } as const;

function judged(report: RowReport): Judged {
  return { report, slot: null };
}

function atOnce(other: Span & { readonly row?: number | null }): string {
  const until = other.endedAt === Infinity ? 'on, the drive under way' : `to ${isoOf(other.endedAt)}`;
  const which = other.row === undefined || other.row === null ? other.id : `that of row ${other.row}`;
  return `the car drives another trip then, ${which}, from ${isoOf(other.startedAt)} ${until}`;
}

/** In a trial nothing has an id, but what is there already. */
function withoutId({ report, slot }: Judged): Judged {
  const isNew = report.outcome === 'added' || report.sameAsRow !== null;
  return { slot, report: isNew ? { ...report, tripId: null } : report };
}

/** Addresses and routes that the trips lack are looked up by the daily round, as far as it goes back. */
function* write(
  deps: UserDeps,
  tx: Tx,
  judgedRows: readonly Judged[],
  { by, entryId }: Taking,
  now: number,
): Work<void> {
  const trips = judgedRows.flatMap(({ report, slot }): Trip[] => (slot && report.trip ? [report.trip] : []));
  if (trips.length === 0) return;
  yield* bookTrips(
    tx,
    trips.map((after) => ({ before: null, after, untold: true })),
    by,
    deps.ids,
    now,
  );
  const written = trips.map((after): Written => ({ noun: 'trip', nounId: after.id, before: null, after }));
  yield* tell(tx, { cause: 'import', by, now }, entryId, written);
}
