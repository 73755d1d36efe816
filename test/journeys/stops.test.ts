/** Journeys with a stop on the way: when it is one trip, and when it is two. */

import { describe, expect, test } from 'vitest';
import { drive, WAYS } from '../support/driver.ts';
import { east, HOME, north } from '../support/places.ts';

const SCHOOL = north(HOME, 3);
const PUMP = north(HOME, 20);
const WORK = north(HOME, 40);

describe.each(WAYS)('by %s', (way) => {
  test('fuel stop with a slow car', async () => {
    const jan = await drive(way, { cars: { golf: { pollMinutes: 1 } } });
    await jan.carSays('golf', { at: '07:30', km: 1_000, state: 'parked' });
    await jan.start('08:00', HOME);
    await jan.follow('08:00', HOME, '08:20', PUMP);
    expect(await jan.end('08:20', PUMP)).toMatchObject({ code: 'ending' });
    await jan.carSays('golf', { at: '08:08', received: '08:23', km: 1_008, state: 'driving' });
    expect(await jan.start('08:25', PUMP)).toMatchObject({ code: 'resumed' });
    await jan.carSays('golf', { at: '08:22', received: '08:37', km: 1_020, state: 'parked' });
    await jan.follow('08:37', north(HOME, 32), '08:45', WORK);
    expect(await jan.end('08:45', WORK)).toMatchObject({ code: 'ending' });
    await jan.carSays('golf', { at: '08:47', received: '09:02', km: 1_040, state: 'parked' });
    expect(await jan.phase()).toBe('idle');
    expect(await jan.book()).toEqual(['08:00–08:45 40.0 km odometer golf [1000–1040], stop 08:20–08:25']);
    expect(await jan.review()).toEqual([]);
  });

  describe('school run home–school–home with a 4-min stop', () => {
    async function run(places: Parameters<typeof drive>[1]) {
      const jan = await drive(way, places);
      await jan.start('08:00', HOME);
      await jan.follow('08:00', HOME, '08:10', SCHOOL);
      const end = await jan.end('08:10', SCHOOL);
      const start = await jan.start('08:14', SCHOOL);
      await jan.follow('08:14', SCHOOL, '08:24', HOME);
      await jan.end('08:24', HOME);
      await jan.tick('11:00');
      return { jan, end: end.code, start: start.code, book: await jan.book() };
    }

    test('one trip with a stop while the school is unnamed', async () => {
      const { jan, ...told } = await run({ places: { home: { ...HOME, kind: 'home' } } });
      expect(told).toEqual({
        end: 'finished',
        start: 'resumed',
        book: ['08:00–08:24 6.0 km gps, stop 08:10–08:14'],
      });
      expect(await jan.trips()).toMatchObject([
        { stops: [{ ...SCHOOL, locationId: null }], from: { locationId: 'home' }, to: { locationId: 'home' } },
      ]);
    });

    test('one trip with a stop at a `stop`', async () => {
      const { jan, ...told } = await run({ places: { school: { ...SCHOOL, kind: 'stop' } } });
      expect(told).toEqual({
        end: 'paused_at_stop',
        start: 'resumed',
        book: ['08:00–08:24 6.0 km gps, stop 08:10–08:14'],
      });
      expect(await jan.trips()).toMatchObject([{ stops: [{ locationId: 'school' }] }]);
      expect(await jan.feed()).toEqual(['created 08:00']);
    });

    test('two trips when it is any other location', async () => {
      const { jan: _jan, ...told } = await run({ places: { school: { ...SCHOOL, kind: 'other' } } });
      expect(told).toEqual({
        end: 'finished',
        start: 'started',
        book: ['08:00–08:10 3.0 km gps', '08:14–08:24 3.0 km gps'],
      });
    });
  });

  test('a stop that lasts over 2 h was the end', async () => {
    const jan = await drive(way, { places: { school: { ...SCHOOL, kind: 'stop' } } });
    jan.ticking = true;
    await jan.start('08:00', HOME);
    await jan.end('08:10', SCHOOL);
    await jan.goTo('10:11');
    expect(await jan.book()).toEqual(['08:00–08:10 3.9 km straight_line, by stop']);
  });

  test('courier, 6 min at a client: every client ends a trip', async () => {
    const clients = [north(HOME, 5), north(HOME, 9), east(HOME, 4)];
    const places = Object.fromEntries(clients.map((at, i) => [`client${i}`, { ...at, kind: 'client' as const }]));
    const jan = await drive(way, { places });
    let from = HOME;
    for (const [i, to] of clients.entries()) {
      const hour = 9 + i;
      await jan.start(`${String(hour - 1).padStart(2, '0')}:54`, from);
      await jan.end(`${String(hour).padStart(2, '0')}:48`, to);
      from = to;
    }
    await jan.start('11:54', from);
    await jan.end('12:20', HOME);
    expect(await jan.book()).toEqual([
      '08:54–09:48 6.5 km straight_line',
      '09:54–10:48 5.2 km straight_line',
      '10:54–11:48 12.8 km straight_line',
      '11:54–12:20 5.2 km straight_line',
    ]);
  });

  test('the same 6 min where nothing is named are a stop', async () => {
    const jan = await drive(way);
    await jan.start('08:54', HOME);
    await jan.end('09:48', north(HOME, 5));
    expect(await jan.start('09:54', north(HOME, 5))).toMatchObject({ code: 'resumed' });
    await jan.end('10:48', north(HOME, 9));
    expect(await jan.book()).toEqual(['08:54–10:48 11.7 km straight_line, stop 09:48–09:54']);
  });

  test('ferry: an hour without signal on board belongs to the trip', async () => {
    const jan = await drive(way);
    const [port, quay] = [north(HOME, 30), north(HOME, 60)];
    jan.ticking = true;
    await jan.start('08:00', HOME);
    await jan.follow('08:00', HOME, '08:30', port);
    await jan.ping('08:30', port);
    await jan.ping('09:45', quay);
    await jan.follow('09:45', quay, '10:15', north(quay, 30));
    await jan.end('10:15', north(quay, 30));
    expect(await jan.book()).toEqual(['08:00–10:15 99.0 km gps']);
  });

  test('jam with a whole-km odometer: still one trip', async () => {
    const jan = await drive(way, { cars: { golf: { pollMinutes: 1 } } });
    jan.ticking = true;
    await jan.carSays('golf', { at: '07:30', km: 1_000 });
    await jan.start('08:00', HOME);
    const jam = north(HOME, 5);
    await jan.follow('08:00', HOME, '08:06', jam);
    await jan.carSays('golf', { at: '08:06', km: 1_004 });
    for (let minute = 8; minute < 40; minute += 2) {
      const time = `08:${String(minute).padStart(2, '0')}`;
      await jan.ping(time, north(jam, (minute - 6) / 1_000));
      await jan.carSays('golf', { at: time, km: 1_005 });
    }
    await jan.follow('08:40', jam, '08:55', PUMP);
    await jan.end('08:55', PUMP);
    await jan.carSays('golf', { at: '08:57', km: 1_020 });
    await jan.tick('10:00');
    const [trip, ...others] = await jan.book();
    expect(others).toEqual([]);
    expect(trip).toMatch(/^08:00–08:55 20\.0 km odometer golf \[1000–1020\]/);
  });
});
