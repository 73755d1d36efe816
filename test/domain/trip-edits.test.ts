import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/domain/classification.ts';
import { Problem } from '../../src/domain/problem.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { editTrip, type EditContext, type TripEdit } from '../../src/domain/trip-edits.ts';
import type { ReviewReason, Trip, TripType } from '../../src/domain/trips.ts';
import { tripOf } from '../support/trips.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const DAY_MS = 24 * 3_600_000;
const HOME = { id: 'loc_home', kind: 'home' as const, lat: 52, lng: 4, radiusMetres: 150 };
const SETTINGS = defaultSettings('Europe/Amsterdam', 'en');
const CONTEXT: EditContext = { settings: SETTINGS, rules: [], locations: [HOME], ownsCar: true, now: NOW };

const edited = (trip: Trip, edit: TripEdit, context: Partial<EditContext> = {}) =>
  editTrip(trip, edit, { ...CONTEXT, ...context }).trip;

function refused(trip: Trip, edit: TripEdit, context: Partial<EditContext> = {}): string[] {
  try {
    edited(trip, edit, context);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'unprocessable') throw error;
    return error.errors.map(({ field }) => field);
  }
  return [];
}

describe('distance', () => {
  it('given by hand is manual, and the class covers all of it', () => {
    const trip = edited(tripOf(), { distanceMetres: 20_000 });
    expect(trip).toMatchObject({ distanceMetres: 20_000, distanceSource: 'manual', businessMetres: 20_000 });
    expect(edited(tripOf({ type: 'P' }), { distanceMetres: 20_000 }).businessMetres).toBe(0);
  });

  it('follows both odometers, also when only one was missing', () => {
    const both = { startOdometerMetres: 1_000_000, endOdometerMetres: 1_020_000 };
    expect(edited(tripOf(), both)).toMatchObject({ distanceMetres: 20_000, distanceSource: 'odometer' });
    const half = tripOf({ startOdometerMetres: 1_000_000, startOdometerEstimated: true });
    expect(edited(half, { endOdometerMetres: 1_020_000 })).toMatchObject({
      distanceMetres: 20_000,
      businessMetres: 20_000,
    });
    expect(edited(half, { startOdometerMetres: 1_000_000 }).startOdometerEstimated).toBe(false);
  });

  it('beside odometers may differ by 0.1 km, not by more', () => {
    const both = { startOdometerMetres: 1_000_000, endOdometerMetres: 1_020_000 };
    expect(edited(tripOf(), { ...both, distanceMetres: 20_100 }).distanceMetres).toBe(20_100);
    expect(refused(tripOf(), { ...both, distanceMetres: 20_101 })).toEqual(['distance_km']);
    expect(refused(tripOf(both), { distanceMetres: 15_000 })).toEqual(['distance_km']);
    expect(refused(tripOf(both), { distanceMetres: 15_000, endOdometerMetres: null })).toEqual([]);
  });

  it('must not run backwards', () => {
    const trip = tripOf({ startOdometerMetres: 1_000_000 });
    expect(refused(trip, { endOdometerMetres: 999_999 })).toEqual(['end_odometer_km']);
    expect(refused(tripOf({ endOdometerMetres: 5_000 }), { startOdometerMetres: 6_000 })).toEqual([
      'start_odometer_km',
    ]);
  });

  it('whose odometer is taken away stays, as said by hand', () => {
    const trip = tripOf({ startOdometerMetres: 0, endOdometerMetres: 12_345, distanceSource: 'odometer' });
    expect(edited(trip, { endOdometerMetres: null })).toMatchObject({
      distanceMetres: 12_345,
      distanceSource: 'manual',
    });
  });

  it('a trip that contradicts itself already can still be described', () => {
    const wholeKm = tripOf({ startOdometerMetres: 5_000, endOdometerMetres: 5_000, distanceMetres: 400 });
    expect(edited(wholeKm, { purpose: 'round the block' })).toMatchObject({
      distanceMetres: 400,
      distanceSource: 'gps',
    });
  });
});

describe('another car', () => {
  const odometers = {
    startOdometerMetres: 1_000_000,
    endOdometerMetres: 1_012_345,
    distanceSource: 'odometer' as const,
  };

  it('does not inherit the odometers of the first', () => {
    const trip = edited(tripOf({ carId: 'car_1', ...odometers }), { carId: 'car_2' });
    expect(trip).toMatchObject({ carId: 'car_2', startOdometerMetres: null, endOdometerMetres: null });
    expect(trip).toMatchObject({ distanceMetres: 12_345, distanceSource: 'manual' });
  });

  it('keeps those a person typed, and those given with it', () => {
    const typed = tripOf({ carId: 'car_1', ...odometers, setByUser: ['end_odometer_km', 'start_odometer_km'] });
    expect(edited(typed, { carId: 'car_2' }).endOdometerMetres).toBe(1_012_345);
    const given = { startOdometerMetres: 5_000, endOdometerMetres: 17_345 };
    expect(edited(tripOf({ carId: 'car_1', ...odometers }), { carId: 'car_2', ...given })).toMatchObject(given);
  });

  it('that is not the user’s is refused', () => {
    expect(refused(tripOf(), { carId: 'car_9' }, { ownsCar: false })).toEqual(['car_id']);
  });
});

describe('times', () => {
  it('must go forwards and not into the future', () => {
    const trip = tripOf();
    expect(refused(trip, { endedAt: trip.startedAt })).toEqual(['ended_at']);
    expect(refused(trip, { startedAt: trip.endedAt + 1 })).toEqual(['started_at']);
    expect(refused(trip, { endedAt: NOW + 6 * 60_000 })).toEqual(['ended_at']);
    expect(refused(trip, { startedAt: trip.endedAt - 7 * DAY_MS })).toEqual([]);
    expect(refused(trip, { startedAt: trip.endedAt - 7 * DAY_MS - 1 })).toEqual(['started_at']);
    expect(refused(trip, { endedAt: NOW + 4 * 60_000 })).toEqual([]);
  });

  it('an end given by hand is no estimate', () => {
    const trip = tripOf({ endedAtEstimated: true });
    expect(edited(trip, { endedAt: trip.endedAt }).endedAtEstimated).toBe(false);
    expect(edited(trip, { startedAt: trip.startedAt - 1 }).endedAtEstimated).toBe(true);
  });
});

describe('class and split', () => {
  it('B is all business, P all private, M half by default', () => {
    const types: [TripType, number][] = [
      ['B', 10_000],
      ['P', 0],
      ['M', 5_000],
    ];
    for (const [type, businessMetres] of types) {
      const trip = edited(tripOf({ distanceMetres: 10_000 }), { type });
      expect(trip).toMatchObject({ type, businessMetres, classifiedBy: 'user' });
    }
  });

  it('one side of a mixed trip gives the other', () => {
    const trip = tripOf({ distanceMetres: 10_000 });
    expect(edited(trip, { type: 'M', businessMetres: 7_000 }).businessMetres).toBe(7_000);
    expect(edited(trip, { type: 'M', privateMetres: 7_000 }).businessMetres).toBe(3_000);
    expect(edited(trip, { type: 'M', businessMetres: 7_000, privateMetres: 3_000 }).businessMetres).toBe(7_000);
  });

  it('a split that does not fit is refused', () => {
    const trip = tripOf({ distanceMetres: 10_000 });
    expect(refused(trip, { type: 'M', businessMetres: 10_001 })).toEqual(['business_km']);
    expect(refused(trip, { type: 'M', privateMetres: 10_001 })).toEqual(['private_km']);
    expect(refused(trip, { type: 'M', businessMetres: 7_000, privateMetres: 3_001 })).toEqual(['private_km']);
    expect(refused(trip, { businessMetres: 5_000 })).toEqual(['business_km']);
    expect(refused(trip, { type: 'P', businessMetres: 10_000 })).toEqual(['business_km']);
    expect(refused(trip, { businessMetres: 10_000, privateMetres: 0 })).toEqual([]);
  });

  it('a split by hand survives a new distance, as far as it fits', () => {
    const trip = edited(tripOf({ distanceMetres: 10_000 }), { type: 'M', businessMetres: 7_000 });
    expect(edited(trip, { distanceMetres: 12_000 }).businessMetres).toBe(7_000);
    expect(refused(trip, { distanceMetres: 6_000 })).toEqual(['distance_km']);
    const rest = edited(tripOf({ distanceMetres: 10_000 }), { type: 'M', privateMetres: 7_000 });
    expect(edited(rest, { distanceMetres: 12_000 }).businessMetres).toBe(5_000);
  });

  it('a split by share keeps its share', () => {
    const trip = tripOf({ type: 'M', distanceMetres: 10_000, businessMetres: 2_500 });
    expect(edited(trip, { distanceMetres: 20_000 }).businessMetres).toBe(5_000);
    expect(edited(trip, { purpose: 'x' }).businessMetres).toBe(2_500);
  });

  it('always adds up, whatever is edited', () => {
    const edits = fc.record(
      {
        type: fc.constantFrom<TripType>('B', 'P', 'M'),
        distanceMetres: fc.integer({ min: 0, max: 50_000 }),
        businessMetres: fc.integer({ min: 0, max: 50_000 }),
        privateMetres: fc.integer({ min: 0, max: 50_000 }),
        startOdometerMetres: fc.option(fc.integer({ min: 0, max: 50_000 })),
        endOdometerMetres: fc.option(fc.integer({ min: 0, max: 50_000 })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(edits, { maxLength: 6 }), fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        let trip = tripOf({ distanceMetres: 10_000 });
        for (const edit of list) {
          if (refused(trip, edit, { settings: { ...SETTINGS, mixedBusinessShare: share } }).length > 0) continue;
          trip = edited(trip, edit, { settings: { ...SETTINGS, mixedBusinessShare: share } });
          const { type, businessMetres, distanceMetres, startOdometerMetres: start, endOdometerMetres: end } = trip;
          expect(Number.isInteger(businessMetres)).toBe(true);
          expect(businessMetres).toBeGreaterThanOrEqual(0);
          expect(businessMetres).toBeLessThanOrEqual(distanceMetres);
          if (type === 'B') expect(businessMetres).toBe(distanceMetres);
          if (type === 'P') expect(businessMetres).toBe(0);
          if (start !== null && end !== null) expect(Math.abs(end - start - distanceMetres)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});

describe('places', () => {
  const there = { lat: 51, lng: 5, address: 'Markt 1', locationId: null };

  it('are recognised where they move to, and lose the address of before', () => {
    const trip = edited(tripOf({ to: there }), { to: { lat: 52.0001, lng: 4 } });
    expect(trip.to).toEqual({ lat: 52.0001, lng: 4, address: null, locationId: 'loc_home' });
  });

  it('keep what was not said', () => {
    expect(edited(tripOf({ to: there }), { to: { address: 'Markt 2' } }).to).toEqual({ ...there, address: 'Markt 2' });
    expect(edited(tripOf(), { from: { address: 'Dam' } }).from).toMatchObject({ lat: null, address: 'Dam' });
    expect(edited(tripOf(), { from: { locationId: 'loc_home' } }).from).toMatchObject({ lat: 52, lng: 4 });
  });

  it('that hold nothing any more are none', () => {
    expect(edited(tripOf({ to: there }), { to: null }).to).toBeNull();
    expect(edited(tripOf({ to: there }), { to: { lat: null, lng: null } }).to).toBeNull();
  });

  it('at a location that is not the user’s are refused', () => {
    expect(refused(tripOf(), { from: { locationId: 'loc_9' }, to: { locationId: 'loc_8' } })).toEqual([
      'from.location_id',
      'to.location_id',
    ]);
  });
});

describe('a detour', () => {
  it('needs a note and fits in the trip', () => {
    expect(refused(tripOf(), { detourMetres: 1_000 })).toEqual(['route_note']);
    expect(refused(tripOf(), { detourMetres: 1_000, routeNote: 'A4 closed' })).toEqual([]);
    expect(refused(tripOf(), { detourMetres: 13_000, routeNote: 'A4 closed' })).toEqual(['detour_km']);
    const noted = tripOf({ detourMetres: 1_000, routeNote: 'A4 closed' });
    expect(refused(noted, { routeNote: null })).toEqual(['route_note']);
    expect(refused(noted, { routeNote: null, detourMetres: null })).toEqual([]);
  });
});

describe('review', () => {
  const answers: [ReviewReason, TripEdit][] = [
    ['no_rule_matched', { type: 'B' }],
    ['unknown_distance', { distanceMetres: 5_000 }],
    ['uncertain_car', { carId: null }],
    ['end_lost', { endedAt: NOW - 60_000 }],
    ['stale', { endedAt: NOW - 60_000 }],
    ['drove_on', { carId: 'car_1' }],
    ['start_by_car', { type: 'P' }],
  ];

  it.each(answers)('%s is settled by its answer, and by nothing else', (reason, answer) => {
    const distanceSource = reason === 'unknown_distance' ? 'unknown' : 'gps';
    const trip = tripOf({ reviewReasons: [reason], distanceSource, classifiedBy: 'user' });
    expect(edited(trip, answer)).toMatchObject({ needsReview: false, reviewReasons: [] });
    expect(edited(trip, { purpose: 'x' })).toMatchObject({ needsReview: true, reviewReasons: [reason] });
  });

  it('goes on while something is open', () => {
    const trip = tripOf({ reviewReasons: ['no_rule_matched', 'unknown_distance'], distanceSource: 'unknown' });
    expect(edited(trip, { type: 'B' })).toMatchObject({ needsReview: true, reviewReasons: ['unknown_distance'] });
    expect(edited(trip, { startOdometerMetres: 5 }).reviewReasons).toContain('unknown_distance');
  });
});

describe('what was set by hand', () => {
  it('is remembered by the names callers use', () => {
    const trip = edited(tripOf({ setByUser: ['notes'] }), { type: 'M', privateMetres: 5, from: null });
    expect(trip.setByUser).toEqual(['from', 'notes', 'private_km', 'trip_type']);
    expect(edited(trip, { businessMetres: 5 }).setByUser).toEqual(['business_km', 'from', 'notes', 'trip_type']);
    expect(edited(trip, { type: 'B' }).setByUser).toEqual(['from', 'notes', 'trip_type']);
  });

  it('is said to measure only when it does', () => {
    expect(editTrip(tripOf(), { type: 'P', notes: 'x', commute: true }, CONTEXT).measures).toBe(false);
    for (const edit of [
      { carId: null },
      { startedAt: NOW - DAY_MS },
      { distanceMetres: 1 },
      { to: null },
      { timeZone: 'UTC' },
    ]) {
      expect(editTrip(tripOf(), edit, CONTEXT).measures).toBe(true);
    }
  });

  it('waits for no odometer any more once it measures', () => {
    const trip = tripOf({ odometerPending: true });
    expect(edited(trip, { distanceMetres: 5_000 }).odometerPending).toBe(false);
    expect(edited(trip, { purpose: 'x' }).odometerPending).toBe(true);
  });
});

it('every field in the way is listed', () => {
  const edit = {
    endedAt: 0,
    carId: 'car_9',
    distanceMetres: 5,
    startOdometerMetres: 9,
    endOdometerMetres: 900,
    detourMetres: 2,
  };
  expect(refused(tripOf(), edit, { ownsCar: false })).toEqual(['ended_at', 'car_id', 'distance_km', 'route_note']);
});

it('an edit of nothing changes nothing', () => {
  const trip = tripOf();
  expect(edited(trip, {})).toEqual(trip);
});

describe('the class nobody gave', () => {
  const HOUSE = { id: 'loc_office', kind: 'office' as const, lat: 52.1, lng: 4, radiusMetres: 150 };
  const rule = (parts: Partial<Rule>): Rule => ({
    id: 'rul_1',
    name: null,
    when: { ends: ['office'] },
    type: 'P',
    businessShare: null,
    purpose: null,
    ...parts,
  });
  const context = (...rules: readonly Rule[]) => ({ rules, locations: [HOME, HOUSE] });
  const toOffice: TripEdit = { to: { locationId: 'loc_office' } };

  it('follows the rules of today when the trip itself was edited', () => {
    const trip = edited(tripOf(), toOffice, context(rule({ purpose: 'Kantoor' })));
    expect(trip).toMatchObject({ type: 'P', businessMetres: 0, classifiedBy: 'rule:rul_1', purpose: 'Kantoor' });
    expect(trip).toMatchObject({ needsReview: false, reviewReasons: [] });
    expect(trip.setByUser).toContain('to');
    expect(edited(trip, { to: null }, context(rule({})))).toMatchObject({
      type: 'B',
      businessMetres: trip.distanceMetres,
      classifiedBy: 'default',
      purpose: null,
      reviewReasons: ['no_rule_matched'],
    });
  });

  it('stays what it is when only something was said about the trip', () => {
    const trip = tripOf({ to: { lat: 52.1, lng: 4, address: null, locationId: 'loc_office' } });
    expect(edited(trip, { notes: 'x' }, context(rule({})))).toMatchObject({ type: 'B', classifiedBy: 'default' });
  });

  it('keeps type, split and purpose of a rule that goes on to match, whatever it says by now', () => {
    const gave = context(rule({ type: 'M', businessShare: 0.2, purpose: 'Toen' }));
    const trip = edited(tripOf({ distanceMetres: 10_000 }), toOffice, gave);
    const says = context(rule({ type: 'M', businessShare: 0.9, purpose: 'Nu' }));
    const longer = edited(trip, { distanceMetres: 20_000 }, says);
    expect(longer).toMatchObject({ type: 'M', businessMetres: 4_000, purpose: 'Toen', classifiedBy: 'rule:rul_1' });
    const other = edited(trip, { distanceMetres: 20_000 }, context(rule({ type: 'P' })));
    expect(other).toMatchObject({ type: 'M', businessMetres: 4_000 });
  });

  it('is the default of its time as long as no rule matches', () => {
    const settings = { ...SETTINGS, defaultTripType: 'P' as const };
    expect(edited(tripOf(), { distanceMetres: 20_000 }, { settings })).toMatchObject({
      type: 'B',
      businessMetres: 20_000,
    });
  });

  it('given by hand is never touched, nor is a purpose given by hand', () => {
    const byHand = edited(tripOf(), { type: 'M', businessMetres: 5_000, purpose: 'Zelf' });
    const moved = edited(byHand, toOffice, context(rule({ purpose: 'Kantoor' })));
    expect(moved).toMatchObject({ type: 'M', businessMetres: 5_000, classifiedBy: 'user', purpose: 'Zelf' });
    const imported = edited(tripOf({ classifiedBy: 'import' }), toOffice, context(rule({})));
    expect(imported).toMatchObject({ type: 'B', classifiedBy: 'import' });
    const said = edited(tripOf(), { ...toOffice, purpose: 'Zelf' }, context(rule({ purpose: 'Kantoor' })));
    expect(said).toMatchObject({ type: 'P', purpose: 'Zelf' });
  });

  it('and commute follow the ends, unless that was said', () => {
    const home: TripEdit = { from: { locationId: 'loc_home' } };
    const commuting = edited(tripOf(), { ...home, ...toOffice }, context());
    expect(commuting.commute).toBe(true);
    expect(edited(commuting, { to: null }, context()).commute).toBe(false);
    expect(edited(tripOf(), { ...home, ...toOffice, commute: false }, context()).commute).toBe(false);
    const byHand = edited(tripOf(), { type: 'P' });
    expect(edited(byHand, { ...home, ...toOffice }, context())).toMatchObject({ commute: true, type: 'P' });
  });
});
