/** The demo's simulated car: what can be done to it, and what becomes of it when the demo is started again. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { legsOf, type Leg } from '../../scripts/demo/drives.ts';
import { PLACES } from '../../scripts/demo/places.ts';
import { simulateCar, simulatedCar } from '../../scripts/demo/simulator/car.ts';
import { driveOn, follow, newCar } from '../../scripts/demo/simulator/edits.ts';
import { oneAtATime } from '../../scripts/demo/simulator/turns.ts';
import { fillYear } from '../../scripts/demo/year.ts';
import { pollAll } from '../../src/actions/poll.ts';
import { truthAt } from '../../src/adapters/simulator/car.ts';
import { distanceMetres } from '../../src/domain/geo.ts';
import type { ReadingWire } from '../../src/http/wire/odometer-readings.ts';
import type { TripWire } from '../../src/http/wire/trips.ts';
import { post, readAll } from '../support/asking.ts';
import { openDemo } from '../support/demo.ts';
import { runs } from '../support/runs.ts';

const MINUTE = 60_000;

test('work in turn waits for the work before it, also when that failed', async () => {
  const inTurn = oneAtATime();
  const done: string[] = [];
  const slow = inTurn(async () => {
    await new Promise((wait) => setTimeout(wait, 30));
    done.push('slow');
    throw new Error('failed');
  });
  const quick = inTurn(async () => done.push('quick'));
  await expect(slow).rejects.toThrow('failed');
  await quick;
  expect(done).toEqual(['slow', 'quick']);
});

describe('a drive of a given length', () => {
  test.each([100, 5_000, 12_000, 25_000, 60_000])('of %i m ends at another place about so far away', (metres) => {
    const car = newCar(0);
    const { position } = truthAt(driveOn(metres)(car, 0), Infinity);
    const straight = distanceMetres(car.parkedAt, position);
    expect(straight).toBeGreaterThan(300);
    expect(Object.values(PLACES)).toContainEqual(expect.objectContaining(position));
    if (metres > 1_000) expect(Math.abs(straight * 1.3 - metres) / metres).toBeLessThan(0.5);
  });
});

describe('a demo that is started again', () => {
  test('simulates the car with the odometer it was last read with', async () => {
    const { deps, user, company, url, settings } = await openDemo();
    await post(url, `/cars/${company.id}/readings`, { odometer_km: 50_000 });
    await simulateCar(deps, user, company.id);
    expect((await settings()).odometerMetres).toBe(50_000_000);
  });

  test('ends the drive that was open where its car was last read, and asks it no more', async () => {
    const { deps, user, company, clock, url } = await openDemo();
    await post(url, `/cars/${company.id}/readings`, { odometer_km: 41_230, state: 'parked' });
    clock.advance(60 * MINUTE);
    const leg = legOf(clock.now());
    await simulatedCar(deps, user, oneAtATime()).change(follow(leg));
    await post(url, '/webhook/start', { device: company.deviceName, ...PLACES.home });
    for (let minute = 0; minute < 8; minute += 1) {
      clock.advance(MINUTE);
      await pollAll(deps);
      const { lat, lng } = leg.journey.fixAt(leg.startedAt, clock.now() - leg.startedAt);
      await post(url, '/webhook/ping', { lat, lng });
    }
    const [read] = await readAll<ReadingWire>(url, '/odometer-readings');
    expect(read?.source).toBe('simulator');
    clock.advance(60 * MINUTE);
    const now = clock.now();
    const filling = {
      newUser: deps.newUser,
      seed: 'seed',
      days: 1,
      until: now - 50 * MINUTE,
      now,
      tell: () => undefined,
    };
    await fillYear(deps.store, filling);

    const [trip] = await readAll<TripWire>(url, '/trips');
    expect(trip).toMatchObject({ closed_by: 'finalize', distance_source: 'odometer', start_odometer_km: 41_230 });
    expect(trip?.end_odometer_km).toBeGreaterThanOrEqual(read?.odometer_km ?? Infinity);
    expect(Math.abs((trip?.distance_km ?? 0) - (trip?.gps_distance_km ?? 0))).toBeLessThan(1);
    expect((await readAll<ReadingWire>(url, '/odometer-readings')).filter(({ suspicious }) => suspicious)).toEqual([]);
    expect((await user.get('car', company.id))?.connection).toBeNull();
  });
});

/** From home to Hilversum. */
function legOf(startedAt: number): Leg {
  const way = { from: 'home', via: null, to: 'hilversum', pace: 0.85 } as const;
  const [leg] = legsOf({ ...way, car: 'company', startedAt, heard: 'all', said: null });
  return leg ?? expect.fail('there is no way');
}

describe('a car that follows the phone', () => {
  const START = Date.parse('2026-03-02T08:00:00Z');
  const leg = legOf(START);

  test('is near it all the way, and drives as far as the way is long', () => {
    const car = follow(leg)(newCar(1_000_000), START);
    for (let at = START; at < leg.endedAt; at += 20_000) {
      const { position, state } = truthAt(car, at);
      expect(state).toBe('driving');
      expect(distanceMetres(position, leg.journey.fixAt(START, at - START))).toBeLessThan(500);
    }
    const arrived = truthAt(car, leg.endedAt);
    expect(arrived).toMatchObject({ state: 'parked', since: leg.endedAt });
    expect(arrived.odometerMetres).toBe(1_000_000 + leg.journey.metres);
  });

  test('leaves whatever it was doing where it was doing it', () => {
    const before = driveOn(60_000)(newCar(1_000_000), START - 10 * MINUTE);
    const car = follow(leg)(before, START);
    for (const at of [START - 5 * MINUTE, START]) {
      expect(truthAt(car, at).odometerMetres).toBe(truthAt(before, at).odometerMetres);
      expect(distanceMetres(truthAt(car, at).position, truthAt(before, at).position)).toBeLessThan(1);
    }
    expect(truthAt(car, leg.endedAt).odometerMetres).toBe(1_010_000 + leg.journey.metres);
  });

  test('remembers two hours and forgets no metre, however often it is changed', () => {
    const edits = fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 100, max: 60_000 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(edits, (all) => {
        let [car, now, driven] = [newCar(1_000_000), START, 0];
        for (const [minutes, metres] of all) {
          now += minutes * MINUTE;
          const changed = driveOn(metres)(car, now);
          for (const lagMs of [1, 30 * MINUTE, 60 * MINUTE]) {
            const { since: _, ...known } = truthAt(car, now - lagMs);
            expect(truthAt(changed, now - lagMs)).toMatchObject(known);
          }
          car = changed;
          driven += metres;
        }
        expect(truthAt(car, Infinity).odometerMetres).toBe(1_000_000 + driven);
        for (const one of car.drives) expect(one.startsAt + one.durationMs).toBeGreaterThan(now - 120 * MINUTE);
      }),
      runs(50, 2_000),
    );
  });
});
