/** Journeys over midnight, New Year and the nights on which clocks are changed, wherever the driver lives. */

import { describe, expect, test } from 'vitest';
import { localDate, localMonth } from '../../src/domain/calendar.ts';
import { drive, WAYS, type Driver } from '../support/driver.ts';
import { all } from '../support/book.ts';
import { HOME, north } from '../support/places.ts';

const WORK = north(HOME, 20);
const MINUTE = 60_000;

async function months(jan: Driver): Promise<Record<string, string[]>> {
  const docs = await all(jan.store, 'month');
  return Object.fromEntries(docs.map(({ month, rows }) => [month, Object.values(rows).map(({ date }) => date)]));
}

async function driven(jan: Driver): Promise<object[]> {
  return (await jan.trips()).map((trip) => ({
    date: localDate(trip.startedAt, trip.timeZone),
    month: localMonth(trip.startedAt, trip.timeZone),
    minutes: (trip.endedAt - trip.startedAt) / MINUTE,
    km: Math.round(trip.distanceMetres / 1_000),
  }));
}

const NIGHTS = [
  ['Europe/Amsterdam', 'midnight', '2026-03-02 23:40', '2026-03-03 00:20', 40],
  ['Europe/Amsterdam', 'the end of a month', '2026-04-30 23:59', '2026-05-01 00:39', 40],
  ['Europe/Amsterdam', 'New Year', '2026-12-31 23:50', '2027-01-01 00:30', 40],
  ['Europe/Amsterdam', 'the night that lacks an hour', '2026-03-29 01:50', '2026-03-29 03:30', 40],
  ['Europe/Amsterdam', 'the night with an hour twice', '2026-10-25 01:30', '2026-10-25 03:10', 160],
  ['Pacific/Auckland', 'New Year', '2026-12-31 23:50', '2027-01-01 00:30', 40],
  ['Pacific/Auckland', 'the night that lacks an hour', '2026-09-27 01:50', '2026-09-27 03:30', 40],
  ['Pacific/Auckland', 'the night with an hour twice', '2026-04-05 01:30', '2026-04-05 03:10', 160],
  ['Pacific/Honolulu', 'New Year', '2026-12-31 23:50', '2027-01-01 00:30', 40],
  ['Pacific/Honolulu', 'the end of a month', '2026-02-28 23:45', '2026-03-01 00:25', 40],
] as const;

describe.each(WAYS)('by %s', (way) => {
  test.each(NIGHTS)('%s: a drive over %s belongs to its start', async (zone, _night, from, to, minutes) => {
    const jan = await drive(way, { zone, start: `${from.slice(0, 10)} 00:30` });
    await jan.start(from, HOME);
    await jan.end(to, WORK);
    const [date, month] = [from.slice(0, 10), from.slice(0, 7)];
    expect(await driven(jan)).toEqual([{ date, month, minutes, km: 26 }]);
    expect(await months(jan)).toEqual({ [month]: [date] });
  });

  test('in the doubled hour a time without offset is the one nearest to when it came', async () => {
    const jan = await drive(way, { start: '2026-10-25 00:00' });
    await jan.start('2026-10-25T00:10:00Z', HOME);
    await jan.end('2026-10-25T01:20:00Z', WORK);
    expect(await driven(jan)).toMatchObject([{ date: '2026-10-25', minutes: 70 }]);
  });

  test('a changed time zone moves no booked trip, only the next ones', async () => {
    const jan = await drive(way, { start: '2026-03-31 20:00' });
    await jan.start('2026-03-31 23:30', HOME);
    await jan.end('2026-04-01 00:10', WORK);
    const before = [await jan.trips(), await months(jan)];
    await jan.changeSettings({ timeZone: 'Pacific/Auckland', defaultTripType: 'P' });
    expect([await jan.trips(), await months(jan)]).toEqual(before);

    await jan.replay('2026-04-01 00:30', jan.way('2026-03-31 23:30', HOME, '2026-04-01 00:10', WORK));
    const [corrected] = await jan.trips();
    expect(corrected).toMatchObject({ timeZone: 'Europe/Amsterdam', distanceSource: 'gps', type: 'B' });
    expect(await months(jan)).toEqual({ '2026-03': ['2026-03-31'] });

    await jan.start('2026-04-01 01:00', WORK);
    await jan.end('2026-04-01 01:40', HOME);
    expect(await jan.trips()).toMatchObject([{ id: corrected?.id }, { timeZone: 'Pacific/Auckland', type: 'P' }]);
    expect(await months(jan)).toEqual({ '2026-03': ['2026-03-31'], '2026-04': ['2026-04-01'] });
  });

  test('a trip under way keeps the zone it was started in', async () => {
    const jan = await drive(way, { start: '2026-03-31 20:00' });
    await jan.start('2026-03-31 23:30', HOME);
    await jan.changeSettings({ timeZone: 'Pacific/Auckland' });
    await jan.end('2026-04-01 00:10', WORK);
    expect(await months(jan)).toEqual({ '2026-03': ['2026-03-31'] });
  });
});
