/** A day of many drivers whose cars answer late, badly, or not at all: every drive is one trip, and nobody is asked too often. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Deps } from '../../src/actions/deps.ts';
import { pollAll } from '../../src/actions/poll.ts';
import type { SimulatedFault, SimulatorSettings } from '../../src/domain/connections.ts';
import type { Position } from '../../src/domain/geo.ts';
import { tripsOf } from '../support/book.ts';
import { notedProviders, says, simulatedCar, type Call } from '../support/garage.ts';
import { HOME, north } from '../support/places.ts';
import { sceneOf } from '../support/stage.ts';
import { openTempStore } from '../support/store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CARS = process.env['LONG'] ? 500 : 60;
const POLICY = { drivingMs: 3 * MINUTE, parkedMs: 8 * MINUTE, asleepMs: 5 * MINUTE };
/** The least time between two calls nothing happened between: intervals get up to a tenth shorter. */
const LEAST_MS = POLICY.drivingMs * 0.9;

const FAULTS: readonly SimulatedFault[] = [
  'none',
  'none',
  'unavailable',
  'rate_limited',
  'protocol',
  'no_position',
  'wrong_unit',
];

interface Drive {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly km: number;
  readonly from: Position;
  readonly to: Position;
}

interface Person {
  readonly email: string;
  readonly drives: readonly Drive[];
  readonly settings: Partial<SimulatorSettings> & { readonly odometerMetres: number };
  /** The phone knows where it is. */
  readonly placed: boolean;
}

const wishOf = fc.record({
  drives: fc.array(
    fc.record({
      pause: fc.integer({ min: 45, max: 300 }),
      lasts: fc.integer({ min: 10, max: 70 }),
      kmh: fc.integer({ min: 30, max: 110 }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  lagMinutes: fc.constantFrom(0, 0, 0, 2, 7, 15),
  fault: fc.constantFrom(...FAULTS),
  faultShare: fc.constantFrom(0.1, 0.3, 0.6),
  sleeps: fc.boolean(),
  observes: fc.boolean(),
  placed: fc.boolean(),
  resolutionMetres: fc.constantFrom(10, 1_000),
});

function personOf(wish: typeof wishOf extends fc.Arbitrary<infer T> ? T : never, i: number, begin: number): Person {
  const drives: Drive[] = [];
  let at = begin + i * 997;
  let away = false;
  for (const { pause, lasts, kmh } of wish.drives) {
    const startsAt = at + pause * MINUTE;
    at = startsAt + lasts * MINUTE;
    if (at > begin + DAY - 3 * HOUR) break;
    const km = (kmh * lasts) / 60;
    const [from, to] = away ? [north(HOME, km), HOME] : [HOME, north(HOME, km)];
    drives.push({ startsAt, endsAt: at, km, from, to });
    away = !away;
  }
  const settings = {
    odometerMetres: (10_000 + i * 1_000) * 1_000,
    resolutionMetres: wish.resolutionMetres,
    lagMs: wish.lagMinutes * MINUTE,
    sleepsAfterMs: wish.sleeps ? HOUR : null,
    fault: wish.fault,
    faultShare: wish.fault === 'none' ? 0 : wish.faultShare,
    observes: wish.observes,
    drives: drives.map(({ startsAt, endsAt, km, to }) => ({
      startsAt,
      durationMs: endsAt - startsAt,
      distanceMetres: Math.round(km * 1_000),
      to,
    })),
  };
  return { email: `driver${i}@example.nl`, drives, settings, placed: wish.placed };
}

describe('a simulated day', () => {
  test(`of ${CARS} cars`, { timeout: 1_200_000 }, async () => {
    const { store, path, remove } = openTempStore();
    const { deps: plain, clock, wire } = sceneOf(store, path, 'nobody@example.nl');
    const calls: Call[] = [];
    const deps: Deps = { ...plain, providers: notedProviders(calls, { policy: POLICY }) };
    const begin = clock.now();
    const wishes = fc.sample(wishOf, { numRuns: CARS, seed: process.env['LONG'] ? Date.now() : 7 });
    const people = wishes.map((wish, i) => personOf(wish, i, begin));
    for (const { email, settings } of people) await simulatedCar(deps, email, settings);

    const events = people
      .flatMap(({ email, drives, placed }) =>
        drives.flatMap(({ startsAt, endsAt, from, to }) => [
          { email, type: 'start' as const, at: startsAt, place: placed ? from : null },
          { email, type: 'end' as const, at: endsAt, place: placed ? to : null },
        ]),
      )
      .toSorted((a, b) => a.at - b.at);
    let remaining = 0;
    for (let minute = 1, next = 0; minute <= 27 * 60; minute += 1) {
      for (let event = events[next]; event && event.at <= begin + minute * MINUTE; event = events[next]) {
        clock.set(event.at);
        await wire.event(event.email, event.type, { place: event.place });
        next += 1;
      }
      clock.set(begin + minute * MINUTE);
      remaining += (await pollAll(deps)).remaining;
    }

    expect(remaining).toBe(0);
    for (const person of people) await expectOneTripEach(person);
    expectPatience(calls, people);
    expectNobodyForgotten(calls, people);
    await remove();

    async function expectOneTripEach({ email, drives, settings }: Person): Promise<void> {
      const trips = await tripsOf(store.forUser(email));
      const told = JSON.stringify(settings);
      // What is long past and does not say so may be taken for now: times hold, kilometres cannot.
      const isDatable = settings.observes !== false || settings.lagMs === 0;
      expect([told, trips.map(({ startedAt, endedAt }) => [startedAt, endedAt])]).toEqual([
        told,
        drives.map(({ startsAt, endsAt }) => [startsAt, endsAt]),
      ]);
      for (const [i, trip] of trips.entries()) {
        // A car that was silent at the start is known from there on only; its trip says so.
        if (!isDatable || trip.distanceSource !== 'odometer' || trip.startOdometerEstimated) continue;
        const metres = (drives[i]?.km ?? 0) * 1_000;
        expect([told, Math.abs(trip.distanceMetres - metres) <= 1_000]).toEqual([told, true]);
      }
    }
  });

  test('in which rounds never reach everybody: who waits longest comes next', async () => {
    const { store, path, remove } = openTempStore();
    const { deps: plain, clock, wire } = sceneOf(store, path, 'nobody@example.nl');
    const calls: Call[] = [];
    const answer = ({ now }: { readonly now: number }) => {
      // Each call takes a second of a round that lasts forty.
      clock.advance(1_000);
      return says(50_000, 'driving', now);
    };
    const deps: Deps = { ...plain, providers: notedProviders(calls, { policy: { drivingMs: MINUTE }, answer }) };
    const drivers = 400;
    for (let i = 0; i < drivers; i += 1) {
      await simulatedCar(deps, `d${i}@example.nl`, { odometerMetres: i * 1_000 });
      await wire.event(`d${i}@example.nl`, 'start', { place: HOME });
    }
    const askedIn: Set<number>[] = [];
    for (let round = 0; round < 24; round += 1) {
      clock.advance(MINUTE);
      const { remaining } = await pollAll(deps);
      expect(remaining).toBeGreaterThan(0);
      askedIn.push(new Set(calls.splice(0).map(({ car }) => car / 1_000)));
    }
    const starved = Array.from({ length: drivers }, (_, i) => i).filter((driver) =>
      askedIn.some((_, round) => round > 1 && askedIn.slice(round - 2, round + 1).every((asked) => !asked.has(driver))),
    );
    expect(starved).toEqual([]);
    await remove();
  });
});

/** Between two calls closer than its interval something happened to be asked about. */
function expectPatience(calls: readonly Call[], people: readonly Person[]): void {
  const byCar = Map.groupBy(calls, ({ car }) => car);
  for (const { settings, drives } of people) {
    const happened = drives.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt, endsAt + 20 * MINUTE]);
    const times = (byCar.get(settings.odometerMetres) ?? []).map(({ at }) => at);
    const tooSoon = times.filter((at, i) => {
      const before = times[i - 1] ?? -Infinity;
      return at - before < LEAST_MS && !happened.some((when) => when > before - MINUTE && when <= at);
    });
    expect(tooSoon).toEqual([]);
  }
}

/** A car that can answer is asked soon after each start and each end. */
function expectNobodyForgotten(calls: readonly Call[], people: readonly Person[]): void {
  const byCar = Map.groupBy(calls, ({ car }) => car);
  for (const { settings, drives } of people.filter((one) => one.settings.faultShare === 0)) {
    const times = (byCar.get(settings.odometerMetres) ?? []).map(({ at }) => at);
    for (const moment of drives.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt])) {
      expect(times.some((at) => at >= moment && at <= moment + MINUTE)).toBe(true);
    }
  }
}
