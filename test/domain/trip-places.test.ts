import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/domain/classification.ts';
import { locationAt, type Location } from '../../src/domain/locations.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { following, movesOf, type LocationMove } from '../../src/domain/trip-places.ts';
import { editTrip, type TripEdit } from '../../src/domain/trip-edits.ts';
import type { Place, Trip } from '../../src/domain/trips.ts';
import { tripOf } from '../support/trips.ts';

const HERE = { lat: 52.09, lng: 5.12 };
const BESIDE = { lat: 52.0905, lng: 5.12 };
const FAR = { lat: 52.2, lng: 5.3 };
const NOW = Date.parse('2026-03-20T12:00:00Z');
const SETTINGS = defaultSettings('Europe/Amsterdam', 'en');

function locationOf(id: string, parts: Partial<Location> = {}): Location {
  return { id, name: id, kind: 'other', radiusMetres: 150, createdAt: 0, updatedAt: 0, ...HERE, ...parts };
}

function placeOf(parts: Partial<Place> = {}): Place {
  return { ...HERE, address: null, locationId: null, ...parts };
}

/** Everything that is there afterwards, and what became of the trip. */
function follow(trip: Trip, move: LocationMove, others: readonly Location[] = [], rules: readonly Rule[] = []) {
  const locations = [...others, ...(move.after ? [move.after] : [])];
  return following(trip, movesOf([move]), { rules, settings: SETTINGS, locations });
}

const OFFICE = locationOf('office', { kind: 'office' });
const HOME_RULE: Rule = {
  id: 'r1',
  name: null,
  when: { ends: ['home'] },
  type: 'P',
  businessShare: null,
  purpose: 'way home',
};

describe('an end that nobody named by hand', () => {
  it('lies in a new circle that holds it', () => {
    const trip = tripOf({ from: placeOf({ address: 'Street 1' }), to: placeOf(FAR) });
    expect(follow(trip, { before: null, after: OFFICE })).toMatchObject({
      from: { locationId: 'office', address: 'Street 1' },
      to: { locationId: null },
    });
  });

  it('stays in the circle whose centre is nearer', () => {
    const trip = tripOf({ to: placeOf({ locationId: 'desk' }) });
    const after = locationOf('yard', { ...BESIDE, radiusMetres: 500 });
    expect(follow(trip, { before: null, after }, [locationOf('desk')])).toBeNull();
  });

  it('falls to the next nearest, or to none, when its circle moves away', () => {
    const trip = tripOf({ to: placeOf({ locationId: 'office' }) });
    const move = { before: OFFICE, after: { ...OFFICE, ...FAR } };
    expect(follow(trip, move, [locationOf('yard', BESIDE)])?.to?.locationId).toBe('yard');
    expect(follow(trip, move)?.to).toEqual(placeOf());
  });

  it('keeps the name of a removed location as its address, unless it has one', () => {
    const move = { before: locationOf('office', { name: 'Kantoor' }), after: null };
    const trip = tripOf({
      from: placeOf({ locationId: 'office', address: 'Street 1' }),
      to: placeOf({ locationId: 'office', lat: null, lng: null }),
    });
    const after = follow(trip, move, [locationOf('yard', BESIDE)]);
    expect(after?.from).toEqual(placeOf({ locationId: 'yard', address: 'Street 1' }));
    expect(after?.to).toEqual({ lat: null, lng: null, locationId: null, address: 'Kantoor' });
  });

  it('without coordinates is nowhere but where it was said to be', () => {
    const trip = tripOf({ to: placeOf({ lat: null, lng: null, locationId: 'office' }) });
    expect(follow(trip, { before: OFFICE, after: { ...OFFICE, ...FAR } })).toBeNull();
  });

  it('is left alone by a change that has nothing to do with it', () => {
    const stale = tripOf({ from: placeOf(FAR), to: placeOf({ locationId: 'gone' }) });
    expect(follow(stale, { before: null, after: locationOf('club', { lat: 51, lng: 4 }) }, [OFFICE])).toBeNull();
  });
});

it('stops follow as ends do', () => {
  const stop = { ...placeOf(), arrivedAt: 1, leftAt: 2 };
  const trip = tripOf({ stops: [stop, { ...stop, ...FAR }] });
  const after = follow(trip, { before: null, after: OFFICE });
  expect(after?.stops.map(({ locationId }) => locationId)).toEqual(['office', null]);
});

it('a new name changes no trip', () => {
  const trip = tripOf({ to: placeOf() });
  expect(follow(trip, { before: OFFICE, after: { ...OFFICE, name: 'HQ' } })).toBeNull();
});

it('a trip in a closed month stays as it is', () => {
  expect(follow(tripOf({ locked: true, to: placeOf() }), { before: null, after: OFFICE })).toBeNull();
});

describe('an end named by hand', () => {
  const edited = (trip: Trip, edit: TripEdit) =>
    editTrip(trip, edit, { rules: [], settings: SETTINGS, locations: [OFFICE], ownsCar: true, now: NOW }).trip;
  const bare = tripOf({ from: placeOf(FAR), to: placeOf() });

  it('stays when its circle moves, or another one is nearer', () => {
    const trip = edited(bare, { to: { locationId: 'office' } });
    expect(trip.setByUser).toContain('to.location_id');
    expect(follow(trip, { before: OFFICE, after: { ...OFFICE, ...FAR } })?.to ?? trip.to).toEqual(trip.to);
    expect(follow(trip, { before: null, after: locationOf('desk', HERE) }, [OFFICE])).toBeNull();
  });

  it('stays at none, if that was said', () => {
    const trip = edited(bare, { to: { locationId: null } });
    expect(follow(trip, { before: null, after: OFFICE })).toBeNull();
  });

  it('falls to the next when its location is removed, and follows from then on', () => {
    const trip = edited(bare, { to: { locationId: 'office' } });
    const after = follow(trip, { before: OFFICE, after: null }, [locationOf('yard', BESIDE)]);
    expect(after?.to?.locationId).toBe('yard');
    expect(after?.setByUser).toEqual(['to']);
  });

  it('follows again once it was given a position, as one does that was only described', () => {
    const named = edited(bare, { to: { locationId: 'office' } });
    for (const trip of [edited(named, { to: FAR }), edited(bare, { to: { address: 'Street 1' } })]) {
      const lake = locationOf('lake', trip.to?.lat === FAR.lat ? FAR : HERE);
      expect(follow(trip, { before: null, after: lake })?.to?.locationId).toBe('lake');
    }
    expect(edited(named, { to: null }).setByUser).toEqual(['to']);
  });
});

describe('the class of a trip whose end changed', () => {
  const home = locationOf('home', { kind: 'home' });

  it('is what the rules say of it now, with what they say it was for', () => {
    const trip = tripOf({ from: placeOf(FAR), to: placeOf() });
    expect(follow(trip, { before: null, after: home }, [], [HOME_RULE])).toMatchObject({
      type: 'P',
      businessMetres: 0,
      classifiedBy: 'rule:r1',
      purpose: 'way home',
      needsReview: false,
      reviewReasons: [],
    });
  });

  it('follows the kind of its location too', () => {
    const trip = tripOf({ from: placeOf(FAR), to: placeOf({ locationId: 'home' }) });
    const move = { before: { ...home, kind: 'other' as const }, after: home };
    expect(follow(trip, move, [], [HOME_RULE])?.classifiedBy).toBe('rule:r1');
  });

  it('stays when it was given by hand; whether it was a commute follows', () => {
    const from = placeOf({ ...FAR, locationId: 'work' });
    const given = tripOf({ type: 'B', classifiedBy: 'user', setByUser: ['trip_type'], from, to: placeOf() });
    const work = locationOf('work', { kind: 'office', ...FAR });
    expect(follow(given, { before: null, after: home }, [work], [HOME_RULE])).toEqual({
      ...given,
      to: placeOf({ locationId: 'home' }),
      commute: true,
    });
  });

  it('stays as it was split where the same rule says so, whatever settings are by now', () => {
    const trip = tripOf({ type: 'M', businessMetres: 2_469, classifiedBy: 'default', to: placeOf() });
    expect(follow(trip, { before: null, after: home })).toMatchObject({ type: 'M', businessMetres: 2_469 });
  });

  it('is not asked for again where only a stop changed', () => {
    const stop = { ...placeOf(), arrivedAt: 1, leftAt: 2 };
    const trip = tripOf({ type: 'M', businessMetres: 5, stops: [stop] });
    expect(follow(trip, { before: null, after: home }, [], [{ ...HOME_RULE, when: {} }])).toEqual({
      ...trip,
      stops: [{ ...stop, locationId: 'home' }],
    });
  });
});

it('a circle holds what lies on it, whichever way', () => {
  const circle = locationOf('c', { radiusMetres: 1_000 });
  const north = { lat: circle.lat + 999 / 111_195.08, lng: circle.lng };
  const east = { lat: circle.lat, lng: circle.lng + 999 / (111_195.08 * Math.cos((circle.lat * Math.PI) / 180)) };
  for (const position of [circle, north, east]) expect(locationAt([circle], position)).toBe(circle);
  expect(locationAt([circle], { ...north, lat: north.lat + 2 / 111_195 })).toBeNull();
});
