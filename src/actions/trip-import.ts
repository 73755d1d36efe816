/**
 * Trips from a file of another program, or of our own: portion by portion, each whole, all of them one entry of the feed
 * that is undone as one. What is in the logbook already is found again and added no second time. Stopped in between, the
 * portions that were written stand, and the same file brings the rest.
 */

import { setImmediate } from 'node:timers/promises';
import type { Actor } from '../domain/activity.ts';
import { localDate } from '../domain/calendar.ts';
import { Problem } from '../domain/problem.ts';
import { NOTHING, plus, rowOf, type Sum } from '../domain/stats.ts';
import { isBlank, type FileRow, type Mapping } from '../domain/trip-files/columns.ts';
import { Evidence, type NamedCar, type Reading } from '../domain/trip-files/evidence.ts';
import type { Layout } from '../domain/trip-files/headers.ts';
import { Timetable } from '../domain/trip-files/timetable.ts';
import { readRow, type ReadRow } from '../domain/trip-files/trips.ts';
import type { Trip } from '../domain/trips.ts';
import type { UserStore } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { rowsOf } from './pages.ts';
import { takeRows, type Judged, type RowReport } from './trip-import-rows.ts';

/** A file that can be read from its beginning as often as it takes. */
export interface TripFile {
  readonly layout: Layout;
  rows(): AsyncIterable<FileRow>;
}

export interface TripImportWish {
  readonly mapping: Mapping;
  readonly by: Actor;
  /** Says what would come of it, and writes nothing. */
  readonly dryRun: boolean;
}

export interface TripImportReport {
  readonly reading: Reading;
  readonly activityId: string | null;
  readonly counts: Readonly<Record<RowReport['outcome'], number>>;
  readonly added: Sum;
  /** The first of them. */
  readonly rows: readonly RowReport[];
}

export const MOST_ROWS = 20_000;
export const MOST_ROWS_SHOWN = 1_000;
const ROWS_AT_ONCE = 100;

/** Throws `unprocessable` for what the mapping has to say, and `too_large`; then nothing was written. */
export async function importTrips(
  deps: UserDeps,
  user: UserStore,
  file: TripFile,
  wish: TripImportWish,
): Promise<TripImportReport> {
  const reading = await readingOf(deps, user, file, wish.mapping);
  const run = new TripImport(deps, user, reading, wish);
  for await (const row of tripRows(file)) await run.take(readRow(row, reading));
  return run.finish();
}

/** Everything below the header, up to where the totals are. */
async function* tripRows({ layout, rows }: TripFile): AsyncGenerator<FileRow> {
  const { ends } = layout.file;
  for await (const row of rows()) {
    if (row.row <= layout.row || isBlank(row)) continue;
    if (ends?.test(row.cells[0]?.trim() ?? '')) return;
    yield row;
  }
}

async function readingOf(deps: UserDeps, user: UserStore, file: TripFile, mapping: Mapping): Promise<Reading> {
  const evidence = new Evidence(file.layout);
  let count = 0;
  for await (const row of tripRows(file)) {
    count += 1;
    if (count > MOST_ROWS) throw new Problem('too_large', `The file has more than ${MOST_ROWS} trips; split it.`);
    if (count % ROWS_AT_ONCE === 0) await setImmediate();
    evidence.see(row);
  }
  const owner = await user.get('user', '');
  const { timeZone } = owner?.settings ?? deps.newUser;
  return evidence.settle(mapping, timeZone, await carsOf(user));
}

async function carsOf(user: UserStore): Promise<NamedCar[]> {
  const cars: NamedCar[] = [];
  for await (const { doc } of rowsOf(user, 'car', { order: 'asc' })) cars.push(doc);
  return cars;
}

class TripImport {
  readonly #deps: UserDeps;
  readonly #user: UserStore;
  readonly #reading: Reading;
  readonly #wish: TripImportWish;
  readonly #entryId: string;
  readonly #timetable = new Timetable();
  readonly #rows: RowReport[] = [];
  readonly #counts = { added: 0, duplicate: 0, refused: 0 };
  #added: Sum = NOTHING;
  #portion: ReadRow[] = [];

  constructor(deps: UserDeps, user: UserStore, reading: Reading, wish: TripImportWish) {
    this.#deps = deps;
    this.#user = user;
    this.#reading = reading;
    this.#wish = wish;
    this.#entryId = deps.ids.next('act');
  }

  async take(row: ReadRow): Promise<void> {
    this.#portion.push(row);
    if (this.#portion.length >= ROWS_AT_ONCE) await this.#flush();
  }

  async finish(): Promise<TripImportReport> {
    await this.#flush();
    const wrote = this.#counts.added > 0 && !this.#wish.dryRun;
    return {
      reading: this.#reading,
      activityId: wrote ? this.#entryId : null,
      counts: this.#counts,
      added: this.#added,
      rows: this.#rows,
    };
  }

  async #flush(): Promise<void> {
    const portion = this.#portion;
    this.#portion = [];
    if (portion.length === 0) return;
    const taking = { ...this.#wish, entryId: this.#entryId, timetable: this.#timetable };
    const judged = await takeRows(this.#deps, this.#user, portion, taking);
    for (const one of judged) this.#note(one);
    await setImmediate();
  }

  #note({ slot, report }: Judged): void {
    if (slot !== null) this.#timetable.add(slot);
    this.#counts[report.outcome] += 1;
    if (report.outcome === 'added' && report.trip) this.#added = plus(this.#added, sumOf(report.trip));
    if (this.#rows.length < MOST_ROWS_SHOWN) this.#rows.push(report);
  }
}

function sumOf(trip: Trip): Sum {
  return rowOf(trip, localDate(trip.startedAt, trip.timeZone));
}
