/** Rounds of the clock: which car is asked when, by whom, and what its answers and failures lead to. */

import { describe, expect, test } from 'vitest';
import { pollAll, type Round } from '../../src/actions/poll.ts';
import { oncePerTick } from '../../src/actions/ticks.ts';
import type { Deps } from '../../src/actions/deps.ts';
import { all, tripsOf } from '../support/book.ts';
import { fails, notedProviders, says, simulatedCar, STANDING, type Answering, type Call } from '../support/garage.ts';
import type { PollPolicy } from '../../src/domain/poll-policy.ts';
import { HOME, north } from '../support/places.ts';
import { stage, type Scene } from '../support/stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OFFICE = north(HOME, 20);
const { scene } = stage();

interface Asked extends Scene {
  readonly calls: Call[];
  /** Minutes since the story began, of each call. */
  minutes(): number[];
  round(): Promise<Round>;
  /** A round every minute. */
  rounds(minutes: number): Promise<void>;
}

interface Props {
  readonly answer?: Answering;
  readonly policy?: Partial<PollPolicy>;
}

function story<T>(props: Props, play: (asked: Asked) => Promise<T>): Promise<T> {
  return scene(async (one) => {
    const calls: Call[] = [];
    const deps: Deps = { ...one.deps, providers: notedProviders(calls, props) };
    const begin = one.clock.now();
    const round = () => pollAll(deps);
    const rounds = async (minutes: number) => {
      for (let i = 0; i < minutes; i += 1) {
        one.clock.advance(MINUTE);
        await round();
      }
    };
    const minutes = () => calls.map(({ at }) => Math.round((at - begin) / MINUTE));
    return play({ ...one, deps, calls, minutes, round, rounds });
  });
}

const start = ({ wire, user }: Scene) => wire.event(user, 'start', { place: HOME });
const end = ({ wire, user }: Scene) => wire.event(user, 'end', { place: OFFICE });

describe('a car is asked', () => {
  test('not while nobody drives, at once after a start, then at its interval, and no more once the trip is done', async () => {
    const answer: Answering = ({ now }) => says(50_000, 'driving', now);
    await story({ answer, policy: { drivingMs: 3 * MINUTE } }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await one.rounds(5);
      expect(one.calls).toEqual([]);
      await start(one);
      await one.rounds(10);
      expect(one.minutes()).toEqual([6, 9, 12, 15]);
    });
  });

  test('less often while it stands', async () => {
    const answer: Answering = ({ now }) => says(50_000, 'parked', now);
    await story({ answer, policy: { drivingMs: MINUTE, parkedMs: 4 * MINUTE } }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await start(one);
      await one.rounds(10);
      expect(one.minutes()).toEqual([1, 5, 9]);
    });
  });

  test('at once after an end, and the trip is finished with what it says', async () => {
    const answer: Answering = ({ now }, call) =>
      says(call === 1 ? 50_000 : 50_021, call === 1 ? 'driving' : 'parked', now);
    await story({ answer, policy: { drivingMs: 30 * MINUTE } }, async (one) => {
      const carId = await simulatedCar(one.deps, one.user);
      await start(one);
      await one.rounds(20);
      expect(await end(one)).toMatchObject({ code: 'ending' });
      one.clock.advance(MINUTE);
      expect(await one.round()).toMatchObject({ due: 1, polled: 1, finished: 1, failed: 0 });
      expect(one.minutes()).toEqual([1, 21]);
      expect(await tripsOf(one.deps.store.forUser(one.user))).toMatchObject([
        {
          carId,
          startOdometerMetres: 50_000_000,
          endOdometerMetres: 50_021_000,
          distanceMetres: 21_000,
          odometerPending: false,
        },
      ]);
      await one.rounds(60);
      expect(one.calls).toHaveLength(2);
    });
  });

  test('until its odometer is known after an end, at most a day', async () => {
    await story({ answer: () => fails('unavailable') }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await start(one);
      await one.rounds(20);
      await end(one);
      for (let i = 0; i < 30 * 4; i += 1) {
        one.clock.advance(15 * MINUTE);
        await one.round();
      }
      const lastAt = one.minutes().at(-1) ?? 0;
      expect(lastAt).toBeGreaterThan(23 * 60);
      expect(lastAt).toBeLessThanOrEqual(24 * 60 + 40);
      expect(await tripsOf(one.deps.store.forUser(one.user))).toMatchObject([{ odometerPending: false }]);
    });
  });

  test('though no phone knows which: every connected one, until one is seen driving', async () => {
    const answer: Answering = ({ settings, now }) => {
      const isFirst = settings.provider === 'simulator' && settings.odometerMetres === 1_000_000;
      return isFirst ? says(1_000, 'driving', now) : says(2_000, 'parked', now);
    };
    await story({ answer }, async (one) => {
      const first = await simulatedCar(one.deps, one.user, { odometerMetres: 1_000_000 });
      await simulatedCar(one.deps, one.user, { odometerMetres: 2_000_000 });
      await start(one);
      await one.rounds(3);
      expect(one.calls.filter(({ car }) => car === 2_000_000)).toHaveLength(1);
      expect(one.calls.filter(({ car }) => car === 1_000_000)).toHaveLength(3);
      const active = await one.deps.store.forUser(one.user).get('active', 'trip_start');
      expect(active?.now.trip.car).toMatchObject({ carId: first, by: 'seen' });
    });
  });

  test('never twice by two rounds at once, nor again by one that comes while it is being asked', async () => {
    let release = () => {};
    const gate = new Promise<void>((open) => (release = open));
    const answer: Answering = async ({ now }) => {
      await gate;
      return says(50_000, 'driving', now);
    };
    await story({ answer }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await start(one);
      one.clock.advance(MINUTE);
      const both = Promise.all([one.round(), one.round()]);
      await expect.poll(() => one.calls.length).toBe(1);
      expect(await one.round()).toMatchObject({ polled: 0 });
      release();
      const polled = (await both).map((round) => round.polled);
      expect(polled.toSorted()).toEqual([0, 1]);
      expect(one.calls).toHaveLength(1);
    });
  });

  test('again when whoever asked it died, and the answer of a dead one changes nothing', async () => {
    let finish: (() => void) | null = null;
    const answer: Answering = async ({ now }, call) => {
      if (call === 1) await new Promise<void>((done) => (finish = done));
      return says(call === 1 ? 60_000 : 50_000, 'driving', now);
    };
    await story({ answer, policy: { timeLimitMs: 10_000 } }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await start(one);
      one.clock.advance(MINUTE);
      const lost = one.round();
      await expect.poll(() => finish).not.toBeNull();
      await one.rounds(1);
      expect(one.calls).toHaveLength(2);
      finish!();
      await lost;
      const readings = await all(one.deps.store.forUser(one.user), 'odometer_reading');
      expect(readings.map(({ odometerMetres }) => odometerMetres)).toEqual([50_000_000]);
    });
  });

  test('four times a day though nobody drives, by the daily round, and not again for that', async () => {
    await story({}, async (one) => {
      await simulatedCar(one.deps, one.user);
      const daily = () => pollAll(one.deps, { daily: true });
      expect(await daily()).toMatchObject({ due: 1, polled: 1, failed: 0 });
      await one.rounds(30);
      expect(one.calls).toHaveLength(1);
      one.clock.advance(6 * HOUR);
      await daily();
      expect(one.calls).toHaveLength(2);
      const readings = await all(one.deps.store.forUser(one.user), 'odometer_reading');
      expect(readings.map(({ odometerMetres, source }) => [odometerMetres, source])).toEqual([
        [50_000_000, 'simulator'],
      ]);
    });
  });
});

describe('a car that fails', () => {
  test('is left alone 1, 2, 4, 8, 15 minutes, and asked at its interval once it answers', async () => {
    const answer: Answering = ({ now }, call) => (call <= 6 ? fails('unavailable') : says(50_000, 'driving', now));
    await story({ answer }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await start(one);
      await one.rounds(60);
      const pauses = one.minutes().map((minute, i, list) => minute - (list[i - 1] ?? 0));
      // Pauses get up to a tenth longer, and a round comes once a minute.
      for (const [i, wanted] of [1, 2, 4, 8, 15, 15].entries()) {
        expect(pauses[i + 1]).toBeGreaterThanOrEqual(wanted);
        expect(pauses[i + 1]).toBeLessThanOrEqual(Math.ceil(wanted * 1.1) + 1);
      }
      expect(pauses.slice(7, 12)).toEqual([1, 1, 1, 1, 1]);
    });
  });

  test('is left alone as long as its maker says, whatever happens meanwhile', async () => {
    const answer: Answering = ({ now }) => fails('rate_limited', { retryAt: now + 17 * MINUTE });
    await story({ answer }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await start(one);
      await one.rounds(5);
      await end(one);
      await one.rounds(20);
      expect(one.minutes()).toEqual([1, 18]);
    });
  });

  test('because it sleeps is asked at once when something happens', async () => {
    await story({ answer: () => fails('asleep'), policy: { asleepMs: HOUR } }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await start(one);
      await one.rounds(5);
      await end(one);
      await one.rounds(5);
      expect(one.minutes()).toEqual([1, 6]);
    });
  });

  test('never costs the trip: after an end and the waiting time it is finished from the phone', async () => {
    await story({ answer: () => fails('transient') }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await start(one);
      await one.rounds(20);
      await end(one);
      await one.rounds(21);
      expect(await tripsOf(one.deps.store.forUser(one.user))).toMatchObject([
        { odometerPending: true, closedBy: 'phone', distanceSource: 'straight_line' },
      ]);
    });
  });

  test('in a way only its user can mend is not asked and not waited for any more', async () => {
    await story({ answer: () => fails('auth_expired', { scope: 'account' }) }, async (one) => {
      const carId = await simulatedCar(one.deps, one.user);
      await start(one);
      await one.rounds(60);
      expect(one.minutes()).toEqual([1]);
      expect(await end(one)).toMatchObject({ code: 'finished' });
      const polls = await one.deps.store.forUser(one.user).get('polls', 'polls');
      expect(polls?.cars[carId]).toMatchObject({ error: 'auth_expired', failures: 1 });
    });
  });

  test.each([
    ['throws', () => Promise.reject(new Error('a secret of the maker'))],
    ['never answers', () => new Promise<never>(() => {})],
    [
      'answers nonsense',
      (): ReturnType<Answering> => ({
        ok: true,
        raw: { odometer: { value: 5, unit: 'parsec', observedAt: null }, position: null, state: null },
      }),
    ],
  ] satisfies [string, Answering][])(
    'when its maker %s: others are served, and it is left alone',
    async (_, answer) => {
      await story({ answer, policy: { timeLimitMs: 50 } }, async (one) => {
        await simulatedCar(one.deps, one.user);
        await start(one);
        one.clock.advance(MINUTE);
        expect(await one.round()).toMatchObject({ due: 1, polled: 1, failed: 1 });
        expect(await one.round()).toMatchObject({ polled: 0 });
        const polls = await one.deps.store.forUser(one.user).get('polls', 'polls');
        expect(Object.values(polls?.cars ?? {})).toMatchObject([{ failures: 1, lease: null }]);
      });
    },
  );

  test('because all of its maker’s do closes the maker for everybody until then', async () => {
    const answer: Answering = ({ now }) => fails('rate_limited', { scope: 'application', retryAt: now + 10 * MINUTE });
    await story({ answer }, async (one) => {
      const other = `other-${one.user}`;
      await simulatedCar(one.deps, one.user);
      await simulatedCar(one.deps, other, { odometerMetres: 7_000_000 });
      await start(one);
      await one.rounds(1);
      await one.wire.event(other, 'start', { place: HOME });
      await one.rounds(9);
      expect(one.calls).toHaveLength(1);
      await one.rounds(2);
      expect(one.calls.length).toBeGreaterThan(1);
      await one.deps.store.system.update('provider', 'simulator', (known) => known && { ...known, closedUntil: 0 });
      await one.deps.store.removeUser(other);
    });
  });
});

describe('a budget', () => {
  test('is spared from four fifths on, then kept for starts and ends, and never overdrawn', async () => {
    const answer: Answering = ({ now }) => says(50_000, 'driving', now);
    await story({ answer, policy: { callsPerDay: 40 } }, async (one) => {
      await simulatedCar(one.deps, one.user);
      await start(one);
      await one.rounds(33);
      // Every other minute from the 32nd call on, up to the 38th.
      expect(one.calls).toHaveLength(32);
      await one.rounds(10);
      expect(one.calls).toHaveLength(37);
      await one.rounds(30);
      expect(one.calls).toHaveLength(38);
      await end(one);
      await one.rounds(1);
      expect(one.calls).toHaveLength(39);
      await one.rounds(300);
      expect(one.calls).toHaveLength(40);
      const state = await one.deps.store.system.get('provider', 'simulator');
      expect(state?.day.count).toBe(one.calls.length);
    });
  });
});

describe('a tick', () => {
  test('runs once, however often and wherever it is delivered, unless it failed', async () => {
    await story({}, async ({ deps }) => {
      let runs = 0;
      const run = async () => (runs += 1);
      const times = ['1', '1', '2', '1', '2'];
      const done = await Promise.all(times.map((time) => oncePerTick(deps, 'job', time, run)));
      expect(done.filter((one) => one !== null)).toHaveLength(2);
      expect(runs).toBe(2);
      const failing = () => Promise.reject(new Error('mine'));
      await expect(oncePerTick(deps, 'job', '3', failing)).rejects.toThrow('mine');
      expect(await oncePerTick(deps, 'job', '3', run)).toBe(3);
      expect(await oncePerTick(deps, 'other job', '3', run)).toBe(4);
    });
  });
});

test('what its maker renews is what it is asked with from then on, unless it was connected anew meanwhile', async () => {
  const answer: Answering = ({ settings, now }, call) => {
    const said = says(50_000, 'driving', now);
    if (call > 1 || settings.provider !== 'simulator' || !said.ok) return said;
    return { ...said, renewed: { ...settings, odometerMetres: 77_000 } };
  };
  await story({ answer }, async (one) => {
    await simulatedCar(one.deps, one.user);
    await start(one);
    await one.rounds(3);
    expect(one.calls.map(({ car }) => car)).toEqual([STANDING.odometerMetres, 77_000, 77_000]);
  });
});

test('settings a store kept sealed for somebody else open nothing', async () => {
  await story({}, async (one) => {
    const carId = await simulatedCar(one.deps, one.user, { odometerMetres: 9_000_000 });
    const thief = `thief-${one.user}`;
    const own = await simulatedCar(one.deps, thief);
    const secret = await one.deps.store.forUser(one.user).get('secret', carId);
    await one.deps.store.forUser(thief).transact(function* (tx) {
      tx.put('secret', own, secret!);
      yield* tx.get('user', '');
    });
    await one.wire.event(thief, 'start', { place: HOME });
    await one.rounds(1);
    expect(one.calls).toEqual([]);
    const polls = await one.deps.store.forUser(thief).get('polls', 'polls');
    expect(polls?.cars[own]).toMatchObject({ error: 'configuration', failures: 1 });
    await one.deps.store.removeUser(thief);
  });
});
