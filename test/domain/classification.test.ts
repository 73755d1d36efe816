/** The class of a trip (rule 17): the first rule that matches, else the default, never over what was set by hand. */

import { describe, expect, it } from 'vitest';
import { classify, type Rule } from '../../src/domain/classification.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { CLIENT, HOME, t, ZONE } from '../support/machine.ts';
import { tripOf } from '../support/trips.ts';

const OFFICE = { ...CLIENT, id: 'office', kind: 'office' as const };
const settings = defaultSettings(ZONE, 'en');
const place = (locationId: string) => ({ lat: 52, lng: 5, address: null, locationId });
const TRIP: Trip = {
  ...tripOf({}),
  startedAt: t('08:30'),
  endedAt: t('09:00'),
  timeZone: ZONE,
  distanceMetres: 10_001,
  from: place('home'),
  to: place('client'),
  carId: 'car_a',
  needsReview: false,
  reviewReasons: [],
  setByUser: [],
};

function rule(when: Rule['when'], change: Partial<Rule> = {}): Rule {
  return { id: 'r1', name: null, when, type: 'P', businessShare: null, purpose: null, ...change };
}

function classified(rules: readonly Rule[], trip: Trip = TRIP) {
  return classify(trip, { rules, settings, locations: [HOME, CLIENT, OFFICE] });
}

describe('a rule matches by', () => {
  it.each([
    ['nothing: always', {}, true],
    ['one end', { ends: ['client'] }, true],
    ['both ends, either way round', { ends: ['client', 'home'] }, true],
    ['not by an end twice', { ends: ['home', 'home'] }, false],
    ['a single location', { ends: [{ locationId: 'client' }] }, true],
    ['another location', { ends: [{ locationId: 'office' }] }, false],
    ['the weekday in the trip’s zone', { weekdays: ['mon'] }, true],
    ['another weekday', { weekdays: ['tue', 'sun'] }, false],
    ['working hours in the trip’s zone: 09:30 there', { workingHours: true }, true],
    ['outside of them', { workingHours: false }, false],
    ['the car', { carId: 'car_a' }, true],
    ['another car', { carId: 'car_b' }, false],
    ['the device', { device: 'golf' }, true],
    ['a least distance', { leastMetres: 10_001 }, true],
    ['a greater one', { leastMetres: 10_002 }, false],
    ['a most distance', { mostMetres: 10_000 }, false],
    ['all conditions at once', { carId: 'car_a', weekdays: ['tue'] }, false],
  ] as const)('%s', (_, when, matches) => {
    expect(classified([rule(when)], { ...TRIP, device: 'golf' }).classifiedBy).toBe(matches ? 'rule:r1' : 'default');
  });
});

describe('the class', () => {
  it('is that of the first rule that matches', () => {
    const rules = [
      rule({ carId: 'car_b' }),
      rule({}, { id: 'r2', purpose: 'Visit' }),
      rule({}, { id: 'r3', type: 'B' }),
    ];
    expect(classified(rules)).toMatchObject({
      type: 'P',
      businessMetres: 0,
      classifiedBy: 'rule:r2',
      purpose: 'Visit',
      needsReview: false,
    });
  });

  it('is the default without one, and wants a review', () => {
    expect(classified([])).toMatchObject({
      type: 'B',
      businessMetres: 10_001,
      classifiedBy: 'default',
      needsReview: true,
      reviewReasons: ['no_rule_matched'],
    });
  });

  it.each([
    ['the rule’s share', 0.25, 2_500],
    ['the user’s usual share', null, 5_001],
  ])('M splits by %s, in whole metres', (_, businessShare, businessMetres) => {
    expect(classified([rule({}, { type: 'M', businessShare })])).toMatchObject({ type: 'M', businessMetres });
  });

  it('set by hand is never overwritten', () => {
    const byHand = { ...TRIP, type: 'P' as const, businessMetres: 0, classifiedBy: 'user', setByUser: ['trip_type'] };
    expect(classified([rule({}, { type: 'B' })], byHand)).toMatchObject({
      type: 'P',
      classifiedBy: 'user',
      needsReview: false,
    });
  });

  it('knows a commute by its ends', () => {
    expect(classified([], { ...TRIP, to: place('office') }).commute).toBe(true);
    expect(classified([]).commute).toBe(false);
  });
});
