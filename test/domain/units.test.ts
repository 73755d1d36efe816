import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { degreesOf, instantOf, isoOf, kmOf, metresOf, minutesOf } from '../../src/domain/units.ts';

describe('lengths', () => {
  it('come back as the same whole metres', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (m) => metresOf(kmOf(m), 'km') === m));
  });

  it('have at most three decimals as kilometres', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (m) => /^\d+(\.\d{1,3})?$/.test(String(kmOf(m)))),
    );
    expect(kmOf(12_345.4)).toBe(12.345);
  });

  it('are read from kilometres, miles and metres', () => {
    expect(metresOf(1.2345, 'km')).toBe(1_235);
    expect(metresOf(100, 'mi')).toBe(160_934);
    expect(metresOf(17.6, 'm')).toBe(18);
  });
});

describe('instants', () => {
  it('come back as the same millisecond', () => {
    fc.assert(fc.property(fc.integer({ min: -1e12, max: 4e12 }), (at) => instantOf(isoOf(at)) === at));
  });

  it.each([
    ['2026-03-02T08:45:00+01:00', '2026-03-02T07:45:00.000Z'],
    ['2026-03-02T08:45:00+0100', '2026-03-02T07:45:00.000Z'],
    ['2026-03-02T08:45Z', '2026-03-02T08:45:00.000Z'],
    ['2026-03-02T08:45:00.1234Z', '2026-03-02T08:45:00.123Z'],
  ])('read %s', (text, iso) => {
    expect(isoOf(instantOf(text) ?? 0)).toBe(iso);
  });

  it.each([
    '2026-03-02T08:45:00',
    '2026-03-02',
    '2026-02-30T08:45:00Z',
    '2026-03-02T25:00:00Z',
    '2026-03-02T08:45:00+01:00[Europe/Amsterdam]',
    '1772437500',
    ' 2026-03-02T08:45Z',
    '',
  ])('refuse %j', (text) => {
    expect(instantOf(text)).toBeNull();
  });
});

it('minutes and degrees are rounded, not cut', () => {
  expect(minutesOf(89_999)).toBe(1);
  expect(minutesOf(90_000)).toBe(2);
  expect(degreesOf(4.12345678)).toBe(4.1234568);
});
