/** What trips become of cars that answer in parts, without times, or with yesterday's news. */

import { describe, expect, test } from 'vitest';
import type { DrivingState } from '../../src/domain/events.ts';
import type { ProviderAnswer } from '../../src/seams/car-provider.ts';
import { all } from '../support/book.ts';
import { simulatedCar } from '../support/garage.ts';
import { HOME, north } from '../support/places.ts';
import { MINUTE, story } from '../support/rounds.ts';
import { stage } from '../support/stage.ts';

const OFFICE = north(HOME, 20);
const on = stage();
const policy = { drivingMs: 5 * MINUTE, parkedMs: 10 * MINUTE };

interface Parts {
  readonly km: number | null;
  readonly kmAt: number | null;
  readonly state: DrivingState;
  readonly stateAt: number | null;
}

function inParts({ km, kmAt, state, stateAt }: Parts): ProviderAnswer {
  return {
    ok: true,
    raw: {
      odometer: { value: km, unit: 'km', observedAt: kmAt },
      position: null,
      state: { value: state, observedAt: stateAt },
    },
  };
}

describe('somebody drives on after the end', () => {
  const LATER: Record<string, (at: number) => number | null> = {
    'at once': (at) => at,
    'a moment later': (at) => at + 3,
    'and no time': () => null,
  };
  test.each(Object.entries(LATER))('and its odometer says when, its state %s', async (_, later) => {
    const answer = (minute: number, { now }: { readonly now: number }) => {
      const [kmAt, km] = [now - 5_000, 50_000 + Math.floor(Math.min(40, minute))];
      return inParts({ km, kmAt, state: minute < 40 ? 'driving' : 'parked', stateAt: later(kmAt) });
    };
    await story(on, { answer, policy }, async ({ deps, user, wire, rounds, book }) => {
      await simulatedCar(deps, user);
      await wire.event(user, 'start', { place: HOME });
      await rounds(20);
      await wire.event(user, 'end', { place: OFFICE });
      await rounds(80);
      const trips = await book();
      expect(trips).toHaveLength(2);
      expect(trips[0]).toMatch(/^06:00–06:20 .*–50026\]$/);
      expect(trips[1]).toMatch(/^06:25:55–.* car \[~50026–50040\], opened by car, by car, \? drove_on$/);
    });
  });

  test('is not what a state without an odometer says once, beside one from before the end', async () => {
    const answer = (minute: number, { now }: { readonly now: number }) => {
      if (minute > 20 && minute < 23) return inParts({ km: null, kmAt: null, state: 'driving', stateAt: now });
      const km = 50_000 + Math.floor(Math.min(minute, 20));
      return inParts({ km, kmAt: now, state: minute < 20 ? 'driving' : 'parked', stateAt: now });
    };
    await story(on, { answer, policy }, async ({ deps, user, wire, clock, round, rounds, book }) => {
      await simulatedCar(deps, user);
      await wire.event(user, 'start', { place: HOME });
      await rounds(20);
      await wire.event(user, 'end', { place: OFFICE });
      clock.advance(70_000);
      await round();
      await rounds(80);
      expect(await book()).toEqual(['06:00–06:20 26.0 km straight_line car [~50001–50020]']);
    });
  });
});

test.each([0, 5, 10, 15, 20, 25, 30])(
  'a car that says no times and is %i minutes behind drives nowhere after its end',
  async (lag) => {
    await story(on, {}, async ({ deps, user, wire, clock, rounds, book }) => {
      const begin = clock.now();
      const drives = [
        { startsAt: begin + 30 * MINUTE, durationMs: 20 * MINUTE, distanceMetres: 26_000, to: OFFICE },
        { startsAt: begin + 90 * MINUTE, durationMs: 25 * MINUTE, distanceMetres: 27_000, to: HOME },
      ];
      await simulatedCar(deps, user, { lagMs: lag * MINUTE, observes: false, sleepsAfterMs: 10 * MINUTE, drives });
      await rounds(30);
      await wire.event(user, 'start', { place: HOME });
      await rounds(20);
      await wire.event(user, 'end', { place: OFFICE });
      await rounds(40);
      await wire.event(user, 'start', { place: OFFICE });
      await rounds(25);
      await wire.event(user, 'end', { place: HOME });
      await rounds(60);
      const [out, back, ...others] = await book();
      expect(others).toEqual([]);
      expect(out).toMatch(/^06:30–06:50 .* car( \[.*–50026\])?$/);
      expect(back).toBe('07:30–07:55 27.0 km odometer car [50026–50053]');
    });
  },
);

test('an odometer that says when, beside a state that does not, is written down once', async () => {
  const answer = (_minute: number, { now }: { readonly now: number }) => {
    const hour = 60 * MINUTE;
    return inParts({ km: 50_000, kmAt: Math.floor(now / hour) * hour - hour, state: 'parked', stateAt: null });
  };
  await story(on, { answer, policy: { parkedMs: MINUTE } }, async ({ deps, user, wire, rounds }) => {
    const store = deps.store.forUser(user);
    await simulatedCar(deps, user);
    await wire.event(user, 'start', { place: HOME });
    await rounds(30);
    expect(await all(store, 'odometer_reading')).toMatchObject([{ odometerMetres: 50_000_000 }]);
    const odometers = (await all(store, 'event')).filter(
      ({ event }) => event.type === 'car_reading' && event.odometerMetres !== null,
    );
    expect(odometers).toHaveLength(1);
  });
});
