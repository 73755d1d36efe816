/** The distance filter and the chunks: lengths that are true, exact in any order, and not made of noise. */

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Fix } from '../../src/domain/events.ts';
import { append, chunkOf, decodePoints, MOST_POINTS, storable } from '../../src/domain/points.ts';
import { extend, foldChunk, measure, NO_TRACK, totalsOf, WINDOW_MS, windowOf } from '../../src/domain/track.ts';
import { fixAt, km, t } from '../support/machine.ts';

const NOON = t('12:00');

function along(metres: number, seconds: number, accuracyMetres: number | null = 8): Fix {
  return { ...km(metres / 1_000), at: NOON + seconds * 1_000, accuracyMetres, speedKmh: null };
}

function measured(fixes: readonly Fix[]) {
  return measure(fixes.reduce(extend, NO_TRACK));
}

describe('a straight drive of 20 km', () => {
  it.each([1, 5, 30, 120, 240])('with a fix every %i s measures within 1 %%', (every) => {
    const seconds = 20 * 60;
    const fixes = Array.from({ length: seconds / every + 1 }, (_, i) =>
      along((i * every * 20_000) / seconds, i * every),
    );
    const { metres, leastMetres, thin } = measured(fixes);
    expect(Math.abs(metres - 20_000)).toBeLessThan(200);
    expect([leastMetres, thin]).toEqual([metres, false]);
  });

  it('in a zigzag between lanes measures within 2 %', () => {
    const fixes = Array.from({ length: 1_201 }, (_, i) => ({
      ...along((i * 20_000) / 1_200, i),
      lng: 5 + (i % 2) * 2e-5,
    }));
    expect(Math.abs(measured(fixes).metres - 20_000)).toBeLessThan(400);
  });
});

describe('noise', () => {
  it('at rest, an hour of fixes that tremble by 10 m adds less than 150 m', () => {
    const fixes = Array.from({ length: 3_600 }, (_, i) => along(((i * 7_919) % 21) - 10, i, 12));
    expect(measured(fixes).metres).toBeLessThan(150);
  });

  it('a fix one cannot have got to is passed over, and the way goes on', () => {
    const { metres } = measured([along(0, 0), along(500, 30), along(90_000, 60), along(1_500, 90), along(2_000, 120)]);
    expect(metres).toBe(2_000);
  });

  it('a fix worse than 100 m adds nothing; one of 100 m does', () => {
    expect(measured([along(0, 0), along(1_000, 60, 101), along(1_000, 120, 8)]).fixes).toBe(2);
    expect(measured([along(0, 0), along(1_000, 60, 100)]).fixes).toBe(2);
    expect(measured([along(0, 0), along(1_000, 60, 101)]).metres).toBe(0);
  });

  it.each([
    ['in one chunk', 10],
    ['across a chunk’s edge', 70],
    ['a chunk each', 125],
  ])('a first fix that the next two contradict was the noise: %s', (_, step) => {
    const { metres, first } = measured([
      along(400_000, 0),
      along(0, step),
      along(500, 2 * step),
      along(1_000, 3 * step),
    ]);
    expect(metres).toBe(1_000);
    expect(first?.lat).toBe(km(0).lat);
  });

  it('250 km/h is believed, much more is not', () => {
    expect(measured([along(0, 0), along(4_100, 60)]).metres).toBe(4_100);
    expect(measured([along(0, 0), along(4_300, 60)]).metres).toBe(0);
  });
});

describe('thin legs', () => {
  it('count × 1.3 from more than 5 min on, and say that the track is a lower bound', () => {
    expect(measured([along(0, 0), along(3_000, 300)])).toMatchObject({ metres: 3_000, thin: false });
    expect(measured([along(0, 0), along(3_000, 301)])).toMatchObject({ metres: 3_900, leastMetres: 3_000, thin: true });
  });
});

const walk = fc
  .array(
    fc.record({
      seconds: fc.integer({ min: 1, max: 400 }),
      metres: fc.integer({ min: -900, max: 900 }),
      bad: fc.nat(9),
    }),
    {
      minLength: 1,
      maxLength: 80,
    },
  )
  .map((steps) => {
    let [seconds, metres] = [0, 0];
    return steps.map(({ seconds: on, metres: way, bad }) =>
      storable(along((metres += way) + (bad === 0 ? 300_000 : 0), (seconds += on), bad === 1 ? 300 : 8)),
    );
  });

describe('chunks', () => {
  test('a track is as long folded by chunks as point by point', () => {
    fc.assert(
      fc.property(walk, (fixes) => {
        const chunks = Map.groupBy(fixes, ({ at }) => windowOf(at)).values();
        const folds = [...chunks].flatMap((chunk) => foldChunk(chunk) ?? []);
        expect(measure(totalsOf(folds))).toEqual(measured(fixes));
      }),
    );
  });

  test('the same points make the same chunk in whatever order and however often they come', () => {
    fc.assert(
      fc.property(
        walk.chain((fixes) => {
          const window = fixes.filter(({ at }) => windowOf(at) === windowOf(fixes[0]?.at ?? 0));
          return fc.tuple(
            fc.constant(window),
            fc.shuffledSubarray([...window, ...window], { minLength: window.length * 2 }),
          );
        }),
        ([window, shuffled]) => {
          expect(chunkOf(shuffled)).toEqual(chunkOf(window));
        },
      ),
    );
  });

  test('points come back as they were kept: poles, antimeridian, no accuracy, none of both', () => {
    const odd: Fix[] = [
      { lat: -90, lng: -180, at: NOON, accuracyMetres: 0, speedKmh: null },
      { lat: 90, lng: 180, at: NOON + 1, accuracyMetres: null, speedKmh: 0 },
      { lat: 0.0000001, lng: -0.0000001, at: NOON + WINDOW_MS - 1, accuracyMetres: 65.5, speedKmh: 123.4 },
      { lat: 52.123456789, lng: 5.98765432, at: NOON + 2, accuracyMetres: null, speedKmh: null },
    ];
    const chunk = chunkOf(odd);
    expect(chunk && decodePoints(chunk)).toEqual(odd.map(storable).toSorted((a, b) => a.at - b.at));
  });

  it('appends without reading what is there, and refuses what a window has no room for', () => {
    let chunk = append(null, fixAt('12:00', 0));
    for (let i = 1; i < MOST_POINTS && chunk; i += 1) chunk = append(chunk, { ...fixAt('12:00', 0), at: NOON + i });
    expect(chunk?.count).toBe(MOST_POINTS);
    expect(chunk && append(chunk, { ...fixAt('12:00', 0), at: NOON + MOST_POINTS })).toBeNull();
    expect(chunk && chunkOf(decodePoints(chunk))).toEqual(chunk);
  });
});
