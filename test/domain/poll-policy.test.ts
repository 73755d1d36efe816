import { describe, expect, test } from 'vitest';
import { WANTS_THE_USER, FAILURE_CODES, type Failure } from '../../src/domain/connections.ts';
import { afterAnswer, afterFailure, type Asking, type PollPolicy } from '../../src/domain/poll-policy.ts';
import { askableAt, healthOf, isNews, NO_POLLS, pollOf, withPolls, type CarPoll } from '../../src/domain/polls.ts';
import { allowanceOf, counted, isBudgeted, UNUSED, usedShare } from '../../src/domain/providers.ts';

const MINUTE = 60_000;
const NOW = 1_772_366_400_000;
const POLICY: PollPolicy = {
  drivingMs: MINUTE,
  parkedMs: 5 * MINUTE,
  asleepMs: 10 * MINUTE,
  timeLimitMs: 20_000,
  stateMaxAgeMs: 30 * MINUTE,
  callsPerDay: 100,
  callsPerMonth: 1_000,
};
const failure = (code: Failure['code'], retryAt: number | null = null): Failure => ({
  code,
  scope: 'vehicle',
  retryAt,
  message: '',
});

describe('after an answer', () => {
  test.each([
    ['moving', 'driving', 1],
    ['moving', 'unknown', 1],
    ['moving', 'parked', 5],
    ['standing', 'driving', 5],
    ['standing', 'unknown', 5],
  ] as const)('a %s car that says %s is asked again in %d min', (pace, state, minutes) => {
    const asking = { pace, stretch: 1, chance: 0 };
    expect(afterAnswer(POLICY, asking, state, NOW)).toEqual({ nextAt: NOW + minutes * MINUTE, backOffUntil: 0 });
  });

  test('a tenth earlier at most, so that the round of that minute meets it, and later when a budget is spared', () => {
    const at = (stretch: number, chance: number) =>
      afterAnswer(POLICY, { pace: 'moving', stretch, chance }, 'driving', NOW).nextAt - NOW;
    expect([at(1, 0), at(1, 0.5), at(1, 0.999)]).toEqual([60_000, 57_000, 54_006]);
    expect(at(2, 0)).toBe(120_000);
  });
});

describe('after a failure', () => {
  const asking = { pace: 'moving', stretch: 1, chance: 0 } as const;
  const pauses = (code: Failure['code'], more: Partial<Asking> = {}) =>
    [1, 2, 3, 4, 5, 6, 50].map((failures) => {
      const { nextAt, backOffUntil } = afterFailure(POLICY, { ...asking, ...more }, failure(code), failures, NOW);
      return [(nextAt - NOW) / MINUTE, Math.max(0, backOffUntil - NOW) / MINUTE];
    });

  test.each(FAILURE_CODES.filter((code) => code !== 'asleep'))('%s: 1, 2, 4, 8, 15 min, whatever happens', (code) => {
    expect(pauses(code)).toEqual([1, 2, 4, 8, 15, 15, 15].map((minutes) => [minutes, minutes]));
  });

  test('a car asleep is asked less and less, but at once when something happens', () => {
    expect(pauses('asleep')).toEqual([10, 20, 40, 40, 40, 40, 40].map((minutes) => [minutes, 0]));
  });

  test('pauses get up to a tenth longer, never shorter', () => {
    expect(pauses('transient', { chance: 0.5 })[0]).toEqual([1.05, 1.05]);
  });

  test('never comes sooner than the interval, but then something that happens may', () => {
    expect(pauses('transient', { pace: 'standing' }).slice(0, 4)).toEqual([
      [5, 1],
      [5, 2],
      [5, 4],
      [8, 8],
    ]);
    expect(pauses('transient', { stretch: 2 }).slice(0, 2)).toEqual([
      [2, 1],
      [2, 2],
    ]);
    expect(afterFailure(POLICY, asking, failure('rate_limited', NOW + 5_000), 1, NOW)).toEqual({
      nextAt: NOW + MINUTE,
      backOffUntil: NOW + 5_000,
    });
  });

  test('what the maker says counts, shorter or longer', () => {
    for (const minutes of [3, 90]) {
      const until = NOW + minutes * MINUTE;
      const next = afterFailure(POLICY, { ...asking, chance: 0.5 }, failure('rate_limited', until), 5, NOW);
      expect(next).toEqual({ nextAt: until, backOffUntil: until });
    }
    expect(afterFailure(POLICY, asking, failure('asleep', NOW + 1), 1, NOW).backOffUntil).toBe(NOW + 1);
  });
});

describe('when a car may be asked', () => {
  const WANTED = { carId: 'a', mark: 'trip_1 start 1', pace: 'moving' } as const;
  const known: CarPoll = { ...pollOf(NO_POLLS, 'a'), nextAt: 50, mark: WANTED.mark };

  test.each([
    ['never asked', pollOf(NO_POLLS, 'a'), 0],
    ['asked about this', known, 50],
    ['asked about something before it', { ...known, mark: 'trip_1 start 0' }, 0],
    ['leased', { ...known, mark: null, lease: { id: 'x', until: 40 } }, 40],
    ['leased, and due later', { ...known, lease: { id: 'x', until: 40 } }, 50],
    ['left alone', { ...known, mark: null, backOffUntil: 70 }, 70],
  ] satisfies [string, CarPoll, number][])('%s', (_, poll, at) => {
    expect(askableAt(poll, WANTED)).toBe(at);
    expect(isNews(poll, WANTED)).toBe(poll.mark !== WANTED.mark);
  });

  test('the first of the wanted ones makes the user due; nobody wanted, nobody due', () => {
    const other = { ...WANTED, carId: 'b', mark: 'm' };
    const polls = withPolls(NO_POLLS, { a: known, b: { ...known, nextAt: 30, mark: 'm' } }, [WANTED]);
    expect(polls.dueAt).toBe(50);
    expect(withPolls(polls, {}, [WANTED, other]).dueAt).toBe(30);
    expect(withPolls(polls, {}, [{ ...other, carId: 'new' }]).dueAt).toBe(0);
    expect(withPolls(polls, {}, [])).toEqual({ cars: polls.cars, dueAt: null });
  });

  test('how well it goes is what the last answer says', () => {
    const health = (poll: Partial<CarPoll>) => healthOf({ cars: { a: { ...known, ...poll } }, dueAt: null }, 'a');
    expect(healthOf(null, 'a')).toEqual({ state: 'ok', lastReadAt: null, error: null });
    expect(health({ lastReadAt: 7 })).toEqual({ state: 'ok', lastReadAt: 7, error: null });
    for (const error of FAILURE_CODES) {
      const state = WANTS_THE_USER.has(error) ? 'relink_required' : 'failing';
      expect(health({ lastReadAt: 7, error })).toEqual({ state, lastReadAt: 7, error });
    }
  });
});

describe('a budget', () => {
  test('counts by day and by month, and begins anew with either', () => {
    const first = counted(counted(UNUSED, 3, '2026-03-31'), 2, '2026-03-31');
    expect([first.day, first.month]).toEqual([
      { name: '2026-03-31', count: 5 },
      { name: '2026-03', count: 5 },
    ]);
    const next = counted(first, 1, '2026-04-01');
    expect([next.day.count, next.month.count]).toEqual([1, 1]);
    expect(counted(counted(UNUSED, 3, '2026-03-30'), 4, '2026-03-31').month.count).toBe(7);
    expect(counted(first, -9, '2026-03-31').day.count).toBe(0);
  });

  test('is as used as the tighter of the two; what is of yesterday does not count', () => {
    const state = counted(UNUSED, 60, '2026-03-31');
    expect(usedShare(state, POLICY, '2026-03-31')).toBe(0.6);
    expect(usedShare(state, { ...POLICY, callsPerMonth: 80 }, '2026-03-31')).toBe(0.75);
    expect(usedShare(state, POLICY, '2026-04-01')).toBe(0);
    expect(usedShare(state, { ...POLICY, callsPerDay: null, callsPerMonth: null }, '2026-03-31')).toBe(0);
    expect(isBudgeted(POLICY)).toBe(true);
    expect(isBudgeted({ ...POLICY, callsPerDay: null, callsPerMonth: null })).toBe(false);
  });

  test.each([
    [0, 'all'],
    [0.799, 'all'],
    [0.8, 'half'],
    [0.949, 'half'],
    [0.95, 'marks'],
    [0.999, 'marks'],
    [1, 'none'],
    [3, 'none'],
  ] as const)('of which %d is used allows %s', (used, allowance) => {
    expect(allowanceOf(used)).toBe(allowance);
  });
});
