/** The drive of the demo that goes on now, against the whole app with a clock in our hands. */

import { expect, test } from 'vitest';
import { moveIn } from '../../scripts/demo/household.ts';
import type { Leg } from '../../scripts/demo/drives.ts';
import { driveForEver, firstLiveDrive } from '../../scripts/demo/live.ts';
import type { Phone } from '../../scripts/demo/phone.ts';
import { simulateCar, simulatedCar } from '../../scripts/demo/simulator/car.ts';
import { follow } from '../../scripts/demo/simulator/edits.ts';
import { oneAtATime } from '../../scripts/demo/simulator/turns.ts';
import { pollAll } from '../../src/actions/poll.ts';
import { testApp } from '../support/app.ts';
import { tripsOf } from '../support/book.ts';

const DEMO = 'demo@example.com';
const MINUTE_MS = 60_000;
const ROUND_MS = 30_000;

test('the live drive ends, pauses and starts the next, and its car’s odometer closes', async () => {
  const { app, deps, clock } = testApp({ defaultUser: DEMO });
  const user = deps.store.forUser(DEMO);
  const { company } = await moveIn(deps, user);
  const seen: number[] = [];
  const ask = async (path: string, init?: RequestInit) => {
    const response = await app.request(path, init);
    expect(`${path} ${response.status}`).toMatch(/ 20[01]$/);
    return response.json();
  };
  const stopAt = clock.now() + 210 * MINUTE_MS;
  const phone: Phone = {
    get: (path) => ask(path),
    async post(path, body) {
      if (path === '/webhook/ping') seen.push(clock.now());
      return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    },
    async wait(ms) {
      for (const until = clock.now() + ms; clock.now() < until;) {
        clock.set(Math.min(until, Math.floor(clock.now() / ROUND_MS + 1) * ROUND_MS));
        if (clock.now() % ROUND_MS === 0) await pollAll(deps);
      }
      if (clock.now() > stopAt) throw new Error('stopped');
    },
  };
  await phone.post(`/cars/${company.id}/readings`, { odometer_km: 41_230 });
  clock.advance(60 * MINUTE_MS);
  const since = clock.now() - 7 * MINUTE_MS;
  await simulateCar(deps, user, company.id);
  const car = simulatedCar(deps, user, oneAtATime());
  const live = { deviceName: company.deviceName, drive: (leg: Leg) => car.change(follow(leg)) };
  await expect(driveForEver(phone, live, since, () => clock.now())).rejects.toThrow('stopped');

  const trips = await tripsOf(user);
  expect(trips.length).toBeGreaterThanOrEqual(4);
  expect(trips[0]?.startedAt).toBe(since);
  expect(new Set(trips.map(({ carId }) => carId))).toEqual(new Set([company.id]));
  for (const [i, trip] of trips.entries()) {
    const next = trips[i + 1];
    expect(trip.distanceMetres).toBeGreaterThan(10_000);
    expect([trip.from?.locationId, trip.to?.locationId]).not.toContain(null);
    if (!next) continue;
    expect(next.startedAt - trip.endedAt).toBeGreaterThan(2 * MINUTE_MS);
    expect(next.startedAt - trip.endedAt).toBeLessThan(4 * MINUTE_MS);
    expect(next.from?.locationId).toBe(trip.to?.locationId);
    expect(next.startOdometerMetres).toBe(trip.endOdometerMetres);
    expect(trip).toMatchObject({
      distanceSource: 'odometer',
      odometerPending: false,
      reviewReasons: ['no_rule_matched'],
    });
  }
  const gapsMs = seen.slice(1).map((at, i) => at - (seen[i] ?? at));
  expect(seen.length).toBeGreaterThan(1_000);
  expect(gapsMs.filter((gap) => gap === 4_000).length).toBeGreaterThan(seen.length - 10);
});

test('a demo started again at once drives with the other car, so that the drive before stays as it is', () => {
  const now = 1_790_000_000_000;
  const anHourAgo = { at: now - 60 * MINUTE_MS, car: 'company' } as const;
  expect(firstLiveDrive(anHourAgo, now)).toEqual({ startedAt: now - 7 * MINUTE_MS, car: 'company' });
  expect(firstLiveDrive({ at: now - 5_000, car: 'company' }, now)).toEqual({ startedAt: now - 4_000, car: 'family' });
  expect(firstLiveDrive({ at: now - 5_000, car: 'family' }, now)).toEqual({ startedAt: now - 4_000, car: 'company' });
  expect(firstLiveDrive({ at: now - 5_000, car: null }, now).startedAt).toBeLessThan(now);
});
