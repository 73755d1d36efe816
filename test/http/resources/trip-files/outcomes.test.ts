/** What becomes of the rows of a file: added once, found again, or refused with the reason; undone as one. */

import { describe, expect, it } from 'vitest';
import { JAN } from '../../../support/app.ts';
import { tripOf } from '../../../support/trips.ts';
import { HOUR, MINUTE, NOW } from '../logbook.ts';
import { csvOf, openImports } from './asking.ts';

type Cells = readonly (string | number)[];

const HEADER: Cells = ['started_at', 'ended_at', 'distance_km', 'car', 'trip_type'];
const row = (from: string, to: string, km = 20, car = 'Golf', type = 'B'): Cells => [
  `2026-02-${from}Z`,
  `2026-02-${to}Z`,
  km,
  car,
  type,
];
const file = (...rows: readonly Cells[]) => csvOf([HEADER, ...rows]);
const outcomes = (answer: { body: { rows: { outcome: string }[] } }) => answer.body.rows.map(({ outcome }) => outcome);

const MORNING = row('03T08:00:00', '03T08:40:00');
const EVENING = row('03T17:00:00', '03T17:30:00', 21, 'Golf', 'P');

describe('a dry run', () => {
  it('answers what the import answers, and writes nothing', async () => {
    const { send, held, get } = await openImports();
    const before = held();
    const csv = file(MORNING, EVENING, row('04T08:00:00', '04T07:00:00'), MORNING);
    const trial = await send(csv, { query: '?dry_run=true' });
    expect(held()).toEqual(before);
    expect(trial.body).toMatchObject({ dry_run: true, activity_id: null });
    const real = await send(csv);
    expect(real.body).toMatchObject({ dry_run: false, activity_id: expect.stringMatching(/^act_/) });
    const bare = (answer: typeof trial) => {
      const { activity_id: _, dry_run: _dry, rows, ...others } = answer.body;
      return { ...others, rows: rows.map((one: object) => ({ ...one, trip_id: null })) };
    };
    expect(bare(trial)).toEqual(bare(real));
    expect(outcomes(real)).toEqual(['added', 'added', 'refused', 'duplicate']);
    expect(real.body.totals).toEqual({ trips: 2, total_km: 41, business_km: 20, private_km: 21 });
    expect(trial.body.rows.map(({ trip_id }: { trip_id: unknown }) => trip_id)).toEqual([null, null, null, null]);
    expect((await get('/stats')).body).toMatchObject({ total_km: 41, business_km: 20, trip_count: 2 });
  });
});

describe('a duplicate', () => {
  it('is a row of this file that was there already', async () => {
    const { send } = await openImports();
    const answer = await send(file(MORNING, EVENING, row('03T08:00:30', '03T08:39:00', 20.05)));
    const [first, , third] = answer.body.rows;
    expect(third).toMatchObject({
      outcome: 'duplicate',
      same_as_row: 2,
      trip_id: first.trip_id,
      trip: null,
      errors: [],
    });
  });

  it('is every row of a file that is sent again; what is new in it is added', async () => {
    const { send, held } = await openImports();
    await send(file(MORNING, EVENING));
    const before = held();
    const again = await send(file(MORNING, EVENING));
    expect(again.body).toMatchObject({ counts: { rows: 2, added: 0, duplicate: 2, refused: 0 }, activity_id: null });
    expect(held()).toEqual(before);
    const more = await send(file(MORNING, EVENING, row('04T08:00:00', '04T08:40:00')));
    expect(outcomes(more)).toEqual(['duplicate', 'duplicate', 'added']);
  });

  it.each([
    ['begun in the same minute by the same car', { startedAt: '08:00:59', car: true, km: 33 }, 'duplicate'],
    ['begun in the same minute and as far', { startedAt: '08:00:59', car: false, km: 20.1 }, 'duplicate'],
    [
      'begun in the same minute, but not as far and of no known car',
      { startedAt: '08:00:59', car: false, km: 20.2 },
      'added',
    ],
    ['four fifths of its time with the same car', { startedAt: '08:08:00', car: true, km: 33 }, 'duplicate'],
    ['four fifths of its time, of no known car', { startedAt: '08:08:00', car: false, km: 33 }, 'added'],
    ['less of its time with the same car', { startedAt: '08:09:00', car: true, km: 33 }, 'refused'],
    ['behind it', { startedAt: '08:40:00', car: true, km: 20 }, 'added'],
  ])('of a trip in the book: %s', async (_, { startedAt, car, km }, outcome) => {
    const { send, golf, book } = await openImports();
    const at = Date.parse(`2026-02-03T${startedAt}Z`);
    const there = tripOf({
      carId: car ? golf : null,
      startedAt: at,
      endedAt: at + 90 * MINUTE,
      distanceMetres: km * 1_000,
      businessMetres: km * 1_000,
    });
    await book(there);
    const answer = await send(file(MORNING));
    expect(outcomes(answer)).toEqual([outcome]);
    if (outcome === 'duplicate') expect(answer.body.rows[0]).toMatchObject({ trip_id: there.id, same_as_row: null });
    if (outcome === 'refused') expect(answer.body.rows[0].errors[0].message).toContain(there.id);
  });
});

describe('one car drives one trip at a time', () => {
  it('also within a file, and beside the drive under way', async () => {
    const { send, ask, golf } = await openImports();
    const start = { lat: 52, lng: 5, car_id: golf, timestamp: new Date(NOW - HOUR).toISOString() };
    expect((await ask(JAN, 'POST', '/webhook/start', start)).status).toBe(200);
    const now = ['2026-03-10T11:30:00Z', '2026-03-10T11:50:00Z', 9, 'Golf', 'B'];
    const polo = ['2026-03-10T11:30:00Z', '2026-03-10T11:50:00Z', 9, 'Polo', 'B'];
    const answer = await send(file(MORNING, row('03T08:30:00', '03T09:30:00', 44), now, polo));
    expect(outcomes(answer)).toEqual(['added', 'refused', 'refused', 'added']);
    expect(answer.body.rows[1].errors).toEqual([
      { field: 'started_at', message: expect.stringContaining('that of row 2') },
    ]);
    expect(answer.body.rows[2].errors[0].message).toContain('the drive under way');
  });
});

describe('a month that is closed', () => {
  it('takes nothing; what is in it already is a duplicate', async () => {
    const { send, ask } = await openImports();
    await send(file(MORNING));
    expect((await ask(JAN, 'POST', '/months/2026-02/close')).status).toBe(200);
    const answer = await send(
      file(MORNING, EVENING, ['2026-03-03T08:00:00Z', '2026-03-03T08:40:00Z', 20, 'Golf', 'B']),
    );
    expect(outcomes(answer)).toEqual(['duplicate', 'refused', 'added']);
    expect(answer.body.rows[1]).toMatchObject({ code: 'month_closed', errors: [{ field: 'started_at' }] });
  });
});

describe('an import', () => {
  const MANY = Array.from({ length: 350 }, (_, i): Cells => {
    const at = Date.parse('2025-06-01T06:00:00Z') + i * 12 * HOUR;
    const [from = '', to = ''] = [at, at + HOUR].map((one) => new Date(one).toISOString());
    return [from, to, 10 + (i % 3), i % 2 ? 'Golf' : 'Polo', i % 5 ? 'B' : ''];
  });

  it('is one entry of the feed; undone, the logbook is as it was, and done again as it had become', async () => {
    const { send, ask, get, inBook, held, clock } = await openImports();
    await send(file(MORNING));
    const remembered = () => held()['memory/'];
    expect(remembered()).toMatchObject({ memory: { settled: {} } });
    const [before, memoryBefore] = [inBook(), remembered()];
    clock.advance(1_000);
    const answer = await send(file(...MANY));
    expect(answer.body.counts).toMatchObject({ added: 350 });
    const [entry] = (await get('/activity?limit=1')).body.activity;
    expect(entry).toMatchObject({ id: answer.body.activity_id, cause: 'import', kind: 'created', count: 350 });
    const [after, memoryAfter] = [inBook(), remembered()];
    clock.advance(1_000);
    const undone = await ask(JAN, 'POST', `/activity/${entry.id}/undo`);
    expect(undone.body).toMatchObject({ cause: 'import', kind: 'deleted', count: 350, undoes: entry.id });
    expect(inBook()).toEqual(before);
    expect(remembered()).toEqual(memoryBefore);
    clock.advance(1_000);
    expect((await ask(JAN, 'POST', `/activity/${undone.body.id}/undo`)).status).toBe(200);
    expect(inBook()).toEqual(after);
    expect(remembered()).toEqual(memoryAfter);
  }, 60_000);

  it('cannot be undone where somebody changed a trip of it since, and then not in part', async () => {
    const { send, ask, inBook } = await openImports();
    const answer = await send(file(...MANY));
    const last = answer.body.rows.at(-1).trip_id;
    await ask(JAN, 'PATCH', `/trips/${last}`, { notes: 'mine' });
    const before = inBook();
    expect((await ask(JAN, 'POST', `/activity/${answer.body.activity_id}/undo`)).status).toBe(409);
    expect(inBook()).toEqual(before);
  }, 60_000);

  it('has its ends in locations by where they are, and its class from the rules where it says none', async () => {
    const { send, ask, get } = await openImports();
    const home = (await ask(JAN, 'POST', '/locations', { name: 'Thuis', kind: 'home', lat: 52, lng: 5 })).body.id;
    await ask(JAN, 'PUT', '/rules', { rules: [{ when: { ends: [{ location_id: home }] }, trip_type: 'P' }] });
    const csv = csvOf([
      ['started_at', 'ended_at', 'distance_km', 'from_lat', 'from_lng', 'to_address', 'car', 'trip_type'],
      ['2026-02-03T08:00:00Z', '2026-02-03T08:40:00Z', 20, '52.0001', '5.0001', 'Laan 1', 'Golf', ''],
      ['2026-02-04T08:00:00Z', '2026-02-04T08:40:00Z', 20, '52.0001', '5.0001', 'Laan 1', 'Golf', 'B'],
    ]);
    expect((await send(csv)).body.counts.added).toBe(2);
    const [second, first] = (await get('/trips')).body.trips;
    expect(first).toMatchObject({
      from: { location_id: home },
      to: { address: 'Laan 1', location_id: null },
      trip_type: 'P',
    });
    expect(first.classified_by).toMatch(/^rule:/);
    expect(second).toMatchObject({ trip_type: 'B', classified_by: 'import' });
  });

  it('is left alone by rules applied later, where the file gave the class', async () => {
    const { send, ask, get } = await openImports();
    await send(file(MORNING));
    await ask(JAN, 'PUT', '/rules', { rules: [{ when: {}, trip_type: 'P' }] });
    await ask(JAN, 'POST', '/rules/apply', {});
    expect((await get('/trips')).body.trips).toMatchObject([{ trip_type: 'B', classified_by: 'import' }]);
  });
});

describe('on the nights the clocks change', () => {
  const local = (start: string, end: string) =>
    csvOf([
      ['Date', 'Start time', 'End time', 'Km'],
      [start.slice(0, 10), start.slice(11), end, 30],
    ]);

  it.each([
    ['of an hour that comes twice the first', '2025-10-26 02:30', '02:50', '2025-10-26T00:30:00.000Z', 20],
    ['and the second where it would end before it began', '2025-10-26 02:50', '02:10', '2025-10-26T00:50:00.000Z', 20],
    ['over the change', '2025-10-26 01:50', '03:10', '2025-10-25T23:50:00.000Z', 140],
    ['over an hour that is skipped', '2025-03-30 01:50', '03:10', '2025-03-30T00:50:00.000Z', 20],
    ['out of an hour that is skipped', '2025-03-30 02:30', '03:30', '2025-03-30T01:30:00.000Z', 60],
    ['within an hour that is skipped', '2025-03-30 02:10', '02:50', '2025-03-30T01:10:00.000Z', 40],
    ['over midnight', '2025-10-25 23:50', '00:20', '2025-10-25T21:50:00.000Z', 30],
  ])('%s', async (_, start, end, startedAt, minutes) => {
    const { send, get } = await openImports();
    expect((await send(local(start, end))).body.counts).toMatchObject({ added: 1 });
    expect((await get('/trips')).body.trips).toMatchObject([{ started_at: startedAt, duration_min: minutes }]);
  });
});
