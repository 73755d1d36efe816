/** The review list: events, trips, readings and gaps that want a decision, newest first. Reads only. */

import type { JournalEntry } from '../domain/machine/state.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import { lacksOnlyClass, waitsFor, type Review } from '../domain/reviews.ts';
import type { Trip } from '../domain/trips.ts';
import type { Cursor, Row, UserStore } from '../seams/store.ts';
import { rowsOf, type Page, type PageQuery } from './pages.ts';
import { openGaps } from './review-gaps.ts';

export const UNCLASSIFIED = 'unclassified';

type Rows = AsyncGenerator<Review, void>;

/** The trips that only lack a class come first, counted, on the first page. */
export async function listReview(user: UserStore, { limit, after }: PageQuery, now: number): Promise<Page<Review>> {
  const counted = after === null ? await unclassified(user) : null;
  const room = counted === null ? limit : limit - 1;
  const found: Review[] = [];
  for await (const review of inOrder([
    events(user, after),
    trips(user, after),
    readings(user, after),
    gaps(user, after, now),
  ])) {
    found.push(review);
    if (found.length > room) break;
  }
  const shown = found.slice(0, room);
  const items = counted === null ? shown : [counted, ...shown];
  return { items, next: found.length > room ? behind(shown.at(-1), after) : null };
}

/** A first page that held nothing but the count goes on before everything. */
function behind(last: Review | undefined, after: Cursor | null): Cursor {
  return last ? { sort: last.at, id: last.id } : (after ?? { sort: Number.MAX_SAFE_INTEGER, id: '' });
}

/** What lies in a closed month was told when it was closed, and is no longer decided here. */
async function unclassified(user: UserStore): Promise<Review | null> {
  let count = 0;
  let at: number | null = null;
  for await (const { doc } of rowsOf(user, 'trip', { order: 'desc', where: { needsReview: true } })) {
    if (!lacksOnlyClass(doc) || doc.locked) continue;
    at ??= doc.startedAt;
    count += 1;
  }
  return at === null ? null : { kind: 'unclassified', id: UNCLASSIFIED, at, trips: count };
}

async function* events(user: UserStore, after: Cursor | null): Rows {
  const waiting = { order: 'desc', where: { waiting: true } } as const;
  for await (const { id, doc } of rowsOf(user, 'event', waiting, after)) {
    if (waitsFor(doc)) yield eventReview(id, doc);
  }
}

async function* trips(user: UserStore, after: Cursor | null): Rows {
  const wanted = { order: 'desc', where: { needsReview: true } } as const;
  for await (const { id, doc } of rowsOf(user, 'trip', wanted, after)) {
    if (!lacksOnlyClass(doc)) yield tripReview(id, doc);
  }
}

async function* readings(user: UserStore, after: Cursor | null): Rows {
  const suspicious = { order: 'desc', where: { suspicious: true } } as const;
  for await (const row of rowsOf(user, 'odometer_reading', suspicious, after)) yield readingReview(row);
}

/** Those behind the place a page begins at. */
async function* gaps(user: UserStore, after: Cursor | null, now: number): Rows {
  for await (const review of openGaps(user, now)) if (after === null || isBehind(review, after)) yield review;
}

function isBehind({ at, id }: Review, { sort, id: last }: Cursor): boolean {
  return at < Number(sort) || (at === Number(sort) && id < last);
}

function eventReview(id: string, entry: JournalEntry): Review {
  return { kind: 'event', id, at: entry.event.at, entry };
}

function tripReview(id: string, trip: Trip): Review {
  return { kind: 'trip', id, at: trip.startedAt, trip };
}

function readingReview({ id, doc }: Row<'odometer_reading'>): Review {
  const reading: OdometerReading = doc;
  return { kind: 'reading', id, at: reading.at, reading };
}

/** Merges sources that are each newest first. */
async function* inOrder(sources: readonly Rows[]): Rows {
  const heads = await Promise.all(sources.map(async (rows) => ({ rows, review: await nextOf(rows) })));
  for (;;) {
    const newest = heads.reduce(newer);
    if (newest.review === null) return;
    yield newest.review;
    newest.review = await nextOf(newest.rows);
  }
}

async function nextOf(rows: Rows): Promise<Review | null> {
  const { value } = await rows.next();
  return value ?? null;
}

interface Head {
  readonly rows: Rows;
  /** `null`: the source is exhausted. */
  review: Review | null;
}

function newer(a: Head, b: Head): Head {
  if (a.review === null || b.review === null) return a.review === null ? b : a;
  const later = a.review.at - b.review.at || (a.review.id > b.review.id ? 1 : -1);
  return later > 0 ? a : b;
}
