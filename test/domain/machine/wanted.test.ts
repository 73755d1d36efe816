import { describe, expect, test } from 'vitest';
import type { CarFacts } from '../../../src/domain/cars.ts';
import type { TripEvent } from '../../../src/domain/events.ts';
import { idleCars, wantedCars } from '../../../src/domain/machine/wanted.ts';
import {
  ASKABLE,
  CAR_A,
  CAR_B,
  context,
  end,
  ping,
  reading,
  run,
  SCHOOL,
  start,
  t,
  tick,
} from '../../support/machine.ts';

const ASKABLE_B: CarFacts = { ...CAR_B, pollIntervalMs: 60_000 };

interface Row {
  readonly given: readonly TripEvent[];
  readonly cars?: readonly CarFacts[];
  /** `car pace about`. */
  readonly wanted: readonly string[];
}

const drive = [start('08:00', { km: 0, car: 'car_a' }), ping('08:10', 8), ping('08:20', 16)];
const seen = [
  reading('08:05', { odometer: 1_004, state: 'driving' }),
  reading('08:15', { odometer: 1_012, state: 'driving' }),
];

const ROWS: Record<string, Row> = {
  'nobody drives': { given: [], wanted: [] },
  'its trip is on': { given: drive, wanted: ['car_a moving start'] },
  'its trip is on, but it cannot be asked': { given: drive, cars: [CAR_A], wanted: [] },
  'the car of the trip alone, not the other one': {
    given: drive,
    cars: [ASKABLE, ASKABLE_B],
    wanted: ['car_a moving start'],
  },
  'every car while none is known': {
    given: [start('08:00', { km: 0 })],
    cars: [ASKABLE, ASKABLE_B],
    wanted: ['car_a moving start', 'car_b moving start'],
  },
  'no car in somebody else’s': {
    given: [start('08:00', { km: 0, device: 'a friend’s' })],
    cars: [ASKABLE, ASKABLE_B],
    wanted: [],
  },
  'it stands since a while': {
    given: [...drive, ...seen, reading('08:25', { odometer: 1_016, state: 'parked' })],
    wanted: ['car_a standing start'],
  },
  'the phone said it ended': { given: [...drive, end('08:30', { km: 20 })], wanted: ['car_a moving end'] },
  'it pauses': {
    given: [
      ...drive,
      ...seen,
      reading('08:25', { odometer: 1_016, state: 'parked' }),
      reading('08:29', { odometer: 1_016, state: 'parked' }),
    ],
    wanted: ['car_a standing start'],
  },
  'it pauses at a stop place': {
    given: [start('08:00', { km: 0, car: 'car_a' }), end('08:10', { km: 5 })],
    wanted: ['car_a standing pause'],
  },
  'its odometer is still missing': {
    given: [...drive, end('08:30', { km: 20 }), tick('08:51')],
    wanted: ['car_a standing pending'],
  },
  'its odometer was missing for a day': {
    given: [...drive, end('08:30', { km: 20 }), tick('08:51'), tick('+1 08:31')],
    wanted: [],
  },
  'its odometer is known': {
    given: [...drive, end('08:30', { km: 20 }), reading('08:31', { odometer: 1_020, state: 'parked' })],
    wanted: [],
  },
  'a new trip of the same car comes before the old one’s odometer': {
    given: [...drive, end('08:30', { km: 20 }), start('09:30', { km: 20, car: 'car_a' })],
    wanted: ['car_a moving start'],
  },
  'another car’s trip, while this one’s odometer is missing': {
    given: [...drive, end('08:30', { km: 20 }), start('09:30', { km: 20, car: 'car_b' })],
    cars: [ASKABLE, ASKABLE_B],
    wanted: ['car_b moving start', 'car_a standing pending'],
  },
  'nobody knows which it was, and the other one has not answered yet': {
    given: [start('08:00'), end('08:30'), tick('08:51'), reading('08:55', { car: 'car_b', state: 'parked' })],
    cars: [ASKABLE, ASKABLE_B],
    wanted: ['car_a standing pending'],
  },
  'a silent trip’s odometer': {
    given: [...drive, tick('12:00')],
    wanted: ['car_a standing pending'],
  },
};

describe('a car is wanted when', () => {
  test.each(Object.entries(ROWS))('%s', (_, { given, cars = [ASKABLE], wanted }) => {
    const rules = context({ cars, locations: [SCHOOL] });
    const { machine } = run(given, rules);
    const found = wantedCars(machine, rules).map(({ carId, pace, mark }) => `${carId} ${pace} ${mark.split(' ')[1]}`);
    expect(found).toEqual(wanted);
  });

  test('a start and an end are each something new about it, a ping is not', () => {
    const rules = context({ cars: [ASKABLE] });
    const marks = [drive.slice(0, 1), drive, [...drive, end('08:30', { km: 20 })]].map(
      (given) => wantedCars(run(given, rules).machine, rules)[0]?.mark,
    );
    expect(marks[0]).toBe(marks[1]);
    expect(marks[2]).not.toBe(marks[1]);
  });

  test('nobody waits for it, four times a day', () => {
    const rules = context({ cars: [ASKABLE, ASKABLE_B, { ...CAR_B, id: 'car_c' }] });
    const wanted = wantedCars(run(drive, rules).machine, rules);
    const idle = (clock: string) => idleCars(wanted, rules, t(clock)).map(({ carId, mark }) => [carId, mark]);
    expect(idle('08:00')).toEqual([['car_b', expect.any(String)]]);
    expect(idle('08:00')).toEqual(idle('11:59'));
    expect(idle('08:00')).not.toEqual(idle('12:00'));
  });
});
