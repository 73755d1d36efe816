/** What a file could mean in two ways is asked, by the name of what the mapping has to say; what its rows prove is not. */

import { describe, expect, it } from 'vitest';
import { csvOf, openImports } from './asking.ts';

type Row = Readonly<Record<string, string>>;

const USUAL: Row = { Date: '2026-02-03', 'Start time': '08:00', 'End time': '08:40', 'Distance (km)': '20.5' };
const fileOf = (...rows: readonly Row[]) =>
  csvOf([Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]);
const usual = (change: Row) => {
  const { 'Distance (km)': distance = '', ...others } = { ...USUAL, ...change };
  return 'Distance' in change ? others : { ...others, 'Distance (km)': distance };
};

describe('what nothing proves', () => {
  it.each<readonly [string, readonly Row[], string, RegExp]>([
    ['a unit', [usual({ Distance: '20.5' })], 'mapping.distance_unit', /km, mi or m.*“Distance”/],
    [
      'an order of day and month',
      [usual({ Date: '03/02/2026' })],
      'mapping.date_format',
      /DD-MM-YYYY or MM-DD-YYYY.*above 12/,
    ],
    ['the same with dots', [usual({ Date: '3.2.2026' })], 'mapping.date_format', /DD-MM-YYYY/],
    ['years of two digits', [usual({ Date: '13-02-26' })], 'mapping.date_format', /YY-MM-DD, DD-MM-YY/],
    ['a decimal sign', [usual({ 'Distance (km)': '1.234' })], 'mapping.decimal', /one and a bit/],
    ['a class', [usual({ Type: 'Medical' }), usual({ Type: 'Charity' })], 'mapping.types', /“Medical”, “Charity”/],
    ['a car', [usual({ Car: 'Golf' }), usual({ Car: 'Tesla' })], 'mapping.cars', /“Tesla”$/],
    [
      'rows that say opposite things of dates',
      [usual({ Date: '13/02/2026' }), usual({ Date: '02/14/2026' })],
      'mapping.date_format',
      /row 2 can only be DD-MM-YYYY, row 3 only MM-DD-YYYY/,
    ],
    [
      'rows that say opposite things of numbers',
      [usual({ 'Distance (km)': '1.5' }), usual({ 'Distance (km)': '2,5' })],
      'mapping.decimal',
      /row 2 has one, row 3 the other/,
    ],
  ])('%s', async (_, rows, field, message) => {
    const { send, held } = await openImports();
    const before = held();
    const answer = await send(fileOf(...rows));
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect(answer.body.errors).toEqual([{ field, message: expect.stringMatching(message) }]);
    expect(held()).toEqual(before);
  });

  it('is asked together', async () => {
    const { send } = await openImports();
    const answer = await send(fileOf(usual({ Date: '03/02/2026', Distance: '1,234', Type: 'X', Car: 'Y' })));
    const fields = answer.body.errors.map(({ field }: { field: string }) => field.replace('mapping.', ''));
    expect(fields).toEqual(['decimal', 'date_format', 'distance_unit', 'cars', 'types']);
  });
});

describe('what a row proves', () => {
  const LATER = '2026-02-05';
  it.each<readonly [string, readonly Row[], object]>([
    ['day before month', [usual({ Date: '03/02/2026' }), usual({ Date: '13/02/2026' })], { date: '2026-02-03' }],
    ['month before day', [usual({ Date: '02/03/2026' }), usual({ Date: '02/13/2026' })], { date: '2026-02-03' }],
    ['a decimal comma', [usual({ 'Distance (km)': '1.234,5' })], { distance_km: 1_234.5 }],
    ['a decimal point', [usual({ 'Distance (km)': '1,234.5' })], { distance_km: 1_234.5 }],
    [
      'a decimal sign elsewhere',
      [usual({ 'Distance (km)': '1,234' }), usual({ 'Distance (km)': '20,5', Date: LATER })],
      { distance_km: 1.234 },
    ],
    ['three digits that can be no thousands', [usual({ 'Distance (km)': '0,234' })], { distance_km: 0.234 }],
    [
      'a unit in the header',
      [{ Date: '2026-02-03', 'Start time': '08:00', 'End time': '08:40', Miles: '10' }],
      { distance_km: 16.093 },
    ],
    ['a unit in each cell', [usual({ Distance: '10 mi' })], { distance_km: 16.093 }],
    ['a time on twelve hours', [usual({ 'Start time': '8:00 AM', 'End time': '12:10 p.m.' })], { duration_min: 250 }],
  ])('%s', async (_, rows, expected) => {
    const { send, get } = await openImports();
    const answer = await send(fileOf(...rows));
    expect([answer.status, answer.body.counts?.refused]).toEqual([200, 0]);
    expect((await get('/trips')).body.trips.at(-1)).toMatchObject(expected);
  });
});

describe('what a mapping says', () => {
  it.each<readonly [string, Row, object, object]>([
    ['a unit', usual({ Distance: '10' }), { distance_unit: 'mi' }, { distance_km: 16.093 }],
    ['days first', usual({ Date: '03/02/2026' }), { date_format: 'DD/MM/YYYY' }, { date: '2026-02-03' }],
    ['months first', usual({ Date: '03/02/2026' }), { date_format: 'M/D/YYYY' }, { date: '2026-03-02' }],
    ['short years', usual({ Date: '3.2.26' }), { date_format: 'DD.MM.YY' }, { date: '2026-02-03' }],
    ['a decimal sign', usual({ 'Distance (km)': '1.234' }), { decimal: ',' }, { distance_km: 1_234 }],
    ['a class', usual({ Type: 'Medical' }), { types: { medical: 'P' } }, { trip_type: 'P', classified_by: 'import' }],
    ['no class', usual({ Type: 'Medical' }), { types: { Medical: null } }, { classified_by: 'default' }],
    ['no car', usual({ Car: 'Rental' }), { cars: { rental: null } }, { car_id: null }],
    ['no car at all', usual({}), { car_id: null }, { car_id: null }],
    ['a time zone', usual({}), { time_zone: 'America/New_York' }, { started_at: '2026-02-03T13:00:00.000Z' }],
    ['that a column is not read', usual({ Notes: 'x' }), { columns: { notes: null } }, { notes: null }],
    ['another column', usual({ Notes: 'x' }), { columns: { purpose: 'notes' } }, { purpose: 'x', notes: null }],
  ])('%s, counts', async (_, row, mapping, expected) => {
    const { send, get } = await openImports();
    const answer = await send(fileOf(row), { mapping });
    expect([answer.status, answer.body.counts?.added]).toEqual([200, 1]);
    expect((await get('/trips')).body.trips[0]).toMatchObject(expected);
  });

  it('is answered so that it can be sent back', async () => {
    const { send, golf } = await openImports();
    const mapping = {
      distance_unit: 'mi',
      columns: { notes: null },
      cars: { old: golf },
      types: { X: 'P' },
      car_id: golf,
    };
    const csv = fileOf(usual({ Distance: '10', Notes: 'n', Car: 'old', Type: 'x' }));
    const answer = await send(csv, { mapping });
    expect(answer.body.mapping).toMatchObject(mapping);
    const again = await send(csv, { mapping: answer.body.mapping });
    expect(again.body).toMatchObject({ mapping: answer.body.mapping, counts: { duplicate: 1 } });
  });

  it.each<readonly [string, object, string]>([
    ['a column that is not there', { columns: { notes: 'Remarks' } }, 'mapping.columns.notes'],
    ['a car of somebody else', { car_id: 'car_00000000000000000000' }, 'mapping.car_id'],
    ['a car of nobody', { cars: { x: 'car_00000000000000000000' } }, 'mapping.cars.x'],
    ['a unit its header contradicts', { distance_unit: 'mi' }, 'mapping.distance_unit'],
  ])('is refused with 422 for %s', async (_, mapping, field) => {
    const { send } = await openImports();
    const answer = await send(fileOf(usual({ Car: 'Golf' })), { mapping });
    expect([answer.status, answer.body.errors[0].field]).toEqual([422, field]);
  });

  it.each<readonly [object, string]>([
    [{ unit: 'km' }, 'mapping.unit'],
    [{ columns: { start: 'x' } }, 'mapping.columns.start'],
    [{ columns: { notes: 3 } }, 'mapping.columns.notes'],
    [{ distance_unit: 'furlong' }, 'mapping.distance_unit'],
    [{ date_format: 'YYYY-DD-MM' }, 'mapping.date_format'],
    [{ date_format: 'DD-MM' }, 'mapping.date_format'],
    [{ decimal: '·' }, 'mapping.decimal'],
    [{ delimiter: '|' }, 'mapping.delimiter'],
    [{ time_zone: '+01:00' }, 'mapping.time_zone'],
    [{ car_id: '../x' }, 'mapping.car_id'],
    [{ types: { x: 'Q' } }, 'mapping.types.x'],
    [{ cars: { x: 7 } }, 'mapping.cars.x'],
  ])('is refused with 400 for %j', async (mapping, field) => {
    const { send } = await openImports();
    const answer = await send(fileOf(USUAL), { mapping });
    expect([answer.status, answer.body.errors[0].field]).toEqual([400, field]);
  });
});

describe('a file without what a trip needs', () => {
  it.each([
    ['no header', '1,2,3\n4,5,6\n', ['mapping.columns']],
    ['nothing', '\n\n', ['mapping.columns']],
    [
      'no end and no distance',
      'Date,Start time\n2026-02-03,08:00\n',
      ['mapping.columns.ended_at', 'mapping.columns.distance'],
    ],
    ['no start', 'End time,Km\n08:00,3\n', ['mapping.columns.started_at']],
  ])('says what is missing: %s', async (_, csv, fields) => {
    const { send } = await openImports();
    const answer = await send(csv);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
  });

  it('says so where it is not of the kind it is said to be', async () => {
    const { send } = await openImports();
    const answer = await send(fileOf(USUAL), { query: '?format=mileiq' });
    expect([answer.status, answer.body.errors[0].field]).toEqual([422, 'format']);
    expect(answer.body.errors[0].message).toContain('“Start time”');
  });
});
