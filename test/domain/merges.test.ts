import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/domain/classification.ts';
import type { MergeContext } from '../../src/domain/merged-classes.ts';
import { mergeTrips } from '../../src/domain/merges.ts';
import { Problem } from '../../src/domain/problem.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import type { DistanceSource, Trip } from '../../src/domain/trips.ts';
import { tripOf } from '../support/trips.ts';

const START = Date.parse('2026-03-10T07:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const context: MergeContext = {
  rules: [],
  locations: [],
  settings: defaultSettings('Europe/Amsterdam', 'en'),
  now: START + 100 * HOUR,
};
const merge = (...trips: readonly Trip[]) => mergeTrips(trips, [], context);

/** One an hour, each of half an hour. */
function nth(i: number, parts: Partial<Trip> = {}): Trip {
  const startedAt = START + i * HOUR;
  return tripOf({ startedAt, endedAt: startedAt + 30 * MINUTE, distanceMetres: 10_000, ...parts });
}

const byHand = { setByUser: ['trip_type'], classifiedBy: 'user', reviewReasons: [], needsReview: false } as const;
const at = (lat: number) => ({ lat, lng: 5, address: null, locationId: null });

const metres = fc.integer({ min: 0, max: 300_000 });
const anyTrips = fc
  .array(
    fc.record({
      distanceMetres: metres,
      type: fc.constantFrom('B', 'P', 'M'),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      start: fc.option(metres),
      end: fc.option(metres),
      isByHand: fc.boolean(),
      gap: fc.boolean(),
      detourMetres: fc.option(fc.integer({ min: 0, max: 10 })),
    }),
    { minLength: 2, maxLength: 20 },
  )
  .map((all) =>
    all.map(({ share, start, end, isByHand, gap, ...plain }, i) => {
      const distance = plain.distanceMetres;
      return nth(i, {
        ...plain,
        businessMetres: { B: distance, P: 0, M: Math.round(distance * share) }[plain.type],
        startOdometerMetres: start,
        endOdometerMetres: end === null ? null : (start ?? 0) + end,
        ...(gap && { from: at(50), to: at(52) }),
        ...(isByHand && byHand),
      });
    }),
  );

describe('the one trip of several', () => {
  it('has all their kilometres or what the odometers say, its class fits in it, and it says when it is a guess', () => {
    fc.assert(
      fc.property(anyTrips, (trips) => {
        const one = merge(...trips);
        const said = trips.reduce((sum, trip) => sum + trip.distanceMetres, 0);
        const [first, last] = [trips[0], trips.at(-1)];
        const driven = (last?.endOdometerMetres ?? NaN) - (first?.startOdometerMetres ?? NaN);
        if (driven > 0) expect([one.distanceMetres, one.distanceSource]).toEqual([driven, 'odometer']);
        else expect(one.distanceMetres).toBeGreaterThanOrEqual(said);
        const isGuess = !(driven > 0) && one.distanceMetres > said;
        expect(one.reviewReasons.includes('estimated_distance')).toBe(isGuess);
        expect(one.businessMetres).toBeGreaterThanOrEqual(0);
        expect(one.businessMetres).toBeLessThanOrEqual(one.distanceMetres);
        if (one.type !== 'M') expect(one.businessMetres).toBe(one.type === 'B' ? one.distanceMetres : 0);
        expect(one.needsReview).toBe(one.reviewReasons.length > 0);
        expect(one.detourMetres ?? 0).toBeLessThanOrEqual(one.distanceMetres);
        expect(one.stops).toHaveLength(trips.length - 1);
        const isByHand = trips.some(({ classifiedBy }) => classifiedBy === 'user');
        expect(one.classifiedBy === 'user').toBe(isByHand);
        if (isByHand && !(driven > 0) && !isGuess && one.type === 'M') {
          expect(one.businessMetres).toBe(trips.reduce((sum, trip) => sum + trip.businessMetres, 0));
        }
      }),
    );
  });

  it('begins as the first and ends as the last, one car for all', () => {
    const first = nth(0, { openedBy: 'car', startOdometerMetres: 1_000, timeZone: 'Asia/Tokyo', from: at(50) });
    const last = nth(1, { closedBy: 'stale', endedAtEstimated: true, to: at(53), carId: 'car_a', reconstructed: true });
    const one = merge(first, last);
    expect(one).toMatchObject({
      id: first.id,
      createdAt: first.createdAt,
      openedBy: 'car',
      timeZone: 'Asia/Tokyo',
      from: at(50),
      closedBy: 'stale',
      endedAtEstimated: true,
      endedAt: last.endedAt,
      to: at(53),
      carId: 'car_a',
      reconstructed: true,
      startOdometerMetres: 1_000,
      endOdometerMetres: null,
      tracks: [first.id, last.id],
      odometerPending: false,
    });
    expect(one.setByUser).toEqual(['distance_km', 'ended_at', 'to']);
  });

  it('has a stop for every pause, at the place it was', () => {
    const seamless = nth(1, { startedAt: START + 30 * MINUTE, endedAt: START + 40 * MINUTE, to: at(51) });
    const one = merge(nth(0), seamless, nth(2, { from: at(51.0001) }));
    expect(one.stops).toEqual([{ ...at(51), arrivedAt: seamless.endedAt, leftAt: START + 2 * HOUR }]);
    expect(merge(nth(0), nth(1)).stops[0]).toMatchObject({ lat: null, address: null });
    const places = { to: { ...at(51), address: 'A' } };
    expect(merge(nth(0, places), nth(1, { from: at(51) })).stops[0]?.address).toBe('A');
  });

  it.each<[readonly DistanceSource[], DistanceSource]>([
    [['odometer', 'manual'], 'manual'],
    [['manual', 'imported'], 'imported'],
    [['imported', 'route'], 'route'],
    [['route', 'gps'], 'gps'],
    [['gps', 'reconstructed'], 'reconstructed'],
    [['reconstructed', 'straight_line'], 'straight_line'],
    [['straight_line', 'odometer', 'unknown'], 'unknown'],
  ])('of sources %j is only as good as %s', (sources, weakest) => {
    expect(merge(...sources.map((distanceSource, i) => nth(i, { distanceSource }))).distanceSource).toBe(weakest);
  });

  it.each([
    [0.0008, 20_000],
    [0.01, 21_446],
  ])('with %d degrees between an end and the next start is %i m long', (apart, expected) => {
    const one = merge(nth(0, { to: at(52) }), nth(1, { from: at(52 + apart) }));
    expect(one.distanceMetres).toBe(expected);
  });

  it('keeps questions that are still open, and drops those the whole answers', () => {
    const first = nth(0, { reviewReasons: ['end_lost', 'uncertain_car', 'start_by_car'], carId: 'car_a' });
    const last = nth(1, { reviewReasons: ['drove_on', 'stale', 'unknown_distance'], carId: 'car_a' });
    expect(merge(first, last).reviewReasons).toEqual(['start_by_car', 'stale', 'unknown_distance']);
    const odometers = merge({ ...first, startOdometerMetres: 0 }, { ...last, endOdometerMetres: 9_000 });
    expect(odometers.reviewReasons).toEqual(['start_by_car', 'stale']);
  });

  it('of one class keeps it and who gave it; of several nobody gave, the rules look at the whole', () => {
    const rule: Rule = { id: 'rul_a', name: null, businessShare: null, purpose: 'new', type: 'P', when: {} };
    const ruled = { classifiedBy: 'rule:rul_b', purpose: 'old', reviewReasons: [], needsReview: false };
    const same = mergeTrips([nth(0, ruled), nth(1, ruled)], [], { ...context, rules: [rule] });
    expect([same.type, same.classifiedBy, same.purpose]).toEqual(['B', 'rule:rul_b', 'old']);
    const mixed = mergeTrips([nth(0, ruled), nth(1, { type: 'P' })], [], { ...context, rules: [rule] });
    expect([mixed.type, mixed.classifiedBy, mixed.purpose]).toEqual(['P', 'rule:rul_a', 'new']);
    const open = merge(nth(0), nth(1, { type: 'P' }));
    expect([open.type, open.classifiedBy, open.reviewReasons]).toEqual(['B', 'default', ['no_rule_matched']]);
    const given = merge(nth(0, byHand), nth(1, { type: 'P' }));
    expect([given.type, given.businessMetres, given.classifiedBy]).toEqual(['M', 10_000, 'user']);
    expect(merge(nth(0, byHand), nth(1)).type).toBe('B');
    expect(merge(nth(0, { classifiedBy: 'import' }), nth(1)).classifiedBy).toBe('import');
  });

  it('says what each said, once, and what was set by hand stays set', () => {
    const first = nth(0, { purpose: 'milk', notes: 'rain', detourMetres: 500, routeNote: 'flood' });
    const last = nth(1, { purpose: 'milk', notes: 'sun', detourMetres: 250, setByUser: ['commute'], commute: true });
    const one = merge(first, nth(0.6, { startedAt: START + 40 * MINUTE, endedAt: START + 50 * MINUTE }), last);
    expect([one.purpose, one.notes, one.routeNote, one.detourMetres, one.commute]).toEqual([
      'milk',
      'rain; sun',
      'flood',
      750,
      true,
    ]);
  });

  it.each<[string, readonly Trip[], readonly Pick<Trip, 'id' | 'startedAt'>[], string]>([
    ['of two cars', [nth(0, { carId: 'car_a' }), nth(1, { carId: 'car_b' })], [], 'ids'],
    ['at once', [nth(0, { endedAt: START + 2 * HOUR }), nth(1)], [], 'ids'],
    ['with another between', [nth(0), nth(1)], [{ id: 'trip_other', startedAt: START + 1 }], 'ids'],
    ['more than a week apart', [nth(0), nth(24 * 8)], [], 'ids'],
    ['that say too much', [nth(0, { notes: 'x'.repeat(4_000) }), nth(1, { notes: 'y'.repeat(4_000) })], [], 'notes'],
  ])('is not made of trips %s', (_, trips, between, field) => {
    const refusal = (() => {
      try {
        return mergeTrips(trips, between, context);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ code: 'unprocessable', errors: [{ field }] });
  });
});
