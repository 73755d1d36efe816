/** Journeys whose events get lost, late or out of order. */

import { describe, expect, test } from 'vitest';
import { drive, WAYS } from '../support/driver.ts';
import { HOME, north } from '../support/places.ts';

const WORK = north(HOME, 20);

describe.each(WAYS)('by %s', (way) => {
  test('garage with lost end: the next start ends the trip where it was last seen', async () => {
    const jan = await drive(way);
    jan.ticking = true;
    await jan.start('08:00', HOME);
    await jan.follow('08:00', HOME, '08:20', WORK);
    expect(await jan.start('09:40', WORK)).toMatchObject({ code: 'started' });
    await jan.end('10:00', HOME);
    expect(await jan.book()).toEqual([
      '08:00–~08:20:33 20.0 km gps, by next_start, ? end_lost',
      '09:40–10:00 26.0 km straight_line',
    ]);
  });

  test('garage with lost end: it comes when the phone is out again, before or after the next start', async () => {
    for (const received of ['09:30', '09:50']) {
      const jan = await drive(way);
      await jan.start('08:00', HOME);
      await jan.follow('08:00', HOME, '08:20', WORK);
      if (received === '09:50') await jan.start('09:40', WORK);
      expect(await jan.end('08:20', WORK, { received })).toMatchObject({ code: 'finished' });
      if (received === '09:30') await jan.start('09:40', WORK);
      await jan.end('10:00', HOME);
      expect(await jan.book()).toEqual(['08:00–08:20 20.0 km gps', '09:40–10:00 26.0 km straight_line']);
      expect(await jan.review()).toEqual([]);
    }
  });

  test('garage with lost start: the points and the end wait for it', async () => {
    const jan = await drive(way);
    const first = await jan.ping('08:01', north(HOME, 1));
    expect(first).toMatchObject({ code: 'no_active_trip' });
    await jan.follow('08:01', north(HOME, 1), '08:20', WORK);
    expect(await jan.end('08:20', WORK)).toMatchObject({ code: 'no_active_trip' });
    expect(await jan.book()).toEqual([]);
    expect(await jan.review()).toEqual(['08:20 end orphan_end']);
    expect(await jan.start('08:00', HOME, { received: '08:25' })).toMatchObject({ code: 'finished' });
    expect(await jan.book()).toEqual(['08:00–08:20 20.0 km gps']);
    expect(await jan.review()).toEqual([]);
    expect(await jan.store.get('idle', 'idle_points')).toBe(null);
  });

  test('end lost, next start 75 min later', async () => {
    const jan = await drive(way);
    await jan.start('08:00', HOME);
    expect(await jan.start('09:15', WORK)).toMatchObject({ code: 'started' });
    await jan.end('09:45', HOME);
    await jan.tick('23:00');
    expect(await jan.book()).toEqual([
      '08:00–~08:31:12 26.0 km straight_line, by next_start, ? end_lost',
      '09:15–09:45 26.0 km straight_line',
    ]);
    expect(await jan.review()).toEqual(['08:00 trip']);
  });

  test('end lost, next start 75 min later, ticks or none', async () => {
    const books = [];
    for (const ticking of [true, false]) {
      const jan = await drive(way);
      jan.ticking = ticking;
      await jan.start('08:00', HOME);
      await jan.follow('08:00', HOME, '08:15', north(HOME, 15));
      await jan.start('12:30', WORK);
      await jan.end('13:00', HOME);
      await jan.tick('23:00');
      books.push(await jan.book());
    }
    expect(books[0]).toEqual(books[1]);
    expect(books[0]).toHaveLength(2);
  });

  test('tracker that never sleeps: standing still is no driving', async () => {
    const jan = await drive(way);
    jan.ticking = true;
    await jan.start('08:00', HOME);
    await jan.follow('08:00', HOME, '08:20', WORK);
    for (let hour = 8; hour < 17; hour += 1) {
      for (const minute of ['20', '35', '50']) {
        await jan.ping(`${String(hour).padStart(2, '0')}:${minute}`, WORK, { accuracy: 15 });
      }
    }
    expect(await jan.phase()).toBe('idle');
    expect(await jan.book()).toEqual(['08:00–08:20 20.0 km gps, by stale, ? stale']);
    await jan.start('17:00', WORK);
    await jan.end('17:20', HOME);
    await jan.tick('2026-03-03 06:00');
    expect(await jan.book()).toEqual([
      '08:00–~08:20 20.0 km gps, by next_start, ? end_lost',
      '17:00–17:20 26.0 km straight_line',
    ]);
  });

  test('replay after a weekend offline while ticks run', async () => {
    const jan = await drive(way, { start: '2026-03-06 16:00' });
    jan.ticking = true;
    await jan.start('17:00', WORK);
    const friday = jan.way('17:00', WORK, '17:40', HOME);
    const saturday = jan.way('2026-03-07 10:00', HOME, '2026-03-07 10:30', north(HOME, 30));
    const back = jan.way('2026-03-07 15:00', north(HOME, 30), '2026-03-07 15:30', HOME);
    const monday = '2026-03-09 08:00';
    await jan.goTo(monday);
    expect(await jan.book()).toHaveLength(1);
    const late = { received: monday };
    await jan.replay(monday, friday);
    await jan.end('2026-03-06 17:40', HOME, late);
    await jan.start('2026-03-07 10:00', HOME, late);
    await jan.replay(monday, [...saturday, ...back]);
    await jan.end('2026-03-07 10:30', north(HOME, 30), late);
    await jan.start('2026-03-07 15:00', north(HOME, 30), late);
    await jan.end('2026-03-07 15:30', HOME, late);
    await jan.goTo('2026-03-09 12:00');
    expect(await jan.book()).toEqual([
      '17:00–17:40 20.0 km gps',
      '03-07 10:00–03-07 10:30 30.0 km gps',
      '03-07 15:00–03-07 15:30 30.0 km gps',
    ]);
    expect(await jan.review()).toEqual([]);
    expect(await jan.phase()).toBe('idle');
  });

  test('an end from before the journal waits for its driver', async () => {
    const jan = await drive(way, { start: '2026-03-06 16:00' });
    await jan.start('2026-03-06 17:00', WORK);
    await jan.end('2026-03-06 17:30', HOME);
    const end = await jan.end('2026-03-06 18:00', WORK, { received: '2026-03-09 18:01' });
    expect(end).toMatchObject({ code: 'no_active_trip', warnings: ['timestamp_too_old'] });
    expect(await jan.book()).toEqual(['17:00–17:30 26.0 km straight_line']);
    expect(await jan.review()).toEqual(['18:00 end too_old']);
  });

  test('late points correct a finished trip, and never lengthen it', async () => {
    const jan = await drive(way);
    await jan.start('08:00', HOME);
    await jan.end('08:20', WORK);
    expect(await jan.book()).toEqual(['08:00–08:20 26.0 km straight_line']);
    await jan.replay('09:00', jan.way('08:00', HOME, '08:30', north(HOME, 30)));
    expect(await jan.book()).toEqual(['08:00–08:20 20.0 km gps']);
    expect(await jan.feed()).toEqual(['created 08:00', 'changed 08:00']);
    await jan.replay('09:01', jan.way('08:00', HOME, '08:20', WORK));
    expect(await jan.feed()).toHaveLength(2);
  });

  test('a trip its driver settled stays as it is: the event waits, the points are nobody’s', async () => {
    const jan = await drive(way);
    const { tripId } = await jan.start('08:00', HOME);
    await jan.end('08:20', WORK);
    await jan.edit(tripId, { purpose: 'visit' });
    await jan.replay('09:00', jan.way('08:00', HOME, '08:20', WORK));
    await jan.end('08:15', north(HOME, 15), { received: '09:05' });
    expect(await jan.book()).toEqual(['08:00–08:20 26.0 km straight_line']);
    expect(await jan.review()).toEqual(['08:15 end late_event']);
    await jan.start('09:10', WORK);
    await jan.end('09:30', HOME);
    await jan.start('08:40', WORK, { received: '09:40' });
    await jan.end('08:50', north(WORK, 10), { received: '09:41' });
    expect(await jan.book()).toEqual([
      '08:00–08:20 26.0 km straight_line',
      '08:40–08:50 13.0 km straight_line',
      '09:10–09:30 26.0 km straight_line',
    ]);
  });

  test('a deleted trip does not come back', async () => {
    const jan = await drive(way);
    const { tripId } = await jan.start('08:00', HOME);
    await jan.end('08:20', WORK);
    await jan.remove(tripId);
    expect(await jan.start('08:22', WORK)).toMatchObject({ code: 'started' });
    await jan.end('08:40', HOME);
    await jan.replay('09:00', jan.way('08:00', HOME, '08:20', WORK));
    await jan.start('07:00', WORK, { received: '09:10' });
    await jan.end('07:30', HOME, { received: '09:11' });
    await jan.tick('2026-03-07 12:00');
    expect(await jan.book()).toEqual(['07:00–07:30 26.0 km straight_line', '08:22–08:40 26.0 km straight_line']);
  });
});
