/** The contract of lists: order, bounds, cursors and filters. */

import { describe, expect, test } from 'vitest';
import type { Docs, Filter, Kind, ListQuery } from '../../src/seams/store.ts';
import { idsOf, opener, pagedIds, pages, put, putAll, remove, type OpenStore } from './opened.ts';
import { activity, ANNA, car, chunk, chunkId, event, location, month, NOON, odometerReading, trip } from './samples.ts';

const ALL = { order: 'asc', limit: 200 } as const;

/** Ties in the order of their UTF-8 bytes, which is not JavaScript's. */
const TIES = ['-', 'A', 'a', 'a b', 'aa', 'b', 'é', '\uff5e', '\u{1F697}'];

const named = <D>(ids: readonly string[], make: (id: string) => D): Record<string, D> =>
  Object.fromEntries(ids.map((id) => [id, make(id)]));

export function listContract(openStore: OpenStore): void {
  const open = opener(openStore);
  const openAnna = async () => (await open()).store.forUser(ANNA);

  /** 23 trips, several at one instant. */
  const openTrips = async () => {
    const anna = await openAnna();
    const ids = Array.from({ length: 23 }, (_, i) => `t${String(i).padStart(2, '0')}`);
    await putAll(
      anna,
      'trip',
      named(ids, (id) => trip(id, { startedAt: NOON + Math.floor(Number(id.slice(1)) / 4) })),
    );
    return { anna, ids };
  };

  describe('lists', () => {
    test.each<[Kind, (at: number) => Docs[Kind]]>([
      ['trip', (at) => trip('x', { startedAt: at, createdAt: -at })],
      ['event', (at) => event('x', at)],
      ['activity', (at) => activity('x', at)],
      ['odometer_reading', (at) => odometerReading('x', { at, createdAt: -at })],
      ['location', (at) => location('x', at)],
      ['car', (at) => car('x', at)],
    ])('%s goes by its own time', async (kind, make) => {
      const anna = await openAnna();
      const times = { one: 30, two: -10, three: 0, four: 2_000_000_000_000, five: 20 };
      for (const [id, at] of Object.entries(times)) await put(anna, kind, id, make(at));
      const rows = await anna.list(kind, ALL);
      expect(rows.map((row) => [row.id, row.sort])).toEqual([
        ['two', -10],
        ['three', 0],
        ['five', 20],
        ['one', 30],
        ['four', 2_000_000_000_000],
      ]);
      expect(rows[3]?.doc).toEqual(make(30));
      expect(await idsOf(anna, kind, { order: 'desc', limit: 2 })).toEqual(['four', 'one']);
    });

    test('months go by their name', async () => {
      const anna = await openAnna();
      await putAll(
        anna,
        'month',
        named(['2026-03', '2025-12', '2026-10', '2026-01'], (id) => month(id)),
      );
      expect(await idsOf(anna, 'month', ALL)).toEqual(['2025-12', '2026-01', '2026-03', '2026-10']);
      expect(await idsOf(anna, 'month', { order: 'desc', limit: 2 })).toEqual(['2026-10', '2026-03']);
      expect(await idsOf(anna, 'month', { ...ALL, from: '2026-01', to: '2026-03' })).toEqual(['2026-01', '2026-03']);
      expect(await idsOf(anna, 'month', { ...ALL, to: '2025' })).toEqual([]);
      const [first] = await anna.list('month', { order: 'asc', limit: 1 });
      expect(first).toEqual({ id: '2025-12', sort: '2025-12', doc: month('2025-12') });
      expect(await pagedIds(anna, 'month', { order: 'desc', limit: 1, from: '2026-01' })).toEqual([
        '2026-10',
        '2026-03',
        '2026-01',
      ]);
    });

    test('ties go by the bytes of the id, in both directions', async () => {
      const anna = await openAnna();
      await putAll(
        anna,
        'trip',
        named(TIES.toReversed(), (id) => trip(id)),
      );
      expect(await idsOf(anna, 'trip', ALL)).toEqual(TIES);
      expect(await idsOf(anna, 'trip', { order: 'desc', limit: 200 })).toEqual(TIES.toReversed());
      expect(await pagedIds(anna, 'trip', { order: 'asc', limit: 1 })).toEqual(TIES);
      expect(await pagedIds(anna, 'trip', { order: 'desc', limit: 2 })).toEqual(TIES.toReversed());
    });

    test('a document moves when what it goes by changes', async () => {
      const { anna } = await openTrips();
      await put(anna, 'trip', 't00', trip('t00', { startedAt: NOON + 99 }));
      expect((await idsOf(anna, 'trip', ALL)).at(-1)).toBe('t00');
      expect(await idsOf(anna, 'trip', ALL)).toHaveLength(23);
    });

    test.each([1, 4, 7, 23, 200])('pages of %i hold each document once', async (limit) => {
      const { anna, ids } = await openTrips();
      expect(await pagedIds(anna, 'trip', { order: 'asc', limit })).toEqual(ids);
      expect(await pagedIds(anna, 'trip', { order: 'desc', limit })).toEqual(ids.toReversed());
    });

    test.each(['asc', 'desc'] as const)('a page (%s) is not disturbed by documents that come and go', async (order) => {
      const { anna, ids } = await openTrips();
      const seen: string[] = [];
      for await (const rows of pages(anna, 'trip', { order, limit: 5 })) {
        seen.push(...rows.map((row) => row.id));
        const last = rows.at(-1)!;
        await remove(anna, 'trip', last.id);
        const behind = order === 'asc' ? -1 : 1;
        await put(anna, 'trip', `new-${last.id}`, trip('new', { startedAt: Number(last.sort) + behind }));
      }
      expect(seen).toEqual(order === 'asc' ? ids : ids.toReversed());
    });

    test('bounds are inclusive and hold with cursors', async () => {
      const { anna, ids } = await openTrips();
      const range = { from: NOON + 1, to: NOON + 3 };
      const within = ids.slice(4, 16);
      expect(await idsOf(anna, 'trip', { ...ALL, ...range })).toEqual(within);
      expect(await pagedIds(anna, 'trip', { order: 'asc', limit: 5, ...range })).toEqual(within);
      expect(await pagedIds(anna, 'trip', { order: 'desc', limit: 5, ...range })).toEqual(within.toReversed());
      expect(await idsOf(anna, 'trip', { ...ALL, from: NOON + 5 })).toEqual(ids.slice(20));
      expect(await idsOf(anna, 'trip', { ...ALL, to: NOON })).toEqual(ids.slice(0, 4));
      expect(await idsOf(anna, 'trip', { ...ALL, from: NOON + 3, to: NOON + 1 })).toEqual([]);
    });

    test.each(['', 'b/', 'b/c', '..', '__b__', 'b\0', '\ud800', 'b'.repeat(1_600), 'gone'])(
      'a cursor need not be the place of a document: %j',
      async (id) => {
        const anna = await openAnna();
        await putAll(
          anna,
          'trip',
          named(TIES, (name) => trip(name)),
        );
        await put(anna, 'trip', 'early', trip('early', { startedAt: NOON - 1 }));
        await put(anna, 'trip', 'late', trip('late', { startedAt: NOON + 1 }));
        const compare = (name: string) => Buffer.compare(Buffer.from(name), Buffer.from(id));
        const after = { sort: NOON, id };
        const larger = TIES.filter((name) => compare(name) > 0);
        expect(await idsOf(anna, 'trip', { ...ALL, after })).toEqual([...larger, 'late']);
        const smaller = TIES.filter((name) => compare(name) < 0);
        const desc = { order: 'desc', limit: 200, after } as const;
        expect(await idsOf(anna, 'trip', desc)).toEqual([...smaller.toReversed(), 'early']);
      },
    );

    test('a cursor outside the bounds does not widen them', async () => {
      const { anna, ids } = await openTrips();
      const early = { sort: NOON - 5, id: 'x' };
      const late = { sort: NOON + 99, id: 'x' };
      expect(await idsOf(anna, 'trip', { ...ALL, from: NOON + 5, after: early })).toEqual(ids.slice(20));
      expect(await idsOf(anna, 'trip', { ...ALL, to: NOON, after: late })).toEqual([]);
      const desc = { order: 'desc', limit: 200 } as const;
      expect(await idsOf(anna, 'trip', { ...desc, to: NOON, after: late })).toEqual(ids.slice(0, 4).toReversed());
    });

    test.each<[string, Kind, ListQuery]>([
      ['no limit', 'trip', { order: 'asc', limit: 0 }],
      ['a negative limit', 'trip', { order: 'asc', limit: -1 }],
      ['half a limit', 'trip', { order: 'asc', limit: 1.5 }],
      ['a kind of single documents', 'active', ALL],
      ['a filter the kind lacks', 'trip', { ...ALL, where: { suspicious: true } }],
      ['a filter on a kind without any', 'car', { ...ALL, where: { carId: 'car_1' } }],
      ['chunks of no trip', 'chunk', ALL],
      ['trips of a trip', 'trip', { ...ALL, trip: 't' }],
    ])('%s is refused', async (_, kind, query) => {
      const anna = await openAnna();
      await expect(anna.list(kind, query)).rejects.toThrow(Error);
      await expect(anna.transact((tx) => tx.list(kind, query))).rejects.toThrow(Error);
    });
  });

  describe('chunks', () => {
    const TRIPS = ['t', 't ', 't-1', 't0', 't1', 'T', 't%', 'tt', 'é'];

    test('are listed of their own trip, by window', async () => {
      const anna = await openAnna();
      for (const id of TRIPS) {
        const windows = [240_000, 0, 120_000].map((window) => chunkId(id, window));
        await putAll(
          anna,
          'chunk',
          named(windows, (name) => chunk(Number(name.slice(-15)))),
        );
      }
      for (const id of TRIPS) {
        const windows = [0, 120_000, 240_000].map((window) => chunkId(id, window));
        expect(await idsOf(anna, 'chunk', { ...ALL, trip: id })).toEqual(windows);
        expect(await pagedIds(anna, 'chunk', { order: 'desc', limit: 1, trip: id })).toEqual(windows.toReversed());
        expect(await idsOf(anna, 'chunk', { ...ALL, trip: id, from: windows[1]!, to: windows[1]! })).toEqual([
          windows[1],
        ]);
        expect(await idsOf(anna, 'chunk', { order: 'desc', limit: 1, trip: id, to: windows[1]! })).toEqual([
          windows[1],
        ]);
      }
      expect(await idsOf(anna, 'chunk', { ...ALL, trip: 'none' })).toEqual([]);
      expect(await idsOf(anna, 'chunk', { ...ALL, trip: 't', from: chunkId('t1', 0) })).toEqual([]);
    });
  });

  describe('filters', () => {
    const TRIPS = ['B', 'P', 'M'].flatMap((type) =>
      ['car_1', 'car_2', null].flatMap((carId) =>
        [true, false].flatMap((needsReview) =>
          [0, 1].map((late) => ({ id: `${type}-${carId}-${needsReview}-${late}`, type, carId, needsReview, late })),
        ),
      ),
    );
    const at = (row: { late: number }) => NOON + row.late;
    const expected = (where: Filter) =>
      TRIPS.filter((row) => where.carId === undefined || row.carId === where.carId)
        .filter((row) => where.tripType === undefined || row.type === where.tripType)
        .filter((row) => where.needsReview === undefined || row.needsReview === where.needsReview)
        .toSorted((a, b) => at(a) - at(b) || (a.id < b.id ? -1 : 1));
    const openFiltered = async () => {
      const anna = await openAnna();
      const docs = TRIPS.map((row) => [row.id, trip(row.id, { ...row, type: row.type as 'B', startedAt: at(row) })]);
      await putAll(anna, 'trip', Object.fromEntries(docs));
      return anna;
    };
    const CASES: Filter[] = [undefined, 'car_1', 'car_3'].flatMap((carId) =>
      [undefined, 'P', 'X'].flatMap((tripType) =>
        [undefined, true, false].map((needsReview) => ({
          ...(carId === undefined ? {} : { carId }),
          ...(tripType === undefined ? {} : { tripType }),
          ...(needsReview === undefined ? {} : { needsReview }),
        })),
      ),
    );

    test('of trips hold alone and together, with pages, bounds and both directions', async () => {
      const anna = await openFiltered();
      for (const where of CASES) {
        const ids = expected(where).map((row) => row.id);
        expect(await pagedIds(anna, 'trip', { order: 'asc', limit: 7, where })).toEqual(ids);
        expect(await pagedIds(anna, 'trip', { order: 'desc', limit: 200, where })).toEqual(ids.toReversed());
        const late = expected(where)
          .filter((row) => row.late)
          .map((row) => row.id);
        expect(await idsOf(anna, 'trip', { ...ALL, where, from: NOON + 1, to: NOON + 1 })).toEqual(late);
      }
    });

    test('follow a trip that changes', async () => {
      const anna = await openAnna();
      const waiting = { ...ALL, where: { needsReview: true } };
      await put(anna, 'trip', 't', trip('t', { needsReview: true, carId: 'car_1' }));
      expect(await idsOf(anna, 'trip', waiting)).toEqual(['t']);
      await put(anna, 'trip', 't', trip('t', { needsReview: false, carId: null }));
      expect(await idsOf(anna, 'trip', waiting)).toEqual([]);
      expect(await idsOf(anna, 'trip', { ...ALL, where: { carId: 'car_1' } })).toEqual([]);
      await remove(anna, 'trip', 't');
      expect(await idsOf(anna, 'trip', { ...ALL, where: { needsReview: false } })).toEqual([]);
    });

    test('of odometer readings: car and suspicion', async () => {
      const anna = await openAnna();
      for (const [id, carId, suspicious] of [
        ['a', 'car_1', false],
        ['b', 'car_1', true],
        ['c', 'car_2', true],
      ] as const) {
        await put(anna, 'odometer_reading', id, odometerReading(id, { carId, suspicious }));
      }
      const found = (where: Filter) => idsOf(anna, 'odometer_reading', { ...ALL, where });
      expect(await found({ carId: 'car_1' })).toEqual(['a', 'b']);
      expect(await found({ suspicious: true })).toEqual(['b', 'c']);
      expect(await found({ suspicious: false })).toEqual(['a']);
      expect(await found({ carId: 'car_1', suspicious: true })).toEqual(['b']);
      expect(await found({ carId: 'car_' })).toEqual([]);
    });

    test('of events: what waits for the user and is not settled', async () => {
      const anna = await openAnna();
      await put(anna, 'event', 'quiet', event('quiet'));
      await put(anna, 'event', 'waits', event('waits', NOON, { waiting: 'orphan_end' }));
      await put(anna, 'event', 'settled', event('settled', NOON, { waiting: 'orphan_end', settled: true }));
      const found = (waiting: boolean) => idsOf(anna, 'event', { ...ALL, where: { waiting } });
      expect(await found(true)).toEqual(['waits']);
      expect(await found(false)).toEqual(['quiet', 'settled']);
    });
  });
}
