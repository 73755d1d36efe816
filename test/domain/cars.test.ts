/** Which car an event means (rule 6), and whether two events name different ones (rule 1). */

import { describe, expect, it } from 'vitest';
import { carOf, namesDifferentCars, type CarClaim } from '../../src/domain/cars.ts';
import { CAR_A, CAR_B } from '../support/machine.ts';

const NOTHING: CarClaim = { carId: null, device: null, tokenCarId: null };
const BOTH = [CAR_A, CAR_B];
const UNBOUND = [
  { ...CAR_A, deviceNames: [] },
  { ...CAR_B, deviceNames: [] },
];

describe('the first that answers', () => {
  it.each([
    ['the request', BOTH, { carId: 'car_b', device: 'Golf', tokenCarId: 'car_a' }, 'car_b', 'request'],
    ['a car that is not theirs counts as none', BOTH, { carId: 'car_x', device: 'Golf' }, 'car_a', 'device'],
    ['a bound device', BOTH, { device: 'Polo', tokenCarId: 'car_a' }, 'car_b', 'device'],
    ['however it is written', BOTH, { device: ' ＧＯＬＦ ' }, 'car_a', 'device'],
    ['the token’s car', BOTH, { tokenCarId: 'car_a' }, 'car_a', 'token'],
    ['the token’s car before an unbound device', BOTH, { device: 'Taxi', tokenCarId: 'car_b' }, 'car_b', 'token'],
    ['an unbound device while others are bound: no car', [CAR_A], { device: 'Taxi' }, null, 'foreign'],
    [
      'an unbound device where none is bound: the only car',
      UNBOUND.slice(0, 1),
      { device: 'iPhone' },
      'car_a',
      'only_car',
    ],
    ['the only car', [CAR_A], {}, 'car_a', 'only_car'],
    ['none yet', BOTH, {}, null, 'none'],
    ['no cars at all', [], { carId: 'car_a' }, null, 'none'],
  ])('%s', (_, cars, claim, carId, by) => {
    expect(carOf({ ...NOTHING, ...claim }, cars)).toMatchObject({ carId, by });
  });
});

describe('two events name different cars', () => {
  const named = (claim: Partial<CarClaim>) => carOf({ ...NOTHING, ...claim }, BOTH);
  it.each([
    [{ carId: 'car_a' }, { carId: 'car_b' }, true],
    [{ carId: 'car_a' }, { device: 'Golf' }, false],
    [{ carId: 'car_a' }, { device: 'Taxi' }, true],
    [{ device: 'Taxi' }, { device: 'taxi ' }, false],
    [{ device: 'Taxi' }, { device: 'Other' }, true],
    [{ carId: 'car_a' }, {}, false],
    [{}, {}, false],
  ])('%j and %j: %s', (a, b, different) => {
    expect(namesDifferentCars(named(a), named(b))).toBe(different);
  });
});
