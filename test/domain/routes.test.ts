/** Which way a router is asked for, and which of its answers a car can have driven. */

import { describe, expect, it, test } from 'vitest';
import { isPlausible, waypointsOf, withRouteOf } from '../../src/domain/routes.ts';
import type { Measure } from '../../src/domain/track.ts';
import { between, east, HOME, north } from '../support/places.ts';
import { tripOf } from '../support/trips.ts';

const WORK = east(HOME, 20);
const place = ({ lat, lng }: { lat: number; lng: number }) => ({ lat, lng, address: null, locationId: null });
const TRIP = tripOf({ from: place(HOME), to: place(WORK) });
const MINUTE = 60_000;
const at = (minute: number, where: { lat: number; lng: number }) => ({
  at: TRIP.startedAt + minute * MINUTE,
  ...where,
});
const track = (parts: Partial<Measure> = {}): Measure => ({
  metres: 20_000,
  leastMetres: 20_000,
  thin: false,
  fixes: 100,
  first: null,
  last: null,
  ...parts,
});

describe('the way', () => {
  test('without a track goes from end to end', () => {
    expect(waypointsOf(TRIP, [], 25)).toEqual([HOME, WORK]);
  });

  test('goes by way of its stops, in their time', () => {
    const stop = {
      ...place(north(HOME, 5)),
      arrivedAt: TRIP.startedAt + 12 * MINUTE,
      leftAt: TRIP.startedAt + 13 * MINUTE,
    };
    const passed = [at(5, between(HOME, WORK, 0.2)), at(20, between(HOME, WORK, 0.8))];
    const way = waypointsOf({ ...TRIP, stops: [stop] }, passed, 25);
    expect(way.map(({ lat, lng }) => ({ lat, lng }))).toEqual([
      HOME,
      between(HOME, WORK, 0.2),
      north(HOME, 5),
      between(HOME, WORK, 0.8),
      WORK,
    ]);
  });

  test('has never more places than a router takes, evenly spread', () => {
    const passed = Array.from({ length: 500 }, (_, nth) => at(nth / 20, between(HOME, WORK, nth / 500)));
    const way = waypointsOf(TRIP, passed, 25);
    expect(way.length).toBeLessThanOrEqual(25);
    expect(way.length).toBeGreaterThan(20);
    const legs = way.slice(1).map(({ lng }, i) => lng - (way[i]?.lng ?? 0));
    expect(Math.max(...legs) / Math.min(...legs)).toBeLessThan(3);
  });

  test('leaves out what nobody can have driven to', () => {
    expect(waypointsOf(TRIP, [at(5, between(HOME, WORK, 0.5)), at(6, north(HOME, 400))], 25)).toHaveLength(3);
  });
});

describe('an answer', () => {
  it.each<[string, number, Measure, boolean]>([
    ['a little longer than straight', 24_000, track(), true],
    ['as straight as parking places allow', 19_850, track(), true],
    ['shorter than straight', 19_000, track(), false],
    ['nothing', 0, track(), false],
    ['far longer than a whole track', 65_001, track(), false],
    ['long where the track is thin', 65_001, track({ thin: true }), true],
    ['long where there is no track', 65_001, track({ fixes: 0, metres: 0 }), true],
  ])('that is %s', (_, metres, known, expected) => {
    expect(isPlausible(metres, [HOME, WORK], known)).toBe(expected);
  });

  test('of nothing is none for a drive there and back', () => {
    expect(isPlausible(40, [HOME, HOME], track({ fixes: 0 }))).toBe(false);
  });
});

test('a route belongs to its ends and times, and never counts before an odometer', () => {
  const routed = { ...TRIP, distanceMetres: 24_000, distanceSource: 'route' as const, routeDistanceMetres: 24_000 };
  expect(withRouteOf(TRIP, routed)).toMatchObject({ distanceMetres: 24_000, distanceSource: 'route' });
  expect(withRouteOf({ ...TRIP, to: place(HOME) }, routed)).toMatchObject({ routeDistanceMetres: null });
  expect(withRouteOf({ ...TRIP, endedAt: TRIP.endedAt + 1 }, routed)).toMatchObject({ routeDistanceMetres: null });
  expect(withRouteOf({ ...TRIP, distanceSource: 'odometer' }, routed)).toMatchObject({
    distanceMetres: TRIP.distanceMetres,
    distanceSource: 'odometer',
    routeDistanceMetres: 24_000,
  });
});
