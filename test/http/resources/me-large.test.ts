/** A logbook of many years goes out and comes in again with what is in hand staying as small. */

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { importRecords, type Incoming } from '../../../src/actions/imports.ts';
import { recordsIn } from '../../../src/http/wire/exports/reader.ts';
import { HeapWatch } from '../../support/heap.ts';
import { tripOf } from '../../support/trips.ts';
import { HOUR, openLogbook, type Logbook } from './logbook.ts';

const TRIPS = process.env['LONG'] ? 100_000 : 4_000;
const FEW = 400;
const BOOKED_AT_ONCE = 200;
const LOOK_EVERY_BYTES = 1_000_000;
/** One page of records on its way out, one portion on its way in, and the ids of the trips that came. */
const IN_HAND_BYTES = 2_000_000;
const ID_BYTES = 200;

async function bookMany({ bookFor, clock }: Logbook, user: string, trips: number): Promise<void> {
  const notes = 'n'.repeat(100);
  for (let n = 0; n < trips; n += BOOKED_AT_ONCE) {
    const startedAt = Date.parse('2000-01-01T08:00:00Z') + n * 2 * HOUR;
    const some = Array.from({ length: BOOKED_AT_ONCE }, (_, i) =>
      tripOf({ startedAt: startedAt + i * 2 * HOUR, notes }),
    );
    await bookFor(user, ...some);
    clock.advance(1);
  }
}

async function exportOf({ app }: Logbook, user: string): Promise<AsyncIterable<Uint8Array>> {
  const { status, body } = await app.request('/me/export', { headers: { 'x-user-email': user } });
  expect(status).toBe(200);
  return body ?? new ReadableStream();
}

/** What the records of some parts of a document say. */
async function printOf(records: AsyncIterable<Incoming>, sections: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for await (const { section, record } of records) {
    if (sections.includes(section)) hash.update(JSON.stringify(record));
  }
  return hash.digest('hex');
}

/** Moves a logbook of so many trips to another user, and compares what both hold then. Answers what was in hand at most. */
async function movedOver(logbook: Logbook, trips: number): Promise<number> {
  const [anna, eve] = [`anna${trips}@example.nl`, `eve${trips}@example.nl`];
  await bookMany(logbook, anna, trips);
  const watch = new HeapWatch(LOOK_EVERY_BYTES);
  const watched = async (user: string) => recordsIn(watch.watched(await exportOf(logbook, user)));
  const { deps } = logbook;
  const report = await importRecords(deps, deps.store.forUser(eve), await watched(anna), { dryRun: false });
  expect(report.sections).toMatchObject({ trips: { added: trips }, activity: { added: trips } });
  expect(report.notTaken.filter(({ outcome }) => outcome === 'refused')).toEqual([]);
  expect(watch.bytes).toBeGreaterThan(trips * 1_500);
  const sections = ['trips', 'activity', 'stats'];
  expect(await printOf(await watched(eve), sections)).toBe(await printOf(await watched(anna), sections));
  return watch.mostBytes;
}

test(
  'what is in hand of an export or an import is as small for a large logbook as for a small one',
  { timeout: 1_200_000 },
  async () => {
    const logbook = openLogbook();
    // What is loaded and compiled once is there from then on.
    await movedOver(logbook, FEW / 2);
    const few = await movedOver(logbook, FEW);
    const many = await movedOver(logbook, TRIPS);
    expect(many).toBeLessThan(Math.max(few, 0) + IN_HAND_BYTES + TRIPS * ID_BYTES);
  },
);
