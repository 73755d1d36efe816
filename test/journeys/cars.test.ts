/** Journeys in which cars have a say: slow, wrong, several, or somebody else's. */

import { describe, expect, test } from 'vitest';
import { drive, WAYS, type Driver, type Way } from '../support/driver.ts';
import { east, HOME, north } from '../support/places.ts';

const WORK = north(HOME, 20);
const STATION = north(HOME, 12);

/** A car that can be asked every minute, last seen at home with 1,000 km. */
async function driveGolf(way: Way): Promise<Driver> {
  const jan = await drive(way, { cars: { golf: { pollMinutes: 1 } } });
  await jan.carSays('golf', { at: '07:30', km: 1_000, state: 'parked' });
  return jan;
}

describe.each(WAYS)('by %s', (way) => {
  test('car API 15 min behind, at the start and at the end', async () => {
    const jan = await driveGolf(way);
    await jan.carSays('golf', { at: '07:44', received: '07:59', km: 1_000, state: 'parked' });
    await jan.start('08:00', HOME);
    await jan.carSays('golf', { at: '07:46', received: '08:01', km: 1_000, state: 'parked' });
    await jan.carSays('golf', { at: '07:59', received: '08:14', km: 1_000, state: 'parked' });
    await jan.carSays('golf', { at: '08:06', received: '08:21', km: 1_003, state: 'driving' });
    await jan.carSays('golf', { at: '08:20', received: '08:35', km: 1_012, state: 'driving' });
    expect(await jan.end('08:40', WORK)).toMatchObject({ code: 'ending' });
    await jan.carSays('golf', { at: '08:30', received: '08:45', km: 1_017, state: 'driving' });
    expect(await jan.phase()).toBe('ending');
    await jan.carSays('golf', { at: '08:42', received: '08:57', km: 1_021, state: 'parked' });
    expect(await jan.phase()).toBe('idle');
    expect(await jan.book()).toEqual(['08:00–08:40 21.0 km odometer golf [1000–1021]']);
    expect(await jan.review()).toEqual([]);
    expect(await jan.feed()).toEqual(['created 08:00']);
  });

  test('a car that answers only after the waiting time completes the trip late', async () => {
    const jan = await driveGolf(way);
    jan.ticking = true;
    await jan.start('08:00', HOME);
    await jan.follow('08:00', HOME, '08:40', WORK);
    await jan.end('08:40', WORK);
    await jan.goTo('09:05');
    expect(await jan.book()).toEqual(['08:00–08:40 20.0 km gps golf [1000–?] pending']);
    await jan.carSays('golf', { at: '08:41', received: '09:20', km: 1_021, state: 'parked' });
    expect(await jan.book()).toEqual(['08:00–08:40 21.0 km odometer golf [1000–1021]']);
    expect(await jan.feed()).toEqual(['created 08:00', 'changed 08:00']);
  });

  test('a car that never answers: the trip waits no longer than a day', async () => {
    const jan = await driveGolf(way);
    jan.ticking = true;
    await jan.start('08:00', HOME);
    await jan.end('08:40', WORK);
    await jan.goTo('2026-03-03 08:45');
    expect(await jan.book()).toEqual(['08:00–08:40 26.0 km straight_line golf [1000–?]']);
    expect(await jan.deps.store.due(jan.clock.now(), 10)).toEqual([]);
  });

  test('kiss-and-ride (the other drives on): my trip ends at the station', async () => {
    const jan = await driveGolf(way);
    jan.ticking = true;
    await jan.start('08:00', HOME);
    await jan.carSays('golf', { at: '08:10', km: 1_006, state: 'driving' });
    await jan.follow('08:10', north(HOME, 6), '08:20', STATION);
    await jan.end('08:20', STATION);
    await jan.carSays('golf', { at: '08:21:30', km: 1_012, state: 'driving' });
    expect(await jan.phase()).toBe('ending');
    await jan.carSays('golf', { at: '08:23', km: 1_013, state: 'driving' });
    await jan.carSays('golf', { at: '08:35', km: 1_022, state: 'driving' });
    for (const time of ['08:41', '08:44', '08:47', '08:53']) {
      await jan.carSays('golf', { at: time, km: 1_025, state: 'parked' });
    }
    expect(await jan.phase()).toBe('idle');
    expect(await jan.book()).toEqual([
      '08:00–08:20 12.0 km odometer golf [1000–1012]',
      '08:21:30–08:41 13.0 km odometer golf [~1012–1025], opened by car, by car, ? drove_on',
    ]);
    expect(await jan.review()).toEqual(['08:21:30 trip']);
  });

  test.each(['end first', 'reading first'])('poll racing with end: %s', async (order) => {
    const jan = await driveGolf(way);
    await jan.start('08:00', HOME);
    await jan.carSays('golf', { at: '08:20', km: 1_010, state: 'driving' });
    await jan.goTo('08:40');
    const says = [
      () => jan.end('08:40', WORK),
      () => jan.carSays('golf', { at: '08:39:50', received: '08:40', km: 1_020, state: 'parked' }),
    ];
    await Promise.all((order === 'end first' ? says : says.toReversed()).map((say) => say()));
    await jan.carSays('golf', { at: '08:41', km: 1_020, state: 'parked' });
    expect(await jan.book()).toEqual(['08:00–08:40 20.0 km odometer golf [1000–1020]']);
    expect(await jan.review()).toEqual([]);
  });

  test('spouse drove 8 km before me: they are a gap, not in my trip', async () => {
    const jan = await driveGolf(way);
    await jan.start('08:00', HOME);
    await jan.follow('08:00', HOME, '08:20', north(HOME, 10));
    await jan.carSays('golf', { at: '08:20', km: 1_018, state: 'driving' });
    await jan.follow('08:20', north(HOME, 10), '08:40', east(north(HOME, 10), 10));
    await jan.end('08:40', east(north(HOME, 10), 10));
    await jan.carSays('golf', { at: '08:42', km: 1_028, state: 'parked' });
    expect(await jan.book()).toEqual(['08:00–08:40 19.5 km odometer golf [~1008.5–1028]']);
  });

  test('first trip ever: the odometer begins where the track says', async () => {
    const jan = await drive(way, { cars: { golf: { pollMinutes: 1 } } });
    await jan.start('08:00', HOME);
    await jan.follow('08:00', HOME, '08:20', north(HOME, 10), 30);
    await jan.carSays('golf', { at: '08:20', km: 5_010, state: 'driving' });
    await jan.follow('08:20', north(HOME, 10), '08:40', east(north(HOME, 10), 10));
    await jan.end('08:40', east(north(HOME, 10), 10));
    await jan.carSays('golf', { at: '08:42', km: 5_020, state: 'parked' });
    expect(await jan.book()).toEqual(['08:00–08:40 19.8 km odometer golf [~5000.25–5020]']);
  });

  test('first trip ever, without a track: nothing is known before the first reading', async () => {
    const jan = await drive(way, { cars: { golf: { pollMinutes: 1 } } });
    await jan.start('08:00');
    await jan.end('08:40');
    await jan.carSays('golf', { at: '08:42', km: 5_020, state: 'parked' });
    expect(await jan.book()).toEqual(['08:00–08:40 0.0 km unknown golf [?–5020], ? unknown_distance']);
  });

  const two = { cars: { golf: { devices: ['VW BT'] }, polo: { devices: ['Polo'] } } };

  test('two cars, one phone, Bluetooth of A in passing', async () => {
    const jan = await drive(way, two);
    const { tripId } = await jan.start('08:00', HOME, { device: 'Polo' });
    await jan.follow('08:00', HOME, '08:10', north(HOME, 10));
    const passing = await jan.start('08:10', north(HOME, 10), { device: 'VW BT' });
    expect(passing.code).toBe('started');
    await jan.end('08:10:40', north(HOME, 10.5), { device: 'VW BT' });
    await jan.follow('08:10:40', north(HOME, 10.5), '08:20', WORK);
    expect(await jan.end('08:20', WORK, { device: 'Polo' })).toMatchObject({ code: 'finished', tripId });
    expect(await jan.book()).toEqual(['08:00–08:20 20.0 km gps polo']);
    expect(await jan.feed()).toContain('discarded 08:10 passing_car');
    expect(await jan.review()).toEqual([]);
  });

  test('swap of cars in the driveway: two trips however short the pause', async () => {
    const jan = await drive(way, two);
    await jan.start('08:00', WORK, { device: 'Polo' });
    await jan.end('08:20', HOME, { device: 'Polo' });
    expect(await jan.start('08:21', HOME, { device: 'VW BT' })).toMatchObject({ code: 'started' });
    await jan.end('08:45', east(HOME, 15), { device: 'VW BT' });
    expect(await jan.book()).toEqual([
      '08:00–08:20 26.0 km straight_line polo',
      '08:21–08:45 19.5 km straight_line golf',
    ]);
  });

  test('swap of cars in the driveway, the first one’s end late', async () => {
    const jan = await drive(way, two);
    const { tripId } = await jan.start('08:00', WORK, { device: 'Polo' });
    await jan.follow('08:00', WORK, '08:20', HOME);
    await jan.start('08:21', HOME, { device: 'VW BT' });
    await jan.goTo('08:23');
    expect(await jan.end('08:20', HOME, { device: 'Polo', received: '08:23' })).toMatchObject({ tripId });
    await jan.end('08:45', east(HOME, 15), { device: 'VW BT' });
    expect(await jan.book()).toEqual(['08:00–08:20 20.0 km gps polo', '08:21–08:45 19.5 km straight_line golf']);
    expect(await jan.review()).toEqual([]);
  });

  test('an end that names the other car ends that one’s trip', async () => {
    const jan = await drive(way, two);
    const polo = await jan.start('08:00', WORK, { device: 'Polo' });
    await jan.follow('08:00', WORK, '08:20', HOME);
    await jan.start('08:21', HOME, { device: 'VW BT' });
    await jan.goTo('08:23');
    expect(await jan.end('08:23', HOME, { device: 'Polo' })).toMatchObject({ code: 'finished', tripId: polo.tripId });
    expect(await jan.phase()).toBe('driving');
  });

  test('a suspicious odometer is listed, and believed when a second one agrees', async () => {
    const jan = await driveGolf(way);
    await jan.carSays('golf', { at: '07:40', km: 900 });
    expect(await jan.review()).toEqual(['07:40 car_reading suspicious_reading']);
    const suspicious = async () =>
      (await jan.store.list('odometer_reading', { order: 'asc', limit: 9, where: { suspicious: true } })).length;
    expect(await suspicious()).toBe(1);
    await jan.carSays('golf', { at: '07:42', km: 900 });
    expect(await jan.review()).toEqual([]);
    expect(await suspicious()).toBe(0);
  });
});
