/** Numbers, dates and times as files write them, by rows. */

import { describe, expect, test } from 'vitest';
import { dateFormatOf, nameOfDateFormat, type DateFormat } from '../../../src/domain/trip-files/columns.ts';
import { lastedMs, momentIn, orderIn } from '../../../src/domain/trip-files/moments.ts';
import { decimalIn, numberIn } from '../../../src/domain/trip-files/numbers.ts';

describe('a number', () => {
  test.each([
    ['20', null],
    ['20.5', '.'],
    ['20,50', ','],
    ['1.234', 'either'],
    ['1,234', 'either'],
    ['0.234', '.'],
    ['1234.567', '.'],
    ['1.234.567', ','],
    ['1.234,5', ','],
    ['1,234.5', '.'],
    ["1'234.5", '.'],
    ['1 234,567', ','],
    ['12.8 mi', '.'],
    ['far', null],
    ['', null],
  ])('%j says of its decimal sign: %s', (cell, said) => expect(decimalIn(cell)).toBe(said));

  test.each([
    ['20', '.', 20, 0, ''],
    ['20,50', ',', 20.5, 2, ''],
    ['1.234', '.', 1.234, 3, ''],
    ['1.234', ',', 1_234, 0, ''],
    ['1.234.567,8', ',', 1_234_567.8, 1, ''],
    ["48'211.337", '.', 48_211.337, 3, ''],
    ['48 211,3 km', ',', 48_211.3, 1, 'km'],
    ['48\u00a0211,3\u00a0km', ',', 48_211.3, 1, 'km'],
    ['12mi', '.', 12, 0, 'mi'],
    ['-5.1', '.', -5.1, 1, ''],
    ['.5', '.', 0.5, 1, ''],
  ] as const)('%j with %j is %d', (cell, decimal, value, decimals, unit) =>
    expect(numberIn(cell, decimal)).toEqual({ value, decimals, unit }),
  );

  test.each([
    ['1,23', '.'],
    ['12,34,567', '.'],
    ['1.2.3', '.'],
    ['.', '.'],
    ['1e5', '.'],
    ['12 km h', '.'],
    ['=SUM(A1)', '.'],
    ['٣', '.'],
  ] as const)('%j with %j is none', (cell, decimal) => expect(numberIn(cell, decimal)).toBeNull());
});

const format = (text: string): DateFormat => dateFormatOf(text) ?? { order: 'ymd', hasShortYear: false };

describe('a date', () => {
  test.each([
    ['2026-02-03', 'ymd'],
    ['2026/2/3 08:00', 'ymd'],
    ['13-02-2026', 'dmy'],
    ['02/13/2026 8:00 AM', 'mdy'],
    ['02/03/2026', 'either'],
    ['3.2.26', 'short'],
    ['26-02-13', 'short'],
    ['08:45', null],
    ['1772001000000', null],
  ])('%j says of its order: %s', (cell, said) => expect(orderIn(cell)).toBe(said));

  const local = (date: string | null, time: string | null) => ({ kind: 'local', date, time });
  const instant = (iso: string) => ({ kind: 'instant', at: Date.parse(iso) });
  test.each([
    ['2026-02-03', 'DD-MM-YYYY', local('2026-02-03', null)],
    ['3/2/2026', 'DD-MM-YYYY', local('2026-02-03', null)],
    ['3/2/2026 8:05 PM', 'MM-DD-YYYY', local('2026-03-02', '20:05:00')],
    ['03.02.26, 08.05', 'DD.MM.YY', local('2026-02-03', '08:05:00')],
    ['2026-02-03T08:05:09.5', 'YYYY-MM-DD', local('2026-02-03', '08:05:09')],
    ['12:05 am', 'YYYY-MM-DD', local(null, '00:05:00')],
    ['12:05 p.m.', 'YYYY-MM-DD', local(null, '12:05:00')],
    ['8h05', 'YYYY-MM-DD', local(null, '08:05:00')],
    ['2026-02-03T08:05:00Z', 'DD-MM-YYYY', instant('2026-02-03T08:05:00Z')],
    ['2026-02-03 08:05:00+01', 'YYYY-MM-DD', instant('2026-02-03T08:05:00+01:00')],
    ['2026-02-03 08:05:00.123 +0530', 'YYYY-MM-DD', instant('2026-02-03T08:05:00.123+05:30')],
    ['1772001000', 'YYYY-MM-DD', instant('2026-02-25T06:30:00Z')],
    ['1772001000000', 'YYYY-MM-DD', instant('2026-02-25T06:30:00Z')],
  ])('%j as %s is read', (cell, name, said) => expect(momentIn(cell, format(name))).toEqual(said));

  test.each([
    ['30-02-2026', 'DD-MM-YYYY'],
    ['13-13-2026', 'DD-MM-YYYY'],
    ['03-02-26', 'DD-MM-YYYY'],
    ['03-02-2026 24:00', 'DD-MM-YYYY'],
    ['03-02-2026 8:60', 'DD-MM-YYYY'],
    ['13:05 PM', 'YYYY-MM-DD'],
    ['0:05 AM', 'YYYY-MM-DD'],
    ['03-02/2026x', 'DD-MM-YYYY'],
    ['2 March 2026', 'DD-MM-YYYY'],
    ['46056', 'YYYY-MM-DD'],
  ])('%j as %s is none', (cell, name) => expect(momentIn(cell, format(name))).toBeNull());

  test.each(['YYYY-MM-DD', 'DD-MM-YYYY', 'MM-DD-YYYY', 'DD-MM-YY'])('%s is a format, and called so', (name) =>
    expect(nameOfDateFormat(format(name))).toBe(name),
  );

  test.each(['', 'YYYY-DD-MM', 'DD-MM', 'DD-DD-YYYY', 'DD-MM/YYYY', 'YYYYMMDD'])('%j is no format', (name) =>
    expect(dateFormatOf(name)).toBeNull(),
  );
});

test.each([
  ['1:20', 80],
  ['0:05:30', 5.5],
  ['1 h 20 min', 80],
  ['2h', 120],
  ['35 mins', 35],
])('%j lasted %d minutes', (cell, minutes) => expect(lastedMs(cell)).toBe(minutes * 60_000));

test.each(['', 'long', 'h', '1:2', '-5'])('%j lasted nobody knows how long', (cell) =>
  expect(lastedMs(cell)).toBeNull(),
);
