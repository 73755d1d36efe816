import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readingsOf, type AboutAnswer, type CarAnswer, type RawAnswer } from '../../src/domain/car-answers.ts';
import type { DrivingState } from '../../src/domain/events.ts';
import { runs } from '../support/runs.ts';

const MINUTE = 60_000;
const FETCHED = Date.parse('2026-03-02T08:00:00Z');
const ABOUT: AboutAnswer = { fetchedAt: FETCHED, resolutionMetres: 1_000, sentinels: [], stateMaxAgeMs: 30 * MINUTE };
const NOTHING = { odometer: null, position: null, state: null };
const SAYS_NOTHING = { odometerMetres: null, resolutionMetres: 1_000, position: null, state: 'unknown', at: null };

function read(raw: Partial<RawAnswer>, about: Partial<AboutAnswer> = {}) {
  return readingsOf({ ...NOTHING, ...raw }, { ...ABOUT, ...about });
}

/** Its readings; fails when the answer was refused. */
function readings(...[raw, about]: Parameters<typeof read>): readonly CarAnswer[] {
  const answer = read(raw, about);
  if (!answer.ok) return expect.fail(answer.failure.message);
  return answer.readings;
}

function metres(value: unknown, unit: string | null, about: Parameters<typeof read>[1] = {}) {
  const answer = read({ odometer: { value, unit, observedAt: null } }, about);
  return answer.ok ? answer.readings[0]!.odometerMetres : answer.failure.code;
}

function place(lat: unknown, lng: unknown) {
  return readings({ position: { lat, lng, observedAt: null } })[0]!.position;
}

describe('an odometer is read in the unit it declares', () => {
  test.each<[unknown, string, number]>([
    [123, 'km', 123_000],
    [12_345.678, 'km', 12_345_678],
    [1, 'kilometer', 1_000],
    [2, 'Kilometres', 2_000],
    [2, 'KM', 2_000],
    [2, ' kms ', 2_000],
    [100, 'mi', 160_934],
    [1, 'mile', 1_609],
    [1_000, 'Miles', 1_609_344],
    [5_000, 'm', 5_000],
    [5_000.4, 'metres', 5_000],
    [5_000.5, 'meter', 5_001],
    [10_000, 'ft', 3_048],
    [1_000, 'feet', 305],
    [1_000, 'foot', 305],
    [10_000, 'yd', 9_144],
    [1_000, 'Yards', 914],
    [10, 'nmi', 18_520],
    [1, 'nautical  miles', 1_852],
    [100, 'cm', 1],
    [150, 'centimeters', 2],
    [1_000, 'mm', 1],
    [10_000, 'in', 254],
    [10_000, 'Inches', 254],
    [10_000, 'inch', 254],
    ['123', 'km', 123_000],
    [' 123.5 ', 'km', 123_500],
    ['19876.199999999997', 'km', 19_876_200],
    [0, 'km', 0],
    ['0', 'mi', 0],
    [65_535, 'km', 65_535_000],
    [1_999_999.999, 'km', 1_999_999_999],
  ])('%j %s is %i m', (value, unit, expected) => expect(metres(value, unit)).toBe(expected));

  test.each<[unknown, string | null]>([
    [123, null],
    [0, null],
    ['123', null],
    [123, ''],
    [123, 'k'],
    [123, 'kmh'],
    [123, 'km/h'],
    [123, '°C'],
    [123, 'constructor'],
    [123, 's'],
    ['12.345,6', 'km'],
    ['123 km', 'km'],
    ['12,5', 'km'],
    ['1e5', 'km'],
    ['0x10', 'km'],
    ['12 345', 'km'],
    ['+12', 'km'],
    ['.5', 'km'],
    ['Infinity', 'km'],
    [true, 'km'],
    [{ value: 12 }, 'km'],
    [[12], 'km'],
  ])('%j in %j is refused, not guessed', (value, unit) => expect(metres(value, unit)).toBe('protocol'));

  test('a refusal spoils all of the answer and tells no value', () => {
    const position = { lat: 52, lng: 5, observedAt: null };
    const answer = read({ odometer: { value: 98_765, unit: 'furlong', observedAt: null }, position });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'protocol', scope: 'vehicle', retryAt: null } });
    expect(JSON.stringify(answer)).not.toMatch(/98765|furlong|52/);
  });

  test.each<[unknown, string | null]>([
    [null, 'km'],
    [undefined, 'km'],
    [undefined, null],
    [NaN, 'km'],
    [Infinity, 'km'],
    [-1, 'km'],
    ['-1', 'km'],
    [-0.001, 'km'],
    [-1, null],
    [2_000_000, 'km'],
    [1_999_999.9999, 'km'],
    [1_300_000, 'mi'],
    ['unknown', 'km'],
    ['Unavailable', null],
    ['unavailable', null],
    ['invalid', 'km'],
    ['-', 'km'],
    ['', null],
    ['  ', 'km'],
    ['None', 'km'],
    ['NaN', 'km'],
    ['null', null],
  ])('%j in %j is no value, and no failure', (value, unit) => expect(metres(value, unit)).toBeNull());

  test('a maker’s own counter for “unknown” is one in its raw unit, and a fine odometer elsewhere', () => {
    expect(metres(16_777_215, 'm', { sentinels: [16_777_215] })).toBeNull();
    expect(metres('16777215', 'm', { sentinels: [16_777_215] })).toBeNull();
    expect(metres(16_777_215, 'm')).toBe(16_777_215);
    expect(metres(16_777.215, 'km', { sentinels: [16_777_215] })).toBe(16_777_215);
    expect(metres(65_535, null, { sentinels: [65_535, 4_294_967_295] })).toBeNull();
  });

  test('a zero has no sign', () => expect(Object.is(metres(-0, 'km'), 0)).toBe(true));

  test.each<[number | undefined, number]>([
    [undefined, 1_000],
    [10, 10],
    [1_609, 1_609],
    [0, 1_000],
    [-5, 1_000],
    [NaN, 1_000],
    [Infinity, 1_000],
  ])('its step is %j as it shows, else the source’s', (step, expected) => {
    const odometer = { value: 7, unit: 'km', observedAt: null, ...(step !== undefined && { resolutionMetres: step }) };
    expect(readings({ odometer })[0]!.resolutionMetres).toBe(expected);
  });
});

describe('a position is a place one can be at', () => {
  test.each<[unknown, unknown, { lat: number; lng: number } | null]>([
    [52.1757, 5.393, { lat: 52.1757, lng: 5.393 }],
    ['52.1757', ' 5.393', { lat: 52.1757, lng: 5.393 }],
    [52.123456789, -5.987654321, { lat: 52.1234568, lng: -5.9876543 }],
    [0, 9.3, { lat: 0, lng: 9.3 }],
    [51.5, 0, { lat: 51.5, lng: 0 }],
    [-90, 180, { lat: -90, lng: 180 }],
    [90, -180, { lat: 90, lng: -180 }],
    [0, 0, null],
    ['0', '0.0', null],
    [-0, 0, null],
    [1e-9, -1e-9, null],
    [90.0001, 5, null],
    [52, 180.0001, null],
    [-91, 5, null],
    [NaN, 5, null],
    [52, Infinity, null],
    [null, 5, null],
    [52, undefined, null],
    ['unknown', 'unknown', null],
    ['', '', null],
    ['52,1', '5,3', null],
    [true, 5, null],
    [{}, [], null],
  ])('%j, %j', (lat, lng, expected) => expect(place(lat, lng)).toEqual(expected));

  test('a zero has no sign', () => {
    expect(Object.is(place(-1e-9, 9.3)?.lat, 0)).toBe(true);
    expect(Object.is(place(51.5, -0)?.lng, 0)).toBe(true);
  });
});

describe('a state is what the car says now', () => {
  const stateSeen = (value: DrivingState, observedAt: number | null) =>
    readings({ state: { value, observedAt } })[0]!.state;

  test.each<[DrivingState, number | null, DrivingState]>([
    ['driving', FETCHED, 'driving'],
    ['parked', FETCHED - 30 * MINUTE, 'parked'],
    ['parked', FETCHED - 30 * MINUTE - 1, 'unknown'],
    ['driving', FETCHED - 31 * MINUTE, 'unknown'],
    ['driving', null, 'driving'],
    ['parked', null, 'parked'],
    ['unknown', FETCHED, 'unknown'],
    ['unknown', null, 'unknown'],
    ['parked', 0, 'parked'],
    ['driving', FETCHED + 6 * MINUTE, 'driving'],
  ])('%s observed at %j is %s', (value, observedAt, expected) => expect(stateSeen(value, observedAt)).toBe(expected));

  test('an old one leaves what else was observed then', () => {
    const then = FETCHED - 45 * MINUTE;
    const raw = {
      odometer: { value: 10, unit: 'km', observedAt: then },
      state: { value: 'driving', observedAt: then },
    } as const;
    expect(readings(raw)).toEqual([{ ...SAYS_NOTHING, odometerMetres: 10_000, at: then }]);
  });

  test('none is never “parked”', () => {
    expect(readings({})).toEqual([SAYS_NOTHING]);
    const odometer = { value: 'unavailable', unit: null, observedAt: FETCHED };
    const state = { value: 'unknown', observedAt: FETCHED } as const;
    expect(readings({ odometer, state, position: { lat: 0, lng: 0, observedAt: FETCHED } })).toEqual([SAYS_NOTHING]);
  });
});

describe('a time is when the car knew it', () => {
  const atOf = (observedAt: number | null) => readings({ odometer: { value: 10, unit: 'km', observedAt } })[0]!.at;

  test.each<[string, number | null, number | null]>([
    ['none', null, null],
    ['now', FETCHED, FETCHED],
    ['an hour ago', FETCHED - 60 * MINUTE, FETCHED - 60 * MINUTE],
    ['years ago', Date.parse('2019-01-01T00:00:00Z'), Date.parse('2019-01-01T00:00:00Z')],
    ['a clock a little ahead', FETCHED + 1, FETCHED],
    ['a clock 5 min ahead', FETCHED + 5 * MINUTE, FETCHED],
    ['a clock further ahead', FETCHED + 5 * MINUTE + 1, null],
    ['next year', FETCHED + 365 * 24 * 60 * MINUTE, null],
    ['1970', 0, null],
    ['year 1', Date.parse('0001-01-01T00:00:00Z'), null],
    ['1999', Date.parse('1999-12-31T23:59:59.999Z'), null],
    ['2000', Date.parse('2000-01-01T00:00:00Z'), Date.parse('2000-01-01T00:00:00Z')],
    ['no number', NaN, null],
    ['never', Infinity, null],
    ['a fraction', FETCHED - 0.5, FETCHED - 1],
  ])('%s', (_name, observedAt, expected) => expect(atOf(observedAt)).toBe(expected));

  test('what was observed at once is one reading', () => {
    const raw = {
      odometer: { value: 10, unit: 'km', observedAt: FETCHED - MINUTE },
      position: { lat: 52, lng: 5, observedAt: FETCHED - MINUTE },
      state: { value: 'driving', observedAt: FETCHED - MINUTE },
    } as const;
    const position = { lat: 52, lng: 5 };
    expect(readings(raw)).toEqual([
      { odometerMetres: 10_000, resolutionMetres: 1_000, position, state: 'driving', at: FETCHED - MINUTE },
    ]);
  });

  test('what was observed one after the other are readings in that order, the untimed last', () => {
    const raw = {
      odometer: { value: 10, unit: 'km', observedAt: FETCHED - MINUTE },
      position: { lat: 52, lng: 5, observedAt: FETCHED - 9 * MINUTE },
      state: { value: 'parked', observedAt: null },
    } as const;
    expect(readings(raw)).toEqual([
      { ...SAYS_NOTHING, position: { lat: 52, lng: 5 }, at: FETCHED - 9 * MINUTE },
      { ...SAYS_NOTHING, odometerMetres: 10_000, at: FETCHED - MINUTE },
      { ...SAYS_NOTHING, state: 'parked' },
    ]);
  });

  test('what says nothing makes no reading of its own', () => {
    const raw = {
      odometer: { value: '-', unit: 'km', observedAt: FETCHED - 9 * MINUTE },
      state: { value: 'parked', observedAt: FETCHED - MINUTE },
    } as const;
    expect(readings(raw)).toEqual([{ ...SAYS_NOTHING, state: 'parked', at: FETCHED - MINUTE }]);
  });
});

describe('whatever is answered', () => {
  const time = fc.option(
    fc.oneof(
      fc.integer(),
      fc.double(),
      fc.integer({ min: -90 * MINUTE, max: 10 * MINUTE }).map((ms) => FETCHED + ms),
    ),
  );
  const value = fc.oneof(fc.anything(), fc.double(), fc.double().map(String), fc.integer({ min: 0, max: 3_000_000 }));
  const unit = fc.option(fc.oneof(fc.string(), fc.constantFrom('km', 'mi', 'm', 'ft', 'in')));
  const state = fc.constantFrom<DrivingState>('driving', 'parked', 'unknown');
  const raw = fc.record({
    odometer: fc.option(fc.record({ value, unit, observedAt: time })),
    position: fc.option(fc.record({ lat: value, lng: value, observedAt: time })),
    state: fc.option(fc.record({ value: state, observedAt: time })),
  });

  test('readings are believable, in order, and say no more than the answer', () => {
    fc.assert(
      fc.property(raw, (answer) => {
        const read = readingsOf(answer, ABOUT);
        expect(read.ok ? null : read.failure.code).toBe(read.ok ? null : 'protocol');
        const all = read.ok ? read.readings : [];
        expect(all.length > 0).toBe(read.ok);
        const times = all.map(({ at }) => at ?? Infinity);
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
        for (const reading of all) expectBelievable(reading, answer);
      }),
      runs(300, 20_000),
    );
  });

  function expectBelievable({ odometerMetres, position, state, at }: CarAnswer, answer: RawAnswer): void {
    if (odometerMetres !== null) {
      expect(Number.isSafeInteger(odometerMetres)).toBe(true);
      expect(odometerMetres >= 0 && odometerMetres < 2_000_000_000).toBe(true);
      expect(answer.odometer).not.toBeNull();
    }
    if (position !== null) {
      expect(Math.abs(position.lat) <= 90 && Math.abs(position.lng) <= 180).toBe(true);
      expect(position).not.toEqual({ lat: 0, lng: 0 });
      expect(Number(position.lat.toFixed(7))).toBe(position.lat);
    }
    if (state !== 'unknown') expect(answer.state?.value).toBe(state);
    if (at !== null) expect(Number.isSafeInteger(at) && at <= FETCHED).toBe(true);
  }

  test('an odometer is the same length in whatever unit it comes', () => {
    const units = {
      km: 1_000,
      mi: 1_609.344,
      m: 1,
      ft: 0.3048,
      yd: 0.9144,
      nmi: 1_852,
      cm: 0.01,
      mm: 0.001,
      in: 0.0254,
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_999_999_999 }),
        fc.constantFrom(...Object.keys(units)),
        (length, unit) => {
          expect(metres(length / units[unit as keyof typeof units], unit)).toBe(length);
        },
      ),
      runs(200, 10_000),
    );
  });
});
