import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf } from '../../src/domain/clusters.ts';
import { distanceMetres } from '../../src/domain/geo.ts';
import type { Location } from '../../src/domain/locations.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { Suggestions } from '../../src/domain/suggestions.ts';
import type { Place, Trip } from '../../src/domain/trips.ts';
import { tripOf } from '../support/trips.ts';

const DAY = 86_400_000;
const HOUR = DAY / 24;
/** A Monday, midnight in Amsterdam. */
const MONDAY = Date.parse('2026-03-02T00:00:00+01:00');

const A = { lat: 52.09, lng: 5.12 };
const B = { lat: 52.2, lng: 5.3 };
const C = { lat: 52.3, lng: 4.9 };

type Spot = { readonly lat: number; readonly lng: number };

function placeAt(spot: Spot, parts: Partial<Place> = {}): Place {
  return { lat: spot.lat, lng: spot.lng, address: null, locationId: null, ...parts };
}

/** The hours of a day it began and ended at. */
function trip(day: number, [from, to]: readonly [number, number], a: Spot, b: Spot, parts: Partial<Trip> = {}): Trip {
  const startedAt = MONDAY + day * DAY + from * HOUR;
  const endedAt = MONDAY + day * DAY + to * HOUR;
  return tripOf({ startedAt, endedAt, from: placeAt(a), to: placeAt(b), ...parts });
}

function suggested(trips: readonly Trip[], locations: readonly Location[] = []) {
  const suggestions = new Suggestions({ locations, settings: defaultSettings('Europe/Amsterdam', 'en') });
  for (const one of trips.toSorted((a, b) => a.startedAt - b.startedAt)) suggestions.add(one);
  return suggestions.all();
}

function named(spot: Spot, kind: Location['kind'] = 'other'): Location {
  return { id: 'loc_1', name: 'x', kind, ...spot, radiusMetres: 150, createdAt: 0, updatedAt: 0 };
}

const week = [0, 1, 2, 3, 4];
const commute = week.flatMap((day) => [trip(day, [8.3, 9], A, B), trip(day, [17.6, 18.3], B, A)]);

describe('a place is suggested', () => {
  it('with its visits, once per stay, and when somebody was last there', () => {
    const [first, second] = suggested(commute);
    expect(first).toMatchObject({ ...A, visits: 6, radiusMetres: 150, lastVisitAt: MONDAY + 4 * DAY + 18.3 * HOUR });
    expect(second).toMatchObject({ ...B, visits: 5, lastVisitAt: MONDAY + 4 * DAY + 17.6 * HOUR });
  });

  it('from three visits on, stops included', () => {
    const stop = { ...placeAt(C), arrivedAt: MONDAY + 5, leftAt: MONDAY + 6 };
    const visits = (n: number) => suggested(week.slice(0, n).map((day) => trip(day, [1, 2], A, B, { stops: [stop] })));
    expect(visits(2)).toEqual([]);
    expect(visits(3).map(({ lat, visits: many }) => [lat, many])).toEqual([
      [A.lat, 3],
      [B.lat, 3],
      [C.lat, 3],
    ]);
  });

  it('but not one that has a name or lies where something has, nor an end without coordinates', () => {
    expect(suggested(commute, [named(A)]).map(({ lat }) => lat)).toEqual([B.lat]);
    const said = commute.map((one) => ({ ...one, to: placeAt(B, { locationId: 'loc_9' }), from: null }));
    expect(suggested(said)).toEqual([]);
    const unknown = commute.map((one) => ({ ...one, to: { ...placeAt(B), lat: null, lng: null }, from: null }));
    expect(suggested(unknown)).toEqual([]);
  });

  it('by its most common address, of equals by the first', () => {
    const addresses = ['Kade 2', null, 'Kade 1', 'Kade 1', 'Kade 2'];
    const trips = week.map((day) => trip(day, [1, 2], A, B, { to: placeAt(B, { address: addresses[day] ?? null }) }));
    expect(suggested(trips).map(({ address }) => address)).toEqual([null, 'Kade 2']);
  });

  it('whether its fixes lie in one cell of the grid or around a corner of four', () => {
    const around = [
      { lat: 52.0004, lng: 5.0005 },
      { lat: 51.9996, lng: 5.0005 },
      { lat: 52.0004, lng: 4.9995 },
      { lat: 51.9996, lng: 4.9995 },
    ];
    const [only, ...others] = suggested(around.map((spot, day) => trip(day, [1, 2], { lat: day, lng: 1 }, spot)));
    expect(only).toMatchObject({ lat: 52, lng: 5, visits: 4 });
    expect(others).toEqual([]);
  });

  it('twenty of them at most', () => {
    const spots = Array.from({ length: 30 }, (_, i) => ({ lat: 50 + i / 10, lng: 5 }));
    const trips = spots.flatMap((spot, i) =>
      week.map((day) => trip(day * 40 + i, [1, 2], { lat: -50, lng: i + day * 30 }, spot)),
    );
    expect(suggested(trips)).toHaveLength(20);
  });
});

describe('what it seems to be', () => {
  const kinds = (trips: readonly Trip[], locations: readonly Location[] = []) =>
    Object.fromEntries(suggested(trips, locations).map(({ lat, kind }) => [lat, kind]));

  it('home is where the nights are spent, the office where weekdays are', () => {
    expect(kinds(commute)).toEqual({ [A.lat]: 'home', [B.lat]: 'office' });
  });

  it('there is one home', () => {
    expect(kinds(commute, [named(C, 'home')])).toEqual({ [A.lat]: 'other', [B.lat]: 'office' });
  });

  it('a client is visited in working hours and left soon, anything else is other', () => {
    const visits = week.flatMap((day) => [trip(day, [10, 10.5], A, B), trip(day, [11.5, 12], B, A)]);
    const evenings = week.flatMap((day) => [trip(day, [19, 19.5], A, C), trip(day, [21, 21.5], C, A)]);
    expect(kinds([...visits, ...evenings])).toEqual({ [A.lat]: 'home', [B.lat]: 'client', [C.lat]: 'other' });
  });
});

describe('clusters', () => {
  const REACH = 150;
  const spots = fc.array(
    fc.record({ lat: fc.integer({ min: -40, max: 40 }), lng: fc.integer({ min: -40, max: 40 }), at: fc.nat(2) }),
    { maxLength: 80 },
  );
  const BASES = [
    { lat: 52, lng: 5 },
    { lat: -33.9, lng: 151.2 },
    { lat: 69.6, lng: 18.9 },
  ];
  const placed = spots.map((all) =>
    all.map(({ lat, lng, at }) => ({ lat: BASES[at]!.lat + lat / 10_000, lng: BASES[at]!.lng + lng / 10_000 })),
  );

  it('hold what is near, each once', () => {
    fc.assert(
      fc.property(placed, (positions) => {
        const clusters = clustersOf(positions, REACH, 3);
        const members = clusters.flatMap((cluster) => cluster.members);
        expect(new Set(members).size).toBe(members.length);
        for (const { centre, members: own } of clusters) {
          expect(own.length).toBeGreaterThanOrEqual(3);
          for (const one of own) expect(distanceMetres(centre, one)).toBeLessThanOrEqual(REACH);
        }
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it('are the same again, in whichever order the positions come', () => {
    fc.assert(
      fc.property(placed, fc.nat(), (positions, n) => {
        const turned = [...positions.slice(n % 80), ...positions.slice(0, n % 80)];
        const sizes = (all: typeof positions) => clustersOf(all, REACH, 3).map(({ members }) => members.length);
        expect(sizes(turned)).toEqual(sizes(positions));
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});
