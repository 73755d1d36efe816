import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryAtOf, type SaidWait } from '../../src/domain/retry-after.ts';
import { runs } from '../support/runs.ts';

const NOW = Date.parse('2026-03-02T08:00:00.250Z');
const SECOND = 1_000;
const DAY = 24 * 3_600 * SECOND;
const NOTHING = { retryAfter: null, rateLimitReset: null, text: null };

/** Milliseconds from now. */
function wait(said: Partial<SaidWait>): number | null {
  const at = retryAtOf({ ...NOTHING, ...said }, NOW);
  return at === null ? null : at - NOW;
}

const NUMBERS: readonly [string, number | null][] = [
  ['120', 120 * SECOND],
  [' 120 ', 120 * SECOND],
  ['0.5', 500],
  ['0.0005', 1],
  ['37829', 37_829 * SECOND],
  ['86400', DAY],
  ['86401', DAY],
  ['999999999', DAY],
  [String(NOW / SECOND + 90), 90 * SECOND],
  [String(NOW + 90 * SECOND), 90 * SECOND],
  [String(Math.floor(NOW / SECOND) + 7 * 86_400), DAY],
  ['9999999999999999', DAY],
  [String(Math.floor(NOW / SECOND) - 5), null],
  ['1000000000', null],
  ['0', null],
  ['-5', null],
  ['+5', null],
  ['1e3', null],
  ['0x10', null],
  ['five', null],
  ['120 s', null],
  ['NaN', null],
  ['Infinity', null],
  ['', null],
  ['99999999999999999999', null],
];

describe('a wait is read in every form it is written', () => {
  test.each(NUMBERS)('Retry-After: %s', (retryAfter, expected) => expect(wait({ retryAfter })).toBe(expected));
  test.each(NUMBERS)('RateLimit-Reset: %s', (rateLimitReset, expected) =>
    expect(wait({ rateLimitReset })).toBe(expected),
  );

  test.each<[string, string | null]>([
    ['Mon, 02 Mar 2026 08:10:00 GMT', '2026-03-02T08:10:00Z'],
    ['mon, 02 mar 2026 08:10:00 gmt', '2026-03-02T08:10:00Z'],
    ['Mon, 02 Mar 2026 08:10:00 UTC', '2026-03-02T08:10:00Z'],
    ['Monday, 02-Mar-26 08:10:00 GMT', '2026-03-02T08:10:00Z'],
    ['Mon Mar  2 08:10:00 2026', '2026-03-02T08:10:00Z'],
    ['2026-03-02T09:10:00+01:00', '2026-03-02T08:10:00Z'],
    ['Wed, 02 Mar 2036 08:10:00 GMT', '2026-03-03T08:00:00.250Z'],
    ['Mon, 02 Mar 2026 08:00:00 GMT', null],
    ['Sun, 06 Nov 1994 08:49:37 GMT', null],
    ['Sunday, 06-Nov-94 08:49:37 GMT', null],
    ['Sun Nov  6 08:49:37 1994', null],
    ['Mon, 31 Feb 2027 08:10:00 GMT', null],
    ['Mon, 02 Mrz 2026 08:10:00 GMT', null],
    ['Mon, 02 Mar 2026 28:10:00 GMT', null],
    ['Mon, 02 Mar 2026 08:10:00', null],
    ['Mon, 02 Mar 2026 08:10:00 CET', null],
    ['2026-03-02', null],
  ])('Retry-After: %s', (retryAfter, expected) => {
    expect(wait({ retryAfter })).toBe(expected === null ? null : Date.parse(expected) - NOW);
  });

  test.each<[string, number | null]>([
    ['Retry in 37829 seconds', 37_829 * SECOND],
    ['Too many requests. Retry in 90 seconds.', 90 * SECOND],
    ['{"error":"retry in 1 second"}', SECOND],
    ['retry after 30s', 30 * SECOND],
    ['Please try again in 45 secs', 45 * SECOND],
    ['Try again in 1.5 minutes', 90 * SECOND],
    ['RETRY IN 5 MIN', 300 * SECOND],
    ['Retry in 2 hours', 7_200 * SECOND],
    ['Retry in 2h', 7_200 * SECOND],
    ['Retry in 48 hours', DAY],
    ['Retry in 0 seconds', null],
    ['Retry in -5 seconds', null],
    ['Retry in 5', null],
    ['Retry in 5 moons', null],
    ['Retry in a few seconds', null],
    ['no retry, 5 seconds', null],
    [`${' '.repeat(5_000)}Retry in 5 seconds`, null],
    ['', null],
  ])('%s', (text, expected) => expect(wait({ text })).toBe(expected));
});

describe('of several', () => {
  test.each<[Partial<SaidWait>, number | null]>([
    [{}, null],
    [{ retryAfter: '10', rateLimitReset: '20', text: 'Retry in 30 seconds' }, 10 * SECOND],
    [{ rateLimitReset: '20', text: 'Retry in 30 seconds' }, 20 * SECOND],
    [{ retryAfter: 'soon', rateLimitReset: '20' }, 20 * SECOND],
    [{ retryAfter: '-1', rateLimitReset: 'soon', text: 'Retry in 30 seconds' }, 30 * SECOND],
    [{ retryAfter: '0', text: 'Retry in 30 seconds' }, 30 * SECOND],
    [{ retryAfter: '0', rateLimitReset: '0', text: 'Sorry' }, null],
  ])('%j waits %j ms', (said, expected) => expect(wait(said)).toBe(expected));
});

test('whatever is said, a wait ends later than now and within a day', () => {
  const said = fc.option(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)));
  fc.assert(
    fc.property(said, said, said, (retryAfter, rateLimitReset, text) => {
      const waits = wait({ retryAfter, rateLimitReset, text });
      expect(waits === null || (waits > 0 && waits <= DAY && Number.isSafeInteger(waits))).toBe(true);
    }),
    runs(300, 20_000),
  );
});
