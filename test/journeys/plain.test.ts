/** Journeys of people whose phone says little: a start, an end, often not even a place. */

import { describe, expect, test } from 'vitest';
import { drive, WAYS } from '../support/driver.ts';
import { HOME, north } from '../support/places.ts';

const WORK = north(HOME, 20);

describe.each(WAYS)('by %s', (way) => {
  test('start and end only, 4.5 h apart', async () => {
    const jan = await drive(way);
    jan.ticking = true;
    expect(await jan.start('08:00', HOME)).toMatchObject({ code: 'started' });
    expect(await jan.end('12:30', WORK)).toMatchObject({ code: 'finished' });
    await jan.tick('2026-03-03 12:00');
    expect(await jan.book()).toEqual(['08:00–12:30 26.0 km straight_line']);
    expect(await jan.review()).toEqual([]);
    expect(await jan.feed()).toEqual(['created 08:00']);
  });

  test('start only (phone dead): the trip is stale after 12 h, and waits to be looked at', async () => {
    const jan = await drive(way);
    jan.ticking = true;
    await jan.start('08:00', HOME);
    await jan.goTo('19:59');
    expect([await jan.phase(), await jan.book()]).toEqual(['driving', []]);
    await jan.goTo('20:02');
    expect(await jan.phase()).toBe('idle');
    expect(await jan.book()).toEqual(['08:00–08:00 0.0 km unknown, by stale, ? stale unknown_distance']);
    expect(await jan.review()).toEqual(['08:00 trip']);
  });

  test('start only (phone dead): the next start says where it ended', async () => {
    const jan = await drive(way);
    jan.ticking = true;
    await jan.start('08:00', HOME);
    expect(await jan.start('2026-03-03 07:30', WORK)).toMatchObject({ code: 'started' });
    await jan.end('2026-03-03 08:00', HOME);
    expect(await jan.book()).toEqual([
      '08:00–~08:31:12 26.0 km straight_line, by next_start, ? end_lost',
      '03-03 07:30–03-03 08:00 26.0 km straight_line',
    ]);
  });

  test('start only (phone dead): over 24 h later nobody knows where it ended', async () => {
    const jan = await drive(way);
    await jan.start('08:00', HOME);
    await jan.start('2026-03-03 08:30', WORK);
    await jan.end('2026-03-03 09:00', HOME);
    expect(await jan.book()).toEqual([
      '08:00–08:00 0.0 km unknown, by stale, ? stale unknown_distance',
      '03-03 08:30–03-03 09:00 26.0 km straight_line',
    ]);
  });

  test('end only: kept for review until the late start completes it', async () => {
    const jan = await drive(way);
    expect(await jan.end('17:00', HOME)).toMatchObject({ code: 'no_active_trip', tripId: null });
    expect(await jan.book()).toEqual([]);
    expect(await jan.review()).toEqual(['17:00 end orphan_end']);
    expect(await jan.start('16:20', WORK, { received: '18:00' })).toMatchObject({ code: 'finished' });
    expect(await jan.book()).toEqual(['16:20–17:00 26.0 km straight_line']);
    expect(await jan.review()).toEqual([]);
    expect(await jan.phase()).toBe('idle');
  });

  test('end only: a late start completes it although a newer trip is open', async () => {
    const jan = await drive(way);
    await jan.end('17:00', HOME);
    const newer = await jan.start('19:00', HOME);
    expect(await jan.start('16:20', WORK, { received: '19:10' })).toMatchObject({ code: 'finished' });
    expect(await jan.end('19:30', WORK)).toMatchObject({ code: 'finished', tripId: newer.tripId });
    expect(await jan.book()).toEqual(['16:20–17:00 26.0 km straight_line', '19:00–19:30 26.0 km straight_line']);
    expect(await jan.review()).toEqual([]);
  });

  test('no position at all', async () => {
    const jan = await drive(way);
    expect(await jan.start('08:00')).toMatchObject({ code: 'started' });
    expect(await jan.end('08:40')).toMatchObject({ code: 'finished' });
    expect(await jan.book()).toEqual(['08:00–08:40 0.0 km unknown, ? unknown_distance']);
    expect(await jan.review()).toEqual(['08:00 trip']);
  });

  describe('event first and position in a second request', () => {
    test('without any id', async () => {
      const jan = await drive(way);
      const { tripId } = await jan.start('08:00');
      expect(await jan.start('08:00:20', HOME)).toMatchObject({ code: 'already_active', duplicate: true, tripId });
      expect(await jan.end('08:40')).toMatchObject({ code: 'finished', tripId, duplicate: false });
      expect(await jan.end('08:40:30', WORK)).toMatchObject({ code: 'finished', duplicate: true, tripId });
      expect(await jan.book()).toEqual(['08:00–08:40 26.0 km straight_line']);
      expect(await jan.trips()).toMatchObject([{ from: HOME, to: WORK }]);
      expect(await jan.review()).toEqual([]);
    });

    test('with an event id', async () => {
      const jan = await drive(way);
      const { tripId } = await jan.start('08:00', null, { eventId: 's1' });
      const again = await jan.start('08:01', HOME, { eventId: 's1' });
      expect(again).toMatchObject({ code: 'already_active', duplicate: true, tripId });
      await jan.end('08:40', null, { eventId: 'e1' });
      expect(await jan.end('08:41', WORK, { eventId: 'e1' })).toMatchObject({ code: 'finished', duplicate: true });
      expect(await jan.book()).toEqual(['08:00–08:40 26.0 km straight_line']);
      expect(await jan.trips()).toMatchObject([{ from: HOME, to: WORK, startedAt: jan.at('2026-03-02 08:00') }]);
    });

    test('the third request does not move what the second filled in', async () => {
      const jan = await drive(way);
      await jan.start('08:00', HOME);
      await jan.end('08:40');
      await jan.end('08:40:30', WORK);
      expect(await jan.end('08:41', HOME)).toMatchObject({ duplicate: true });
      expect(await jan.book()).toEqual(['08:00–08:40 26.0 km straight_line']);
    });

    test('a drive that seemed to have gone nowhere is a trip once the end knows where', async () => {
      const jan = await drive(way);
      await jan.start('08:00', HOME);
      await jan.ping('08:00:10', HOME);
      expect(await jan.end('08:00:50')).toMatchObject({ code: 'discarded' });
      const again = await jan.end('08:01:30', north(HOME, 0.5));
      expect(again).toMatchObject({ code: 'finished', duplicate: true });
      expect(await jan.book()).toEqual(['08:00–08:00:50 0.5 km gps']);
      expect(await jan.feed()).toEqual(['created 08:00']);
    });
  });

  test('passenger in a friend’s CarPlay: a trip without any of my cars', async () => {
    const jan = await drive(way, {
      cars: { golf: { devices: ['VW BT'] }, polo: {} },
      settings: { defaultCarId: `car_${'1'.padStart(20, '2')}` },
    });
    await jan.start('08:00', HOME, { device: 'Audi MMI 7' });
    await jan.end('08:40', WORK, { device: 'Audi MMI 7' });
    await jan.start('17:00', WORK, { device: 'vw bt ' });
    await jan.end('17:40', HOME, { device: 'VW BT' });
    expect(await jan.book()).toEqual(['08:00–08:40 26.0 km straight_line', '17:00–17:40 26.0 km straight_line golf']);
  });

  test('a clock 4 min ahead: the drive lies where it was', async () => {
    const jan = await drive(way);
    const ahead = { at: 4 * 60_000 };
    const start = await jan.start('08:00', HOME, { stamp: '08:04' });
    expect(start).toMatchObject({ code: 'started', warnings: ['clock_ahead'] });
    const way20 = jan.way('08:00', HOME, '08:20', WORK).map(({ at, place }) => ({ at: at + ahead.at, place }));
    await jan.replay('08:19', way20);
    expect(await jan.end('08:20', WORK, { stamp: '08:24' })).toMatchObject({ warnings: ['clock_ahead'] });
    expect(await jan.book()).toEqual(['08:00–08:20 20.0 km gps']);
  });

  test('false start: in the feed with its reason, not in the book', async () => {
    const jan = await drive(way);
    await jan.start('08:00', HOME);
    expect(await jan.end('08:00:40', HOME)).toMatchObject({ code: 'discarded' });
    await jan.tick('12:00');
    expect(await jan.book()).toEqual([]);
    expect(await jan.feed()).toEqual(['discarded 08:00 false_start']);
    expect(await jan.review()).toEqual([]);
  });

  test('cancel: the drive stays in the feed, and what is told late of it opens and completes nothing', async () => {
    const jan = await drive(way);
    const { tripId } = await jan.start('08:00', HOME);
    await jan.follow('08:00', HOME, '08:05', north(HOME, 5));
    expect(await jan.say('cancel', '08:05')).toMatchObject({ code: 'cancelled', tripId });
    expect(await jan.end('08:03', WORK, { received: '08:20' })).toMatchObject({ code: 'no_active_trip' });
    expect(await jan.start('08:04', WORK, { received: '08:21' })).toMatchObject({ code: 'no_active_trip' });
    await jan.start('07:00', WORK, { received: '08:30' });
    await jan.end('07:30', HOME, { received: '08:31' });
    expect(await jan.book()).toEqual(['07:00–07:30 26.0 km straight_line']);
    expect(await jan.feed()).toEqual(['discarded 08:00 cancelled', 'created 07:00', 'changed 07:00']);
    expect(await jan.review()).toEqual([]);
    expect(await jan.phase()).toBe('idle');
  });
});
