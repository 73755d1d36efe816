/** One call a second, and none to a service that does not want us or is down. */

import { describe, expect, it, test } from 'vitest';
import {
  afterServiceAnswer,
  afterServiceFailure,
  failureOf,
  turnOf,
  type ServicePace,
} from '../../src/domain/services.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NOTHING_SAID = { retryAfter: null, rateLimitReset: null, text: null };
const pace = (parts: Partial<ServicePace>): ServicePace => ({
  nextAt: 0,
  closedUntil: 0,
  failures: 0,
  expiresAt: 0,
  ...parts,
});

describe('a turn', () => {
  it.each<[string, ServicePace | null, number, object]>([
    ['is free at first', null, NOW, { kind: 'turn', at: NOW, pace: { nextAt: NOW + SECOND } }],
    [
      'comes after those before',
      pace({ nextAt: NOW + 3 * SECOND }),
      NOW + 5 * SECOND,
      { kind: 'turn', at: NOW + 3 * SECOND },
    ],
    ['may be too late', pace({ nextAt: NOW + 6 * SECOND }), NOW + 5 * SECOND, { kind: 'late', at: NOW + 6 * SECOND }],
    [
      'is none while it is left alone',
      pace({ closedUntil: NOW + 1 }),
      NOW + MINUTE,
      { kind: 'closed', until: NOW + 1 },
    ],
    ['is not lost when a clock was set back', pace({ nextAt: NOW + 24 * 60 * MINUTE }), NOW, { kind: 'turn', at: NOW }],
  ])('%s', (_, known, latest, expected) => {
    expect(turnOf(known, NOW, latest)).toMatchObject(expected);
  });
});

test('a service that fails is left alone from the third time on, longer each time', () => {
  let known: ServicePace | null = null;
  const minutes: number[] = [];
  for (let nth = 0; nth < 7; nth += 1) {
    known = afterServiceFailure(known, failureOf(500, NOTHING_SAID, NOW), NOW);
    minutes.push((Math.max(known.closedUntil, NOW) - NOW) / MINUTE);
  }
  expect(minutes).toEqual([0, 0, 1, 5, 15, 60, 60]);
  expect(afterServiceAnswer(known)).toMatchObject({ failures: 0, closedUntil: 0 });
  expect(afterServiceAnswer(pace({}))).toBeNull();
});

test.each([
  [429, 5],
  [403, 60],
  [401, 60],
])('status %i closes it for all at once, %i minutes where it does not say', (status, minutes) => {
  const known = afterServiceFailure(null, failureOf(status, NOTHING_SAID, NOW), NOW);
  expect(known.closedUntil).toBe(NOW + minutes * MINUTE);
  const said = { ...NOTHING_SAID, retryAfter: '7' };
  expect(afterServiceFailure(null, failureOf(status, said, NOW), NOW).closedUntil).toBe(NOW + 7 * SECOND);
});
