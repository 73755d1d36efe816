/** As many trips as are taken come in with what is in hand staying as small, and others are served meanwhile. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { importTrips, MOST_ROWS, type TripFile } from '../../../../src/actions/trip-import.ts';
import { mappingOf, tripFileOf } from '../../../../src/http/wire/trip-import.ts';
import { JAN } from '../../../support/app.ts';
import { HeapWatch } from '../../../support/heap.ts';
import { HOUR } from '../logbook.ts';
import { csvOf, openImports } from './asking.ts';

const HEADER = ['started_at', 'ended_at', 'distance_km', 'trip_type', 'purpose', 'car'];
const FIRST = Date.parse('2018-01-01T08:00:00Z');
const MAPPING = mappingOf();
const FEW = 2_000;
const MANY = process.env['LONG'] ? MOST_ROWS : 8_000;
const LOOK_EVERY_ROWS = 2_000;
/** Of a trip only when it was, by which car and how far stays in hand, and that on the days it touches. */
const SLOT_BYTES = 1_000;
const IN_HAND_BYTES = 3_000_000;

function fileOf(trips: number): string {
  const rows = Array.from({ length: trips }, (_, i) => {
    const startedAt = FIRST + i * 3 * HOUR;
    const [start = '', end = ''] = [startedAt, startedAt + HOUR].map((at) => new Date(at).toISOString());
    return [start, end, 10.5 + (i % 7), i % 3 === 0 ? 'P' : 'B', `Customer ${i}`, 'Golf'];
  });
  return csvOf([HEADER, ...rows]);
}

/** Looks at memory as rows go by, in the pass that writes. */
function watchedFile(file: TripFile, watch: HeapWatch): TripFile {
  let pass = 0;
  return {
    layout: file.layout,
    rows() {
      pass += 1;
      return pass === 2 ? counted(file.rows(), watch) : file.rows();
    },
  };
}

/** A row counts as a byte. */
async function* counted<T>(rows: AsyncIterable<T>, watch: HeapWatch): AsyncGenerator<T> {
  const passing: T[] = [];
  const bytes = (async function* () {
    for await (const row of rows) {
      passing.push(row);
      yield new Uint8Array(1);
    }
  })();
  for await (const _ of watch.watched(bytes)) yield* passing.splice(0);
}

async function mostHeld(trips: number): Promise<number> {
  const { deps } = await openImports();
  const file = tripFileOf(fileOf(trips), null, MAPPING);
  const watch = new HeapWatch(LOOK_EVERY_ROWS);
  const wish = { mapping: MAPPING, by: { kind: 'open' }, dryRun: false } as const;
  const { counts } = await importTrips(deps, deps.store.forUser(JAN), watchedFile(file, watch), wish);
  expect(counts.added).toBe(trips);
  return watch.mostBytes;
}

test('memory', { timeout: 300_000 }, async () => {
  const few = await mostHeld(FEW);
  const many = await mostHeld(MANY);
  expect(many).toBeLessThan(few + IN_HAND_BYTES + (MANY - FEW) * SLOT_BYTES);
});

test('others get their turn', { timeout: 300_000 }, async () => {
  const { send, get } = await openImports();
  const seen = { turns: 0, isDone: false };
  const others = (async () => {
    while (!seen.isDone) {
      await setImmediate();
      seen.turns += 1;
    }
  })();
  const answer = await send(fileOf(MANY), { query: '?dry_run=true' });
  seen.isDone = true;
  await others;
  expect(answer.body.counts).toEqual({ rows: MANY, added: MANY, duplicate: 0, refused: 0 });
  expect(answer.body.rows).toHaveLength(1_000);
  expect((await get('/stats')).body.trip_count).toBe(0);
  // One between portions of a hundred, in both passes.
  expect(seen.turns).toBeGreaterThan((2 * MANY) / 100);
});

test('more than are taken are refused before anything is written', { timeout: 60_000 }, async () => {
  const { send, get } = await openImports();
  const answer = await send(fileOf(MOST_ROWS + 1));
  expect([answer.status, answer.body.code]).toEqual([413, 'too_large']);
  expect((await get('/stats')).body.trip_count).toBe(0);
});
