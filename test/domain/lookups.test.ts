/** What is still to be looked up is bounded, is due when it should be, and is never wanted twice. */

import { describe, expect, it, test } from 'vitest';
import {
  afterLook,
  dueWish,
  lackOf,
  leasedUntil,
  NO_LOOKUPS,
  openOf,
  scanned,
  wantOf,
  withAddresses,
  withWants,
  type Lookups,
  type Want,
} from '../../src/domain/lookups.ts';
import { tripOf } from '../support/trips.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const MINUTE = 60_000;
const CAN = { addresses: true, routes: true };
const HERE = { lat: 52.12342, lng: 5.1, address: null, locationId: null };
const THERE = { lat: 52.2, lng: 5.2, address: null, locationId: null };
const HERE_KEY = '52.1234,5.1000';
const THERE_KEY = '52.2000,5.2000';
const BOTH = tripOf({ from: HERE, to: THERE });
const wantedOf = (tripId: string): Want => ({ tripId, places: [HERE_KEY], route: true });

describe('what a trip lacks', () => {
  it.each<[string, Parameters<typeof wantOf>, Omit<Want, 'tripId'> | null]>([
    ['all of a new one', [null, BOTH, CAN], { places: [HERE_KEY, THERE_KEY], route: true }],
    ['only what can be looked up', [null, BOTH, { addresses: false, routes: true }], { places: [], route: true }],
    ['nothing new of one that stays where it was', [BOTH, { ...BOTH, notes: 'x' }, CAN], null],
    [
      'the end that moved',
      [BOTH, { ...BOTH, to: { ...THERE, lat: 53 } }, CAN],
      { places: ['53.0000,5.2000'], route: true },
    ],
    ['its way, when its times changed', [BOTH, { ...BOTH, endedAt: NOW }, CAN], { places: [], route: true }],
    ['its way, when no odometer came', [{ ...BOTH, odometerPending: true }, BOTH, CAN], { places: [], route: true }],
    [
      'an end that is no location any more',
      [{ ...BOTH, to: { ...THERE, locationId: 'loc_1' } }, BOTH, CAN],
      { places: [THERE_KEY], route: false },
    ],
    ['nothing where an address was taken away', [{ ...BOTH, to: { ...THERE, address: 'A' } }, BOTH, CAN], null],
    ['nothing without positions', [null, tripOf({ from: { ...HERE, lat: null, lng: null } }), CAN], null],
    [
      'its stops',
      [null, tripOf({ stops: [{ ...HERE, arrivedAt: 1, leftAt: 2 }] }), CAN],
      { places: [HERE_KEY], route: false },
    ],
  ])('is %s', (_, args, expected) => {
    const want = wantOf(...args);
    expect(want && { places: want.places, route: want.route }).toEqual(expected);
  });

  test('is not what is known to be nowhere, or what somebody wrote', () => {
    const atSea = withAddresses(NO_LOOKUPS, new Map([[`nl ${HERE_KEY}`, null]]));
    expect(lackOf(BOTH, CAN, atSea, 'nl')?.places).toEqual([THERE_KEY]);
    expect(lackOf(BOTH, CAN, atSea, 'en')?.places).toEqual([HERE_KEY, THERE_KEY]);
    expect(lackOf({ ...BOTH, setByUser: ['to'] }, CAN, NO_LOOKUPS, 'nl')).toMatchObject({
      places: [HERE_KEY],
      route: false,
    });
  });
});

describe('a wish', () => {
  const one = withWants(NO_LOOKUPS, [{ ...wantedOf(BOTH.id), places: [HERE_KEY] }], NOW);
  const wish = one.wishes[BOTH.id];

  test('is due at once, and not while somebody looks', () => {
    expect(one.dueAt).toBe(NOW);
    expect(dueWish(one, NOW)?.tripId).toBe(BOTH.id);
    const leased = leasedUntil(one, BOTH.id, NOW + MINUTE);
    expect([leased.dueAt, dueWish(leased, NOW + MINUTE - 1)]).toEqual([NOW + MINUTE, null]);
    expect(dueWish(leased, NOW + MINUTE)?.tripId).toBe(BOTH.id);
  });

  test('is gone when nothing is left', () => {
    const done = afterLook(one, BOTH.id, null, { isNowhere: false, failed: null }, NOW);
    expect([done.wishes, done.dueAt]).toEqual([{}, null]);
  });

  test('is tried again after 1, 5, 15, 60 minutes, 4, 12 and 24 hours, and then no more', () => {
    let lookups: Lookups = one;
    const pauses: (number | null)[] = [];
    for (let nth = 0; nth < 8; nth += 1) {
      lookups = afterLook(lookups, BOTH.id, wantedOf(BOTH.id), { isNowhere: false, failed: { until: null } }, NOW);
      const at = lookups.wishes[BOTH.id]?.nextAt ?? null;
      pauses.push(at && (at - NOW) / MINUTE);
    }
    expect(pauses).toEqual([1, 5, 15, 60, 240, 720, 1_440, null]);
    expect(lookups.dueAt).toBeNull();
    expect(withWants(lookups, [wantedOf(BOTH.id)], NOW).wishes[BOTH.id]).toMatchObject({ attempts: 0, nextAt: NOW });
  });

  test('waits for a service that is left alone, at no cost of its own', () => {
    const failed = { until: NOW + 60 * MINUTE };
    const after = afterLook(one, BOTH.id, wantedOf(BOTH.id), { isNowhere: false, failed }, NOW);
    expect(after.wishes[BOTH.id]).toMatchObject({ attempts: 0, nextAt: NOW + 60 * MINUTE });
  });

  test('for a road that leads nowhere is remembered, so that nobody asks again', () => {
    const after = afterLook(one, BOTH.id, null, { isNowhere: true, failed: null }, NOW);
    expect(after.wishes[BOTH.id]).toMatchObject({ isNowhere: true, nextAt: null });
    const seen = new Set([BOTH.id]);
    expect(scanned(after, seen, [{ ...wantedOf(BOTH.id), places: [] }], NOW).dueAt).toBeNull();
    // An address is another matter.
    const named = scanned(after, seen, [wantedOf(BOTH.id)], NOW);
    expect(named.wishes[BOTH.id]).toMatchObject({ places: [HERE_KEY], isNowhere: true, nextAt: NOW });
    expect(scanned(after, new Set(), [], NOW).wishes).toEqual({});
  });

  test('is what the trip still lacks', () => {
    if (wish === undefined) throw new Error('no wish');
    expect(openOf(null, wish, CAN)).toBeNull();
    expect(openOf({ ...BOTH, locked: true }, wish, CAN)).toBeNull();
    expect(openOf({ ...BOTH, from: { ...HERE, address: 'A' } }, wish, CAN)).toMatchObject({ places: [], route: true });
    expect(openOf(BOTH, wish, { addresses: true, routes: false })).toMatchObject({ places: [HERE_KEY], route: false });
  });
});

test('a document has room for all that is kept, however much is wished for', () => {
  const places = Array.from({ length: 50 }, (_, nth) => `52.${1_000 + nth},5.1000`);
  const wants = Array.from({ length: 5_000 }, (_, nth) => ({ tripId: `trip_${nth}`, places, route: true }));
  const many = withWants(NO_LOOKUPS, wants, NOW);
  const found = Array.from({ length: 900 }, (_, nth) => [`nl 52.${nth},5`, '漢'.repeat(200)] as const);
  const full = withAddresses(many, new Map(found));
  expect(Object.keys(full.wishes)).toHaveLength(2_000);
  expect(full.wishes['trip_4999']?.places).toHaveLength(8);
  expect(Object.keys(full.addresses)).toHaveLength(500);
  expect(full.addresses['nl 52.899,5']).toBeDefined();
  expect(Buffer.byteLength(JSON.stringify(full))).toBeLessThan(1_000_000);
});

test('when there are too many, what is given up goes first', () => {
  const given = afterLook(
    withWants(NO_LOOKUPS, [wantedOf('trip_a'), wantedOf('trip_b')], NOW),
    'trip_b',
    null,
    { isNowhere: true, failed: null },
    NOW,
  );
  const wants = Array.from({ length: 1_999 }, (_, nth) => wantedOf(`trip_${nth}`));
  const full = withWants(given, wants, NOW);
  expect([full.wishes['trip_a'] === undefined, full.wishes['trip_b'] === undefined]).toEqual([false, true]);
});
