import { performance } from 'node:perf_hooks';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulatorProvider } from '../../../src/adapters/simulator/provider.ts';
import { readingsOf } from '../../../src/domain/car-answers.ts';
import type { SimulatedFault, SimulatorSettings } from '../../../src/domain/connections.ts';
import { runs } from '../../support/runs.ts';
import { BACK, OUT, SIMULATED } from '../../support/simulated.ts';

const MINUTE = 60_000;
const at = (clock: string) => Date.parse(`2026-03-02T${clock}Z`);
const CAR: SimulatorSettings = { ...SIMULATED, drives: [OUT, BACK] };

function ask(settings: SimulatorSettings, now: number, signal = new AbortController().signal) {
  return simulatorProvider.read!({ settings, vehicleId: null, now, signal });
}

/** Its one reading, as everybody else gets it; fails when there was none. */
async function reading(settings: SimulatorSettings, now: number) {
  const answer = await ask(settings, now);
  if (!answer.ok) return expect.fail(answer.failure.message);
  const { policy, resolutionMetres, sentinels } = simulatorProvider;
  const about = { fetchedAt: now, resolutionMetres, sentinels, stateMaxAgeMs: policy.stateMaxAgeMs };
  const read = readingsOf(answer.raw, about);
  if (!read.ok) return expect.fail(read.failure.message);
  expect(read.readings).toHaveLength(1);
  return read.readings[0]!;
}

async function failure(settings: SimulatorSettings, now: number) {
  const answer = await ask(settings, now);
  return answer.ok ? null : answer.failure;
}

describe('an answer', () => {
  test('says where it is, what its odometer shows, what it does, and when it knew', async () => {
    expect(await reading(CAR, at('08:15:00'))).toEqual({
      odometerMetres: SIMULATED.odometerMetres + 12_000,
      resolutionMetres: 1,
      position: { lat: 52.1207, lng: 5.243 },
      state: 'driving',
      at: at('08:15:00'),
    });
  });

  test('has no time where the car has none', async () => {
    expect((await reading({ ...CAR, observes: false }, at('08:15:00'))).at).toBeNull();
  });

  test.each([
    [1_000, 41_230_000],
    [100, 41_230_400],
    [10, 41_230_400],
    [1_609, 41_229_016],
  ])('shows the odometer in steps of %i m, never more than was driven', async (resolutionMetres, shown) => {
    const read = await reading({ ...CAR, resolutionMetres }, at('07:00:00'));
    expect(read).toMatchObject({ odometerMetres: shown, resolutionMetres });
  });

  test.each<[string, number, number, 'driving' | 'parked']>([
    ['08:00:00', 15, 0, 'parked'],
    ['08:14:59', 15, 0, 'parked'],
    ['08:15:00', 15, 0, 'driving'],
    ['08:30:00', 15, 12_000, 'driving'],
    ['08:44:59', 15, 23_986, 'driving'],
    ['08:45:00', 15, 24_000, 'parked'],
    ['09:05:00', 15, 24_000, 'parked'],
    ['09:15:00', 50, 20_000, 'driving'],
    ['09:20:00', 50, 24_000, 'parked'],
    ['09:30:00', 75, 12_000, 'driving'],
  ])('at %s, %i min behind, knows of %i m and that it is %s', async (clock, lagMinutes, driven, state) => {
    const lagMs = lagMinutes * MINUTE;
    const answer = await ask({ ...CAR, lagMs }, at(clock));
    if (!answer.ok) return expect.fail(answer.failure.message);
    const observedAt = at(clock) - lagMs;
    expect(answer.raw.odometer).toMatchObject({ value: (SIMULATED.odometerMetres + driven) / 1_000, observedAt });
    expect(answer.raw.state).toEqual({ value: state, observedAt });
    expect(answer.raw.position?.observedAt).toBe(observedAt);
  });
});

describe('sleep', () => {
  test.each<[string, number, boolean]>([
    ['07:59:59', 0, true],
    ['08:00:00', 0, false],
    ['08:29:00', 0, false],
    ['08:30:00', 0, false],
    ['08:49:59', 0, false],
    ['08:50:00', 0, true],
    ['08:59:59', 0, true],
    ['09:00:00', 0, false],
    ['10:00:00', 0, true],
    ['08:50:00', 15, false],
    ['09:05:00', 15, true],
    ['09:15:00', 15, false],
  ])('at %s, %i min behind, of a car that sleeps 20 min after it parked: %j', async (clock, lagMinutes, sleeps) => {
    const car = { ...CAR, sleepsAfterMs: 20 * MINUTE, lagMs: lagMinutes * MINUTE };
    expect((await failure(car, at(clock)))?.code ?? null).toBe(sleeps ? 'asleep' : null);
  });
});

describe('a fault', () => {
  const spoiled = (fault: SimulatedFault, faultShare = 1) => ({ ...CAR, fault, faultShare });
  const NOW = at('08:15:00');

  test.each<[SimulatedFault, object]>([
    ['unavailable', { code: 'unavailable', retryAt: null }],
    ['rate_limited', { code: 'rate_limited', retryAt: NOW + 3 * MINUTE }],
    ['auth_expired', { code: 'auth_expired', retryAt: null }],
    ['protocol', { code: 'protocol', retryAt: null }],
  ])('%s is a failure of this car alone', async (fault, expected) => {
    expect(await failure(spoiled(fault), NOW)).toMatchObject({ ...expected, scope: 'vehicle' });
  });

  test('no_position leaves the rest', async () => {
    const read = await reading(spoiled('no_position'), NOW);
    expect(read).toMatchObject({ position: null, state: 'driving', odometerMetres: SIMULATED.odometerMetres + 12_000 });
  });

  test('wrong_unit is an odometer nobody can be sure of', async () => {
    const answer = await ask(spoiled('wrong_unit'), NOW);
    if (!answer.ok) return expect.fail(answer.failure.message);
    const about = { fetchedAt: NOW, resolutionMetres: 1_000, sentinels: [], stateMaxAgeMs: MINUTE };
    expect(readingsOf(answer.raw, about)).toMatchObject({ ok: false, failure: { code: 'protocol' } });
  });

  test('silent never answers, and ends when it is aborted', async () => {
    const limit = new AbortController();
    const asked = ask(spoiled('silent'), NOW, limit.signal);
    const first = await Promise.race([asked, new Promise((done) => setTimeout(done, 80, 'still silent'))]);
    expect(first).toBe('still silent');
    limit.abort();
    expect(await asked).toMatchObject({ ok: false, failure: { code: 'transient' } });
  });

  test('silent asks no patience of who has none left', async () => {
    expect(await ask(spoiled('silent'), NOW, AbortSignal.abort())).toMatchObject({ ok: false });
  });

  test('none and a share of nothing spoil nothing', async () => {
    expect(await failure(spoiled('none'), NOW)).toBeNull();
    expect(await failure(spoiled('unavailable', 0), NOW)).toBeNull();
  });

  const minutes = Array.from({ length: 2_000 }, (_, i) => at('00:00:00') + i * MINUTE);
  const failing = async (settings: SimulatorSettings) => {
    const answers = await Promise.all(minutes.map((now) => ask(settings, now)));
    return minutes.filter((_, i) => !answers[i]!.ok);
  };

  test.each([0.1, 0.5, 0.9])('spoils its share %d of the minutes, a larger one the same and others', async (share) => {
    const some = await failing(spoiled('unavailable', share));
    expect(some.length / minutes.length).toBeGreaterThan(share - 0.04);
    expect(some.length / minutes.length).toBeLessThan(share + 0.04);
    const more = new Set(await failing(spoiled('unavailable', share + 0.05)));
    expect(some.every((minute) => more.has(minute))).toBe(true);
  });

  test('strikes other cars at other times', async () => {
    const one = await failing(spoiled('unavailable', 0.5));
    const other = await failing({ ...spoiled('unavailable', 0.5), odometerMetres: 7 });
    expect(one).not.toEqual(other);
  });

  test('lasts the minute', async () => {
    const car = spoiled('unavailable', 0.5);
    for (const minute of minutes.slice(0, 50)) {
      const start = await failure(car, minute);
      expect(await failure(car, minute + 30_000)).toEqual(start);
      expect(await failure(car, minute + 59_999)).toEqual(start);
    }
  });
});

describe('the time it takes', () => {
  test('is what its settings say', async () => {
    const before = performance.now();
    expect(await failure({ ...CAR, answersAfterMs: 120 }, at('08:15:00'))).toBeNull();
    expect(performance.now() - before).toBeGreaterThan(100);
  });

  test.each([10, null])('ends with the patience of who asks (%j ms)', async (patienceMs) => {
    const signal = patienceMs === null ? AbortSignal.abort() : AbortSignal.timeout(patienceMs);
    const before = performance.now();
    const answer = await ask({ ...CAR, answersAfterMs: 10_000 }, at('08:15:00'), signal);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'transient' } });
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

test('the same settings and time give the same answer, and asking changes nothing', async () => {
  const fault = fc.constantFrom<SimulatedFault>('none', 'unavailable', 'rate_limited', 'protocol', 'no_position');
  const settings = fc.record({
    lagMs: fc.nat(40 * MINUTE),
    resolutionMetres: fc.constantFrom(1, 10, 1_000, 1_609),
    sleepsAfterMs: fc.option(fc.nat(60 * MINUTE)),
    fault,
    faultShare: fc.double({ min: 0, max: 1, noNaN: true }),
    observes: fc.boolean(),
  });
  const times = fc.array(fc.nat(4 * 60 * MINUTE), { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(settings, times, async (wish, offsets) => {
      const car = { ...CAR, ...wish };
      const all = offsets.map((offset) => at('07:00:00') + offset).toSorted((a, b) => a - b);
      const forth = await Promise.all(all.map((now) => ask(car, now)));
      const back = await Promise.all(all.toReversed().map((now) => ask(structuredClone(car), now)));
      expect(back.toReversed()).toEqual(forth);
      const shown = forth.flatMap((answer) => (answer.ok ? [Number(answer.raw.odometer?.value)] : []));
      expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    }),
    runs(100, 3_000),
  );
});

test('a car of another maker is not asked here', async () => {
  const signal = new AbortController().signal;
  const asked = simulatorProvider.read!({ settings: { provider: 'push' }, vehicleId: null, now: 0, signal });
  await expect(asked).rejects.toThrow(TypeError);
});
