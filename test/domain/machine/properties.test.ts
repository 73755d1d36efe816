/** What always holds of the pure machine, whatever a driver’s day looks like. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CarReading, TripEvent } from '../../../src/domain/events.ts';
import { START, type Machine } from '../../../src/domain/machine/state.ts';
import { step } from '../../../src/domain/machine/table.ts';
import { fold, inOrder, ledgerOf } from '../../../src/domain/timeline.ts';
import {
  ASKABLE,
  cancel,
  CAR_A,
  CAR_B,
  CLIENT,
  context,
  end,
  finalize,
  HOME,
  ping,
  reading,
  run,
  SCHOOL,
  start,
  t,
  tick,
} from '../../support/machine.ts';
import { runs } from '../../support/runs.ts';

const RULES = {
  plain: context(),
  'two cars, one that can be asked': context({ cars: [ASKABLE, CAR_B], locations: [HOME, SCHOOL, CLIENT] }),
  'cars that report by themselves': context({ cars: [CAR_A, CAR_B], locations: [HOME, SCHOOL, CLIENT] }),
};

/** `HH:MM:SS` so many seconds after midnight of the day, days counted. */
function clock(seconds: number): string {
  const day = Math.floor(seconds / 86_400);
  const time = new Date((seconds % 86_400) * 1_000).toISOString().slice(11, 19);
  return day === 0 ? time : `+${day} ${time}`;
}

const happening = fc.record({
  kind: fc.constantFrom(
    'start',
    'start',
    'end',
    'end',
    'ping',
    'ping',
    'ping',
    'reading',
    'reading',
    'finalize',
    'cancel',
    'tick',
  ),
  pauseSeconds: fc.oneof(
    fc.integer({ min: 1, max: 130 }),
    fc.integer({ min: 1, max: 1_500 }),
    fc.integer({ min: 1, max: 14 * 3_600 }),
  ),
  km: fc.constantFrom(undefined, 0, 0.05, 0.4, 5, 5.1, 20, 60),
  car: fc.constantFrom(undefined, undefined, 'car_a', 'car_b', 'nobody’s'),
  device: fc.constantFrom(undefined, undefined, 'Golf', 'Polo', 'Taxi'),
  odometer: fc.option(fc.integer({ min: 1_000, max: 1_200 }), { nil: undefined }),
  state: fc.constantFrom('driving' as const, 'parked' as const, 'unknown' as const),
  accuracy: fc.constantFrom(null, 8, 80, 250),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function eventOf(said: Happening, at: string): TripEvent {
  const { km, car, device, odometer, state } = said;
  const about = { ...(km !== undefined && { km }), ...(car && { car }), ...(device && { device }) };
  switch (said.kind) {
    case 'ping':
      return ping(at, km ?? 1, said.accuracy);
    case 'reading':
      return reading(at, { car: car === 'car_b' ? car : 'car_a', ...(odometer && { odometer }), state });
    case 'tick':
      return tick(at);
    case 'start':
      return start(at, about);
    case 'end':
      return end(at, about);
    case 'finalize':
      return finalize(at, about);
    default:
      return cancel(at, about);
  }
}

const day = fc.array(happening, { minLength: 1, maxLength: 40 }).map((all) => {
  let seconds = 6 * 3_600;
  return all.map((one) => eventOf(one, clock((seconds += one.pauseSeconds))));
});
const rules = fc.constantFrom(...Object.values(RULES));

/** Everything a driver can see at the end: the book, the feed, the review list, the open trip. */
function seen(events: readonly TripEvent[], context_: (typeof RULES)['plain']) {
  const ran = run(events, context_);
  const { trips, waiting } = ledgerOf(ran.outputs);
  return { ...ran, trips, waiting };
}

describe('the machine', () => {
  test('no end, no loss: every start and end is in a trip, discarded with a reason, waiting, or in the open trip', () => {
    fc.assert(
      fc.property(day, rules, (events, context_) => {
        const { trips, waiting, machine } = seen(events, context_);
        const spans = [...trips.values()].flatMap(({ booked, discard }) => booked ?? discard ?? []);
        const open = machine.now.phase === 'idle' ? Infinity : machine.now.trip.startedAt;
        const lost = events.filter(
          (event) =>
            (event.type === 'start' || event.type === 'end') &&
            !waiting.has(event.id) &&
            event.at < open &&
            !spans.some(
              ({ startedAt, endedAt }) => startedAt <= event.at && event.at <= Math.max(endedAt, startedAt),
            ) &&
            !isRepeat(events, event),
        );
        expect(lost.map(({ type, at }) => `${type} ${new Date(at).toISOString()}`)).toEqual([]);
      }),
      runs(400, 20_000),
    );
  });

  test('never throws, and is the same after a night in the store', () => {
    fc.assert(
      fc.property(day, rules, (events, context_) => {
        let machine: Machine = START;
        for (const event of events) {
          const stored: Machine = JSON.parse(JSON.stringify(machine));
          const turn = step(machine, event, context_);
          expect(step(stored, event, context_)).toEqual(turn);
          machine = turn.machine;
        }
      }),
      runs(150, 5_000),
    );
  });

  test('ids are unique, trips end after they start, never overlap, and split their distance exactly', () => {
    fc.assert(
      fc.property(day, rules, (events, context_) => {
        const booked = [...seen(events, context_).trips.values()].flatMap((verdict) => verdict.booked ?? []);
        const sorted = booked.toSorted((a, b) => a.startedAt - b.startedAt || a.endedAt - b.endedAt);
        for (const [i, trip] of sorted.entries()) {
          expect(trip.endedAt).toBeGreaterThanOrEqual(trip.startedAt);
          expect(Number.isInteger(trip.distanceMetres) && trip.distanceMetres >= 0).toBe(true);
          expect(trip.businessMetres).toBeLessThanOrEqual(trip.distanceMetres);
          const next = sorted[i + 1];
          if (next && next.carId === trip.carId) expect(next.startedAt).toBeGreaterThanOrEqual(trip.endedAt);
        }
      }),
      runs(400, 20_000),
    );
  });

  test('exactly once: starts and ends told twice within a minute make the same trips', () => {
    fc.assert(
      fc.property(drives, fc.infiniteStream(fc.boolean()), (plain, twice) => {
        const doubled = plain.flatMap((event): TripEvent[] => {
          const isTwice = twice.next().value && (event.type === 'start' || event.type === 'end');
          return isTwice
            ? [event, { ...event, id: `${event.id}_again`, at: event.at + 20_000, receivedAt: event.at + 20_000 }]
            : [event];
        });
        expect(bookOf(run(doubled).trips)).toEqual(bookOf(run(plain).trips));
      }),
      runs(150, 5_000),
    );
  });

  test('ticks or none: a clock that speaks changes no trip', () => {
    fc.assert(
      fc.property(drives, (plain) => {
        const last = plain.at(-1)?.at ?? 0;
        const first = plain[0]?.at ?? 0;
        const ticks: TripEvent[] = [];
        for (let at = first + 1; at < last; at += 7 * 60_000) ticks.push({ type: 'tick', at, receivedAt: at });
        const mixed = [...plain, ...ticks].toSorted((a, b) => a.at - b.at);
        expect(bookOf(run(mixed).trips)).toEqual(bookOf(run(plain).trips));
      }),
      runs(150, 5_000),
    );
  });

  test('lag does not matter: car answers are sorted in by their own time, so late ones make the same trip', () => {
    fc.assert(
      fc.property(drives, fc.integer({ min: 0, max: 30 }), (plain, lagMinutes) => {
        const phone = plain.flatMap((event) => (event.type === 'start' || event.type === 'end' ? [event] : []));
        const pings = plain.filter((event) => event.type === 'ping');
        const answers = phone.flatMap((event, i): CarReading[] => {
          const state = event.type === 'start' ? 'driving' : 'parked';
          const one = reading(clock((event.at - t('00:00')) / 1_000 + 30), { odometer: 1_000 + i * 10, state });
          return [{ ...one, receivedAt: one.at + lagMinutes * 60_000, id: `odo_${i}` }];
        });
        const told = fold(
          START,
          inOrder([...phone, ...answers], pings),
          RULES['two cars, one that can be asked'],
          () => null,
        );
        const prompt = answers.map((one) => ({ ...one, receivedAt: one.at }));
        const known = fold(
          START,
          inOrder([...phone, ...prompt], pings),
          RULES['two cars, one that can be asked'],
          () => null,
        );
        expect(ledgerOf(told.outputs).trips).toEqual(ledgerOf(known.outputs).trips);
      }),
      runs(100, 3_000),
    );
  });

  test('no odometer is invented: each is what the car said, or says that it is estimated', () => {
    fc.assert(
      fc.property(day, (events) => {
        const said = events.flatMap((event) => (event.type === 'car_reading' ? [event] : []));
        const trips = [...seen(events, RULES['cars that report by themselves']).trips.values()];
        for (const trip of trips.flatMap(({ booked }) => booked ?? [])) {
          const own = said.filter(({ carId }) => carId === trip.carId);
          const before = own.filter(({ at }) => at <= trip.startedAt).map(({ odometerMetres }) => odometerMetres);
          const later = own.filter(({ at }) => at > trip.startedAt).map(({ odometerMetres }) => odometerMetres);
          const { startOdometerMetres: from, endOdometerMetres: to, startOdometerEstimated } = trip;
          if (from !== null && !startOdometerEstimated) expect(before).toContain(from);
          if (to !== null) expect(later).toContain(to);
          if (from !== null && to !== null && trip.distanceSource === 'odometer')
            expect(trip.distanceMetres).toBe(to - from);
        }
      }),
      runs(400, 20_000),
    );
  });

  test('bounded: the state of a drive is as large after 5,000 points as after 500', () => {
    let machine = run([start('00:00:00', { km: 0 })]).machine;
    const sizes: number[] = [];
    for (let second = 1; second <= 5_000; second += 1) {
      machine = step(machine, ping(clock(second), second * 0.014), context()).machine;
      if (second === 500 || second === 5_000) sizes.push(JSON.stringify(machine).length);
    }
    expect((sizes[1] ?? 0) - (sizes[0] ?? 0)).toBeLessThan(50);
  });
});

/** Within the duplicate window of one like it. */
function isRepeat(events: readonly TripEvent[], event: TripEvent): boolean {
  return events.some(
    (other) =>
      other !== event && other.type === event.type && event.at - other.at >= 0 && event.at - other.at <= 120_000,
  );
}

function bookOf(trips: readonly { readonly [field: string]: unknown }[]) {
  return trips.map(({ startedAt, endedAt, distanceMetres, distanceSource }) => ({
    startedAt,
    endedAt,
    distanceMetres,
    distanceSource,
  }));
}

/** Drives as they should be told: start, points, end, longer apart than the resume window. */
const drives: fc.Arbitrary<TripEvent[]> = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 660, max: 5_000 }),
      minutes: fc.integer({ min: 3, max: 90 }),
      km: fc.integer({ min: 1, max: 60 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) => {
    let seconds = 3_600;
    let here = 0;
    return all.flatMap(({ gap, minutes, km }) => {
      const from = seconds + gap;
      const begun = here;
      const way = Math.min(km, minutes * 2);
      here += way;
      seconds = from + minutes * 60;
      const points = Array.from({ length: Math.max(1, minutes - 1) }, (_, i) =>
        ping(clock(from + (i + 1) * 60), begun + (way * (i + 1)) / (minutes + 1)),
      );
      return [start(clock(from), { km: begun }), ...points, end(clock(seconds), { km: here })];
    });
  });
