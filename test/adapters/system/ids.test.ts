/** Ids sort as they were made and never repeat; tokens are whole or known to be damaged. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { systemIds } from '../../../src/adapters/system/ids.ts';
import { isWholeToken, TOKEN_ALPHABET } from '../../../src/domain/tokens.ts';
import { VirtualClock } from '../../support/clock.ts';

describe('an id', () => {
  it('has its prefix and 20 characters without look-alikes', () => {
    expect(systemIds(systemClock).next('trip')).toMatch(/^trip_[0-9a-hjkmnp-tv-z]{20}$/);
  });

  it('sorts behind those before it, in a millisecond, over time, and when the clock steps back', () => {
    const clock = new VirtualClock(0);
    const ids = systemIds(clock);
    const made: string[] = [];
    for (const stepMs of [0, 0, 1, 0, 31, 32, 1_000, -5_000, 0, 86_400_000, 2e12, 1]) {
      clock.advance(stepMs);
      made.push(ids.next('evt'), ids.next('evt'));
    }
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('is another one in another process', () => {
    const clock = new VirtualClock('2026-03-02T07:00:00Z');
    const made = Array.from({ length: 1_000 }, () => systemIds(clock).next('car'));
    expect(new Set(made).size).toBe(made.length);
  });

  it('of a text is the same for ever', () => {
    const ids = systemIds(systemClock);
    expect(ids.of('evt', 'start 1')).toBe(systemIds(new VirtualClock(5)).of('evt', 'start 1'));
    expect(ids.of('evt', 'start 1')).not.toBe(ids.of('evt', 'start 2'));
    expect(ids.of('evt', 'start 1')).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{20}$/);
  });
});

describe('a token', () => {
  const ids = systemIds(systemClock);
  const token = fc.constant(null).map(() => ids.token());
  const place = fc.integer({ min: 4, max: 33 });
  const character = fc.constantFrom(...TOKEN_ALPHABET, 'o', 'A', ' ', '…');

  it('is whole as it was made, and never made twice', () => {
    const made = Array.from({ length: 1_000 }, () => ids.token());
    expect(made.every(isWholeToken)).toBe(true);
    expect(new Set(made).size).toBe(made.length);
    expect(made[0]).toMatch(/^mlg_[0-9a-hjkmnp-tv-z]{30}$/);
  });

  it('is damaged when one character is another', () => {
    fc.assert(
      fc.property(token, place, character, (whole, at, other) => {
        const changed = whole.slice(0, at) + other + whole.slice(at + 1);
        expect(isWholeToken(changed)).toBe(changed === whole);
      }),
    );
  });

  it('is damaged when two neighbours are swapped, or one is left out', () => {
    fc.assert(
      fc.property(token, fc.integer({ min: 4, max: 28 }), (whole, at) => {
        const swapped = whole.slice(0, at) + whole.charAt(at + 1) + whole.charAt(at) + whole.slice(at + 2);
        expect(isWholeToken(swapped)).toBe(swapped === whole);
        expect(isWholeToken(whole.slice(0, at) + whole.slice(at + 1))).toBe(false);
      }),
    );
  });
});
