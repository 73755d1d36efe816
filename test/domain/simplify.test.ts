import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceMetres, type Position } from '../../src/domain/geo.ts';
import { metresFromLine, simplified } from '../../src/domain/simplify.ts';

/** A drive with corners, jitter and standstills, anywhere cars go. */
const drive = fc
  .record({
    lat: fc.double({ min: -70, max: 70, noNaN: true }),
    lng: fc.double({ min: -180, max: 180, noNaN: true }),
    moves: fc.array(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -300, max: 300 })), {
      maxLength: 120,
    }),
  })
  .map(({ lat, lng, moves }) => {
    const line: Position[] = [{ lat, lng }];
    for (const [north, east] of moves) {
      const last = line.at(-1) ?? { lat, lng };
      line.push({ lat: last.lat + north / 1e5, lng: ((last.lng + east / 1e5 + 540) % 360) - 180 });
    }
    return line;
  });

const tolerance = fc.constantFrom(1, 10, 50, 1_000, 10_000);

/** How far each point of a line is from what is left of it. */
function worstMetres(line: readonly Position[], left: readonly Position[]): number {
  let worst = 0;
  let next = 0;
  for (const point of line) {
    if (point === left[next + 1]) next += 1;
    const [a = point, b = a] = [left[next], left[next + 1]];
    worst = Math.max(worst, metresFromLine(point, a, b));
  }
  return worst;
}

describe('a simplified line', () => {
  it('leaves out no point farther from it than the tolerance, keeps both ends, and is as simple as it gets', () => {
    fc.assert(
      fc.property(drive, tolerance, (line, metres) => {
        const left = simplified(line, metres);
        expect(left[0]).toBe(line[0]);
        expect(left.at(-1)).toBe(line.at(-1));
        expect(worstMetres(line, left)).toBeLessThanOrEqual(metres);
        expect(simplified(left, metres)).toEqual(left);
      }),
    );
  });

  it('is as far from a point as the earth says, for as long as a leg of a drive is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -65, max: 65, noNaN: true }),
        fc.double({ min: -179, max: 179, noNaN: true }),
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        (lat, lng, away) => {
          const a = { lat, lng };
          const metres = metresFromLine({ lat: lat + away, lng }, a, a);
          expect(Math.abs(metres - distanceMetres(a, { lat: lat + away, lng }))).toBeLessThan(1 + metres / 1_000);
          const east = metresFromLine({ lat, lng: lng + away }, a, a);
          expect(Math.abs(east - distanceMetres(a, { lat, lng: lng + away }))).toBeLessThan(1 + east / 1_000);
        },
      ),
    );
  });

  it('crosses the date line the short way', () => {
    const [a, b] = [
      { lat: 52, lng: 179.99 },
      { lat: 52, lng: -179.99 },
    ];
    expect(metresFromLine({ lat: 52, lng: 180 }, a, b)).toBeLessThan(1);
    expect(metresFromLine({ lat: 52.001, lng: -180 }, a, b)).toBeCloseTo(111, 0);
  });

  it('has corners where the road has, and nothing between', () => {
    const road = [...Array(50).keys()].map((i) => ({ lat: 52 + i / 1e4, lng: 4 }));
    const turn = [...Array(50).keys()].map((i) => ({ lat: 52.0049, lng: 4 + (i + 1) / 1e4 }));
    expect(simplified([...road, ...turn], 5)).toEqual([road[0], road.at(-1), turn.at(-1)]);
    expect(simplified([], 5)).toEqual([]);
    expect(simplified(road.slice(0, 1), 5)).toEqual(road.slice(0, 1));
  });
});
