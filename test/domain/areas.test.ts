import fc from 'fast-check';
import { expect, it } from 'vitest';
import { circleAround } from '../../src/domain/areas.ts';
import { distanceMetres } from '../../src/domain/geo.ts';

const at = (lat: number, lng: number) => ({ lat, lng });

it('the circle around a square lies in its middle and reaches its corners, closed or not', () => {
  const corners = [at(52, 5), at(52, 5.002), at(52.001, 5.002), at(52.001, 5)];
  const circle = circleAround(corners);
  expect(circle.lat).toBeCloseTo(52.0005, 9);
  expect(circle.lng).toBeCloseTo(5.001, 9);
  expect(circle.radiusMetres).toBe(Math.ceil(distanceMetres(circle, corners[0]!)));
  expect(circleAround([...corners, corners[0]!]).lat).toBeCloseTo(circle.lat, 9);
  expect(circleAround(corners.toReversed()).lng).toBeCloseTo(circle.lng, 9);
});

it('lies where the area is, not where most corners are', () => {
  const edge = Array.from({ length: 50 }, (_, i) => at(52, 5 + i / 50_000));
  const { lat } = circleAround([...edge, at(52.001, 5.001), at(52.001, 5)]);
  expect(lat).toBeCloseTo(52.0005, 5);
});

it('of what encloses nothing it lies in the middle of the corners', () => {
  expect(circleAround([at(52, 5), at(52.002, 5), at(52.001, 5)]).lat).toBeCloseTo(52.001, 9);
  expect(circleAround([at(52, 5), at(52, 5), at(52, 5)])).toEqual({ ...at(52, 5), radiusMetres: 0 });
});

it('holds every corner of any ring', () => {
  const corner = fc.record({ lat: fc.integer({ min: -200, max: 200 }), lng: fc.integer({ min: -200, max: 200 }) });
  fc.assert(
    fc.property(fc.array(corner, { minLength: 3, maxLength: 12 }), (corners) => {
      const ring = corners.map(({ lat, lng }) => at(52 + lat / 10_000, 5 + lng / 10_000));
      const circle = circleAround(ring);
      for (const one of ring) expect(distanceMetres(circle, one)).toBeLessThanOrEqual(circle.radiusMetres);
    }),
    { numRuns: 200, seed: 7 },
  );
});
