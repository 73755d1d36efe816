import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/domain/classification.ts';
import type { Fix } from '../../src/domain/events.ts';
import type { UserLocation } from '../../src/domain/locations.ts';
import { Problem } from '../../src/domain/problem.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { CutMeter, cutOf, splitTrip, type CutTrack, type SplitContext } from '../../src/domain/splits.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { tripOf } from '../support/trips.ts';

const START = Date.parse('2026-03-10T07:00:00Z');
const MINUTE = 60_000;
const minute = (nth: number) => START + nth * MINUTE;

const context: SplitContext = {
  rules: [],
  locations: [],
  settings: defaultSettings('Europe/Amsterdam', 'en'),
  firstMetres: null,
  newId: 'trip_new',
  now: minute(600),
};
const NO_TRACK: CutTrack = { place: null, metres: null };

function hour(parts: Partial<Trip> = {}): Trip {
  return tripOf({ startedAt: START, endedAt: minute(60), distanceMetres: 60_000, ...parts });
}

function splitAt(trip: Trip, nth: number, track = NO_TRACK, more: Partial<SplitContext> = {}) {
  return splitTrip(trip, cutOf(trip, minute(nth), 'at'), track, { ...context, ...more });
}

const stop = (from: number, to: number) => ({
  arrivedAt: minute(from),
  leftAt: minute(to),
  lat: 52,
  lng: 5,
  address: null,
  locationId: null,
});

const metres = fc.integer({ min: 0, max: 300_000 });
const anyTrip = fc
  .record({
    distanceMetres: metres,
    type: fc.constantFrom('B', 'P', 'M'),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    detour: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    start: fc.option(metres),
    end: fc.option(metres),
    gpsDistanceMetres: fc.option(metres),
    byHand: fc.boolean(),
  })
  .map(({ share, detour, start, end, byHand, ...plain }): Trip => {
    const distance = plain.distanceMetres;
    const business = { B: distance, P: 0, M: Math.round(distance * share) }[plain.type];
    return hour({
      ...plain,
      businessMetres: business,
      detourMetres: detour === null ? null : Math.round(distance * detour),
      startOdometerMetres: start,
      endOdometerMetres: end === null ? null : (start ?? 0) + end,
      ...(byHand && { setByUser: ['trip_type'], classifiedBy: 'user', reviewReasons: [], needsReview: false }),
    });
  });
const anyTrack = fc.record({
  place: fc.constant(null),
  metres: fc.option(fc.tuple(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 1, max: 9_999 }))),
});

describe('the parts of a trip', () => {
  it('add up to it, each fits in itself, and the odometer goes on between them', () => {
    fc.assert(
      fc.property(anyTrip, anyTrack, fc.integer({ min: 1, max: 59 }), fc.option(metres), (trip, track, nth, wanted) => {
        const firstMetres = wanted === null ? null : Math.min(wanted, trip.distanceMetres);
        const [first, second] = splitAt(trip, nth, track, { firstMetres });
        expect(first.distanceMetres + second.distanceMetres).toBe(trip.distanceMetres);
        for (const part of [first, second]) {
          expect(part.distanceMetres).toBeGreaterThanOrEqual(0);
          expect(part.businessMetres).toBeGreaterThanOrEqual(0);
          expect(part.businessMetres).toBeLessThanOrEqual(part.distanceMetres);
          expect(part.detourMetres ?? 0).toBeLessThanOrEqual(part.distanceMetres);
          expect(part.needsReview).toBe(part.reviewReasons.length > 0);
        }
        const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
        expect(sum(first.detourMetres, second.detourMetres)).toBe(trip.detourMetres);
        expect(sum(first.gpsDistanceMetres, second.gpsDistanceMetres)).toBe(trip.gpsDistanceMetres);
        if (trip.classifiedBy === 'user') {
          expect(first.businessMetres + second.businessMetres).toBe(trip.businessMetres);
          expect([first.type, second.type]).toEqual([trip.type, trip.type]);
        }
        expect(first.startOdometerMetres).toBe(trip.startOdometerMetres);
        expect(first.endOdometerMetres).toBe(second.startOdometerMetres);
        expect(second.endOdometerMetres).toBe(trip.endOdometerMetres);
        if (firstMetres !== null) expect(first.distanceMetres).toBe(firstMetres);
      }),
    );
  });

  it('have one id each, one track, and what was said of the whole', () => {
    const trip = hour({
      purpose: 'visit',
      businessPartner: 'Ada',
      notes: 'n',
      closedBy: 'stale',
      endedAtEstimated: true,
    });
    const [first, second] = splitAt({ ...trip, reviewReasons: ['stale', 'start_by_car', 'uncertain_car'] }, 20);
    expect([first.id, second.id, first.tracks, second.tracks]).toEqual([trip.id, 'trip_new', undefined, [trip.id]]);
    expect([second.purpose, second.businessPartner, second.notes]).toEqual(['visit', 'Ada', 'n']);
    expect([first.closedBy, first.endedAtEstimated]).toEqual(['user', false]);
    expect([second.closedBy, second.endedAtEstimated, second.openedBy]).toEqual(['stale', true, 'user']);
    expect(first.reviewReasons).toEqual(['start_by_car', 'uncertain_car', 'estimated_distance', 'no_rule_matched']);
    expect(second.reviewReasons).toEqual(['stale', 'uncertain_car', 'estimated_distance', 'no_rule_matched']);
    expect([first.createdAt, second.createdAt]).toEqual([trip.createdAt, context.now]);
    const [, third] = splitAt(second, 40, NO_TRACK, { newId: 'trip_third' });
    expect(third.tracks).toEqual([trip.id]);
  });

  it('are measured by hand from then on, and no odometer is called typed that was reckoned', () => {
    const typed = ['start_odometer_km', 'end_odometer_km', 'business_km', 'trip_type'];
    const [first, second] = splitAt(hour({ setByUser: typed, startOdometerMetres: 5, endOdometerMetres: 60_005 }), 30);
    expect(first.setByUser).toEqual(['distance_km', 'ended_at', 'start_odometer_km', 'to', 'trip_type']);
    expect(second.setByUser).toEqual(['distance_km', 'end_odometer_km', 'from', 'started_at', 'trip_type']);
    expect([first.startOdometerEstimated, second.startOdometerEstimated]).toEqual([false, true]);
  });

  it('that nobody classified are looked at by the rules, each by its own ends', () => {
    const locations: UserLocation[] = [{ id: 'loc_shop', kind: 'client', lat: 52, lng: 5, radiusMetres: 150 }];
    const rule: Rule = {
      id: 'rul_a',
      name: null,
      type: 'P',
      businessShare: null,
      purpose: null,
      when: { ends: [{ locationId: 'loc_shop' }] },
    };
    const from = { lat: 51, lng: 5, address: null, locationId: null };
    const track: CutTrack = { place: { lat: 52.0005, lng: 5 }, metres: [1, 1] };
    const [first, second] = splitAt(hour({ from, to: from }), 30, track, { rules: [rule], locations });
    expect([first.type, first.classifiedBy, first.to?.locationId]).toEqual(['P', 'rule:rul_a', 'loc_shop']);
    expect([second.type, second.from?.locationId]).toEqual(['P', 'loc_shop']);
  });

  it('share the stops out, and lose the one the cut lies in', () => {
    const trip = hour({ stops: [stop(5, 10), stop(20, 30), stop(40, 41)] });
    const [first, second] = splitAt(trip, 30);
    expect([first.endedAt, second.startedAt]).toEqual([minute(20), minute(30)]);
    expect([first.stops, second.stops]).toEqual([[stop(5, 10)], [stop(40, 41)]]);
    expect(first.to).toEqual({ lat: 52, lng: 5, address: null, locationId: null });
    const [early, late] = splitAt(trip, 35);
    expect([early.stops.length, late.stops.length]).toEqual([2, 1]);
    expect(first.distanceMetres).toBe(24_000);
  });

  it.each([
    ['at its start', 0],
    ['at its end', 60],
    ['before', -1],
    ['after', 61],
    ['in a stop it begins with', 2],
  ])('cannot be made %s', (_, nth) => {
    expect(() => cutOf(hour({ stops: [stop(0, 3)] }), minute(nth), 'track_point')).toThrow(Problem);
  });
});

describe('the track at a cut', () => {
  const fix = (nth: number, north: number): Fix => ({
    at: minute(nth),
    lat: 52 + north,
    lng: 5,
    accuracyMetres: 5,
    speedKmh: null,
  });
  const measured = (trip: Trip, nth: number, fixes: readonly Fix[]) => {
    const meter = new CutMeter(cutOf(trip, minute(nth), 'at'));
    for (const one of fixes) meter.add(one);
    return meter.result();
  };

  it('is divided where the car was then, between two fixes', () => {
    const { place, metres: parts } = measured(hour(), 15, [fix(0, 0), fix(10, 0.1), fix(20, 0.2), fix(30, 0.4)]);
    expect(place).toEqual({ lat: 52.15, lng: 5 });
    expect((parts?.[0] ?? 0) / ((parts?.[0] ?? 0) + (parts?.[1] ?? 0))).toBeCloseTo(0.375, 2);
  });

  it('is the nearest fix before the first and after the last, and says nothing of lengths alone', () => {
    expect(measured(hour(), 5, [fix(10, 0.1), fix(20, 0.2)]).place).toEqual({ lat: 52.1, lng: 5 });
    expect(measured(hour(), 30, [fix(10, 0.1), fix(20, 0.2)]).place).toEqual({ lat: 52.2, lng: 5 });
    expect(measured(hour(), 30, [])).toEqual({ place: null, metres: null });
    expect(measured(hour(), 30, [fix(10, 0), fix(40, 0)]).metres).toBeNull();
  });

  it('leaves out noise, and what was driven within the stop that goes', () => {
    const noise = { ...fix(15, 3), accuracyMetres: 5_000 };
    const fixes = [fix(0, 0), fix(10, 0.1), noise, fix(22, 0.11), fix(28, 0.12), fix(40, 0.13), fix(50, 0.23)];
    const { metres: parts } = measured(hour({ stops: [stop(20, 30)] }), 25, fixes);
    expect(parts?.[0]).toBeGreaterThan(10_000);
    expect(Math.abs((parts?.[0] ?? 0) - (parts?.[1] ?? 0))).toBeLessThan(10);
  });
});
