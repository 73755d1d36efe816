/** `npm run demo` as a process of its own, on a file of its own. */

import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { drivesOn } from '../../scripts/demo/days.ts';
import { endOf } from '../../scripts/demo/drives.ts';
import { fillYear } from '../../scripts/demo/year.ts';
import { addUser } from '../../src/actions/users.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import type { CarWire } from '../../src/http/wire/cars.ts';
import type { LocationWire } from '../../src/http/wire/locations.ts';
import type { ReadingWire } from '../../src/http/wire/odometer-readings.ts';
import type { StatsWire } from '../../src/http/wire/stats.ts';
import type { TripWire } from '../../src/http/wire/trips.ts';
import { read, readAll } from '../support/asking.ts';
import { tripsOf } from '../support/book.ts';
import { scratchFile } from '../support/scratch.ts';
import { freePort, startProgram, type Program } from '../support/programs.ts';
import { tempStore } from '../support/store.ts';

const DAY_MS = 86_400_000;
const DEMO = 'demo@example.com';

async function startDemo(file: string, ...args: string[]): Promise<{ demo: Program; url: string }> {
  const port = await freePort();
  const demo = startProgram('scripts/demo/main.ts', ['--file', file, ...args], { PORT: String(port) });
  await demo.says(/begins anew/);
  return { demo, url: `http://127.0.0.1:${port}` };
}

interface Driving {
  readonly active: boolean;
  readonly trip_id: string;
  readonly distance_km: number;
}

async function activeTrip(url: string): Promise<Driving> {
  for (;;) {
    const active = await read<Driving>(url, '/trips/active');
    if (active.active && active.distance_km > 0) return active;
    await pause(200);
  }
}

describe('the demo', { timeout: 300_000 }, () => {
  const days = Array.from({ length: 3 * 365 }, (_, i) => Temporal.PlainDate.from('2025-01-01').add({ days: i }));

  test('makes up the same drives for the same day, whoever asks and when', () => {
    const forth = days.map((date) => drivesOn(date, 'seed'));
    const back = days.toReversed().map((date) => drivesOn(date, 'seed'));
    expect(back.toReversed()).toEqual(forth);
    expect(days.map((date) => drivesOn(date, 'another'))).not.toEqual(forth);
  });

  test('never has two drives at once: there is one phone', () => {
    const drives = days.flatMap((date) => drivesOn(date, 'seed'));
    const overlaps = drives.filter((drive, i) => {
      const before = drives[i - 1];
      return before !== undefined && endOf(before) + 15 * 60_000 > drive.startedAt;
    });
    expect(drives.length).toBeGreaterThan(1_500);
    expect(overlaps).toEqual([]);
  });

  test('goes on where it stood when it is started again on another day', async () => {
    const now = systemClock.now();
    const filledOn = async (daysBack: readonly [days: number, until: number][]) => {
      const store = tempStore();
      const newUser = defaultSettings('Europe/Amsterdam', 'en');
      for (const [days, until] of daysBack) {
        const then = now - until * DAY_MS;
        await fillYear(store, { newUser, seed: 'seed', days, until: then, now: then, tell: () => undefined });
      }
      const trips = await tripsOf(store.forUser(DEMO));
      const { carId } = trips.findLast(({ endOdometerMetres }) => endOdometerMetres !== null)!;
      const company = trips.filter((trip) => trip.carId === carId);
      expect(company.slice(1).map((trip) => trip.startOdometerMetres)).toEqual(
        company.slice(0, -1).map((trip) => trip.endOdometerMetres),
      );
      return company.map(({ startedAt, endedAt }) => [startedAt, endedAt]);
    };
    const atOnce = await filledOn([[40, 0]]);
    expect(atOnce.length).toBeGreaterThan(15);
    expect(
      await filledOn([
        [28, 12],
        [365, 9],
        [365, 0],
      ]),
    ).toEqual(atOnce);
  });

  test('serves a believable year with a drive that moves, goes on when started again, and starts over when asked', async () => {
    const file = scratchFile('demo.db');
    const { demo, url } = await startDemo(file);
    expect(demo.errors()).toMatch(/Driving day \d+ of 36\d, \d{3} drives/);
    expect(demo.out()).toContain(`${url.replace('127.0.0.1', 'localhost')}/trips/active`);
    expect((await fetch(url)).status).toBe(200);
    await showsYear(url);
    await showsLooseEnds(url);
    await closesOdometers(url);
    const seen = await activeTrip(url);
    expect(seen.distance_km).toBeGreaterThan(1);
    await movedSince(url, seen);

    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    expect(demo.errors()).not.toContain('ERROR');
    expect(demo.out()).not.toContain('"severity":"ERROR"');

    const again = await startDemo(file);
    const { trips } = await read<{ trips: TripWire[] }>(again.url, '/trips?limit=1');
    expect(trips[0]).toMatchObject({ id: seen.trip_id, closed_by: 'finalize', distance_source: 'odometer' });
    const next = await activeTrip(again.url);
    expect(next.trip_id).not.toBe(seen.trip_id);
    const cars = await readAll<CarWire>(again.url, '/cars');
    expect(cars.map(({ name }) => name)).toEqual(['Golf', 'Aygo']);
    again.demo.process.kill('SIGTERM');
    expect(await again.demo.ended).toBe(0);

    const anew = await startDemo(file, '--fresh');
    const kept = await fetch(`${anew.url}/trips/${seen.trip_id}`);
    expect(kept.status).toBe(404);
    expect((await read<StatsWire>(anew.url, '/stats')).trip_count).toBeGreaterThan(500);
  });

  async function showsYear(url: string): Promise<void> {
    const stats = await read<StatsWire>(url, '/stats?group_by=month');
    expect(stats.trip_count).toBeGreaterThan(500);
    expect(stats.total_km).toBeGreaterThan(12_000);
    expect(stats.total_km).toBeLessThan(30_000);
    expect(stats.business_km).toBeGreaterThan(stats.private_km);
    expect(stats.by_month.length).toBeGreaterThanOrEqual(12);
    expect(stats.by_car).toHaveLength(2);
    expect(stats.by_type).toHaveLength(3);
    const trips = await readAll<TripWire>(url, '/trips');
    expect(trips).toHaveLength(stats.trip_count);
    expect(trips.some(({ purpose }) => purpose !== null)).toBe(true);
    expect(trips.some(({ notes }) => notes !== null)).toBe(true);
    expect(trips.some(({ commute }) => commute)).toBe(true);
    expect(trips.some(({ stops }) => stops.length === 1)).toBe(true);
    expect(trips.some(({ trip_type }) => trip_type === 'M')).toBe(true);
    expect(trips.every(({ time_zone }) => time_zone === 'Europe/Amsterdam')).toBe(true);
    const locations = await readAll<LocationWire>(url, '/locations');
    expect(new Set(locations.map(({ kind }) => kind))).toEqual(new Set(['home', 'office', 'client', 'stop', 'other']));
  }

  async function showsLooseEnds(url: string): Promise<void> {
    const text = JSON.stringify(await readAll(url, '/review'));
    expect(text).toContain('orphan_end');
    expect(text).toContain('unknown_distance');
    expect(text).toContain('end_lost');
    expect(JSON.stringify(await read(url, '/activity?limit=200'))).toContain('false_start');
  }

  /** What the cars' odometers rose by is what their trips add up to. */
  async function closesOdometers(url: string): Promise<void> {
    for (const { id } of await readAll<CarWire>(url, '/cars')) {
      const readings = await readAll<ReadingWire>(url, `/odometer-readings?car_id=${id}`);
      expect(readings.filter(({ suspicious }) => suspicious)).toEqual([]);
      const newest = readings[0]!;
      const oldest = readings.at(-1)!;
      const trips = await readAll<TripWire>(url, `/trips?car_id=${id}`);
      const between = trips.filter(({ started_at, ended_at }) => started_at >= oldest.at && ended_at <= newest.at);
      const logged = between.reduce((sum, { distance_km }) => sum + distance_km, 0);
      const driven = newest.odometer_km - oldest.odometer_km;
      expect(driven).toBeGreaterThan(2_000);
      expect(Math.abs(logged - driven)).toBeLessThan(driven * 0.01);
    }
  }

  async function movedSince(url: string, before: Driving): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const now = await read<Driving>(url, '/trips/active');
      expect(now.trip_id).toBe(before.trip_id);
      if (now.distance_km > before.distance_km) return;
      await pause(200);
    }
    expect.fail('The drive stands still.');
  }
});

describe('a file that is not the demo’s', { timeout: 60_000 }, () => {
  test('is refused in one line and left as it is, also when asked to start over', async () => {
    const file = scratchFile();
    const store = openSqliteStore({ path: file });
    await addUser({ store, clock: systemClock, newUser: defaultSettings('Europe/Amsterdam', 'en') }, 'jan@example.nl');
    await addUser({ store, clock: systemClock, newUser: defaultSettings('Europe/Amsterdam', 'en') }, DEMO);
    await store.close();
    const size = statSync(file).size;
    const demo = startProgram('scripts/demo/main.ts', ['--file', file, '--fresh'], { PORT: '0' });
    expect(await demo.ended).toBe(1);
    expect(demo.errors()).toMatch(/^Not started: .*holds the logbook of jan@example\.nl.*\n$/);
    const after = openSqliteStore({ path: file });
    expect(await after.users(10)).toEqual([DEMO, 'jan@example.nl']);
    await after.close();
    expect(statSync(file).size).toBe(size);
  });

  test('a port in use stops the demo before it fills anything', async () => {
    const file = scratchFile('demo.db');
    const holder = startProgram('src/main.ts', [], { PORT: '0', SQLITE_PATH: scratchFile() });
    const [, port = ''] = await holder.says(/localhost:(\d+)/);
    const demo = startProgram('scripts/demo/main.ts', ['--file', file], { PORT: port });
    expect(await demo.ended).toBe(1);
    expect(demo.errors()).toBe(`Not started: PORT ${port} is in use: stop the other program or choose another PORT\n`);
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('a mistyped option is answered with how to say it', async () => {
    const demo = startProgram('scripts/demo/main.ts', ['--frsh']);
    expect(await demo.ended).toBe(1);
    expect(demo.errors()).toMatch(/^Not started: .*npm run demo -- \[--fresh\] \[--file PATH\]\n$/);
  });
});
