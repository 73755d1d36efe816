import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reckoner, reimbursementOf, type Payable, type Tariff } from '../../src/domain/rates.ts';
import type { OwnRate } from '../../src/domain/rates/rate.ts';
import { BUILT_IN, COUNTRIES, schemeIn, taxYearFrom, taxYearOf, type Scheme } from '../../src/domain/rates/schemes.ts';

const KM = 1_000;
const MILE = 1_609.344;
const miles = (count: number) => Math.round(count * MILE);

function tariff(scheme: Scheme, change: Partial<Tariff> = {}): Tariff {
  return { scheme, rates: [], companyCars: new Set(), ...change };
}

function drive(date: string, businessMetres: number, change: Partial<Payable> = {}): Payable {
  return { date, businessMetres, carId: null, commute: false, ...change };
}

function own(validFrom: string, milliCents: number, change: Partial<OwnRate> = {}): OwnRate {
  return {
    validFrom,
    validTo: null,
    per: 'km',
    milliCents,
    currency: 'EUR',
    tiers: [],
    carId: null,
    name: null,
    ...change,
  };
}

const centsOf = (trip: Payable, terms: Tariff) => new Reckoner(terms).next(trip).amountCents;

describe('the rates that are built in', () => {
  it.each<[Scheme, string, number | null]>([
    ['NL', '2005-12-31', null],
    ['NL', '2006-01-01', 190_00],
    ['NL', '2022-12-31', 190_00],
    ['NL', '2023-01-01', 210_00],
    ['NL', '2023-12-31', 210_00],
    ['NL', '2024-01-01', 230_00],
    ['NL', '2024-12-31', 230_00],
    ['NL', '2025-01-01', 230_00],
    ['NL', '2025-12-31', 230_00],
    ['NL', '2026-01-01', 230_00],
    ['NL', '2026-12-31', 230_00],
    ['NL', '2027-01-01', null],
  ])('of %s bring for 1,000 km on %s: %s', (scheme, date, cents) => {
    expect(centsOf(drive(date, 1_000 * KM), tariff(scheme))).toBe(cents);
  });

  it.each<[Scheme, string, number | null]>([
    ['US', '2020-12-31', null],
    ['US', '2021-01-01', 560_00],
    ['US', '2021-12-31', 560_00],
    ['US', '2022-01-01', 585_00],
    ['US', '2022-06-30', 585_00],
    ['US', '2022-07-01', 625_00],
    ['US', '2022-12-31', 625_00],
    ['US', '2023-01-01', 655_00],
    ['US', '2023-12-31', 655_00],
    ['US', '2024-01-01', 670_00],
    ['US', '2024-12-31', 670_00],
    ['US', '2025-01-01', 700_00],
    ['US', '2025-12-31', 700_00],
    ['US', '2026-01-01', 725_00],
    ['US', '2026-12-31', 725_00],
    ['US', '2027-01-01', null],
    ['GB', '2011-04-05', null],
    ['GB', '2011-04-06', 450_00],
    ['GB', '2026-04-05', 450_00],
    ['GB', '2026-04-06', 450_00],
    ['GB', '2027-04-05', 450_00],
    ['GB', '2027-04-06', null],
  ])('of %s bring for 1,000 miles on %s: %s', (scheme, date, cents) => {
    expect(centsOf(drive(date, 1_609_344), tariff(scheme))).toBe(cents);
  });

  it('overlap nowhere, leave out no day between their first and last, and say where they are from', () => {
    for (const country of COUNTRIES) {
      for (const [i, rate] of BUILT_IN[country].entries()) {
        const next = BUILT_IN[country][i + 1];
        const dayAfter = new Date(Date.parse(rate.validTo ?? '') + 86_400_000).toISOString().slice(0, 10);
        if (next) expect(dayAfter).toBe(next.validFrom);
        expect(rate.source).not.toBe('');
      }
    }
  });

  it('pay for commuting in the Netherlands only, and for no company car', () => {
    const commute = drive('2026-03-02', 100 * KM, { commute: true });
    expect(COUNTRIES.map((country) => centsOf(commute, tariff(country)))).toEqual([23_00, null, null]);
    const company = { companyCars: new Set(['car_1']) };
    const drives = ['car_1', 'car_2', null].map((carId) => drive('2026-03-02', 100 * KM, { carId }));
    expect(drives.map((trip) => centsOf(trip, tariff('NL', company)))).toEqual([null, 23_00, 23_00]);
    expect(centsOf(drives[0]!, tariff('own', { ...company, rates: [own('2026-01-01', 10_000)] }))).toBe(10_00);
  });
});

describe('a trip without an amount', () => {
  it('has none because nothing is to be paid, or because there is no rate; the two are told apart', () => {
    const [ownTrip, late] = reimbursementOf([drive('2026-05-01', 0), drive('2027-05-01', 5 * KM)], tariff('NL'));
    expect(ownTrip).toEqual({ amountCents: null, rate: null, parts: [], unratedMetres: 0 });
    expect(late).toEqual({ amountCents: null, rate: null, parts: [], unratedMetres: 5 * KM });
  });
});

describe('the British 10,000 miles', () => {
  it('are counted over the tax year, and a trip that crosses them is paid in two parts', () => {
    const paid = reimbursementOf(
      [
        drive('2026-04-05', miles(5_000)),
        drive('2026-04-06', miles(9_990)),
        drive('2026-04-07', miles(30), { carId: 'car_1' }),
        drive('2027-04-05', miles(100)),
        drive('2027-04-05', miles(10), { commute: true }),
      ],
      tariff('GB'),
    );
    expect(paid.map(({ amountCents }) => amountCents)).toEqual([2_250_00, 4_495_50, 9_50, 25_00, null]);
    expect(paid[2]?.parts.map(({ milliCents }) => milliCents)).toEqual([45_000, 25_000]);
    expect(paid[2]?.parts.reduce((sum, { millimetres }) => sum + millimetres, 0)).toBe(miles(30) * 1_000);
  });

  it('begin anew on 6 April', () => {
    const paid = reimbursementOf([drive('2025-04-05', miles(20_000)), drive('2025-04-06', miles(10))], tariff('GB'));
    expect(paid.map(({ amountCents }) => amountCents)).toEqual([7_000_00, 4_50]);
  });

  it('are full when exactly reached', () => {
    const [, last, first] = reimbursementOf(
      [drive('2025-05-01', 16_093_440 - 1_000), drive('2025-05-02', 1_000), drive('2025-05-03', 1_609_344)],
      tariff('GB'),
    );
    expect([last?.parts, first?.parts].map((parts) => parts?.map(({ milliCents }) => milliCents))).toEqual([
      [45_000],
      [25_000],
    ]);
  });
});

describe('own rates', () => {
  it('hold from their first day to their last, or until the next begins', () => {
    const rates = [
      own('2026-07-01', 30_000),
      own('2025-01-01', 20_000),
      own('2026-03-01', 25_000, { validTo: '2026-03-31' }),
    ];
    const on = (date: string) => centsOf(drive(date, 100 * KM), tariff('own', { rates }));
    expect(on('2024-12-31')).toBeNull();
    expect(on('2025-01-01')).toBe(20_00);
    expect(on('2026-03-01')).toBe(25_00);
    expect(on('2026-03-31')).toBe(25_00);
    expect(on('2026-04-01')).toBe(20_00);
    expect(on('2026-07-01')).toBe(30_00);
  });

  it('of a car go before those for all, and are counted by themselves', () => {
    const tiers = [{ over: 100, milliCents: 10_000 }];
    const rates = [own('2026-01-01', 20_000, { tiers }), own('2026-01-01', 50_000, { tiers, carId: 'car_1' })];
    const trips = [
      drive('2026-01-05', 100 * KM, { carId: 'car_1' }),
      drive('2026-01-06', 100 * KM, { carId: 'car_2' }),
      drive('2026-01-07', 100 * KM),
      drive('2026-01-08', 100 * KM, { carId: 'car_1' }),
    ];
    const paid = reimbursementOf(trips, tariff('own', { rates }));
    expect(paid.map(({ amountCents }) => amountCents)).toEqual([50_00, 20_00, 10_00, 10_00]);
  });

  it('are rounded half up, once per trip', () => {
    const rates = [own('2026-01-01', 1_000)];
    const on = (metres: number) => centsOf(drive('2026-01-05', metres), tariff('own', { rates }));
    expect([499, 500, 1_499, 1_500].map(on)).toEqual([0, 1, 1, 2]);
  });

  it('of the largest distance and amount are exact', () => {
    const rates = [own('2026-01-01', 100_000_000)];
    expect(centsOf(drive('2026-01-05', 9_999_999_999), tariff('own', { rates }))).toBe(999_999_999_900);
  });
});

describe('tiers', () => {
  const anyTiers = fc
    .uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 3 })
    .map((overs) => overs.toSorted((a, b) => a - b).map((over, i) => ({ over, milliCents: 40_000 - i * 10_000 })));
  const anyTrips = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 20 });
  const per = fc.constantFrom('km' as const, 'mi' as const);

  it('cover every millimetre once, and a longer way never brings less', () => {
    fc.assert(
      fc.property(anyTiers, anyTrips, per, (tiers, metres, unit) => {
        const rates = [own('2026-01-01', 50_000, { tiers, per: unit })];
        const paid = reimbursementOf(
          metres.map((one) => drive('2026-05-01', one)),
          tariff('own', { rates }),
        );
        for (const [i, { parts, amountCents }] of paid.entries()) {
          expect(parts.reduce((sum, { millimetres }) => sum + millimetres, 0)).toBe(metres[i]! * 1_000);
          expect(amountCents).toBeGreaterThanOrEqual(0);
        }
        const rateOrder = paid.flatMap(({ parts }) => parts.map(({ milliCents }) => milliCents));
        expect(rateOrder).toEqual(rateOrder.toSorted((a, b) => b - a));
        const [shorter, longer] = [metres[0]!, metres[0]! + 777].map(
          (one) => reimbursementOf([drive('2026-05-01', one)], tariff('own', { rates }))[0],
        );
        expect(longer!.amountCents).toBeGreaterThanOrEqual(shorter!.amountCents!);
      }),
    );
  });

  it('bring the same in many trips as in one, but for the rounding of each', () => {
    fc.assert(
      fc.property(anyTiers, anyTrips, per, (tiers, metres, unit) => {
        const rates = [own('2026-01-01', 50_000, { tiers, per: unit })];
        const total = (parts: readonly number[]) =>
          reimbursementOf(
            parts.map((one) => drive('2026-05-01', one)),
            tariff('own', { rates }),
          ).reduce((sum, { amountCents }) => sum + amountCents!, 0);
        const whole = total([metres.reduce((sum, one) => sum + one, 0)]);
        expect(Math.abs(total(metres) - whole)).toBeLessThanOrEqual(metres.length);
      }),
    );
  });
});

describe('a tax year', () => {
  it.each<[Scheme, string, string, string]>([
    ['NL', '2026-01-01', '2026', '2026-01-01'],
    ['NL', '2026-12-31', '2026', '2026-01-01'],
    ['US', '2026-04-05', '2026', '2026-01-01'],
    ['own', '2026-04-05', '2026', '2026-01-01'],
    ['GB', '2026-04-05', '2025/26', '2025-04-06'],
    ['GB', '2026-04-06', '2026/27', '2026-04-06'],
    ['GB', '2026-12-31', '2026/27', '2026-04-06'],
    ['GB', '1999-04-06', '1999/00', '1999-04-06'],
  ])('of %s on %s is %s, since %s', (scheme, date, name, first) => {
    expect([taxYearOf(date, scheme), taxYearFrom(date, scheme)]).toEqual([name, first]);
  });
});

describe('the scheme of somebody who chose none', () => {
  it.each([
    ['Europe/Amsterdam', 'NL'],
    ['Europe/London', 'GB'],
    ['America/Chicago', 'US'],
    ['America/Toronto', 'own'],
    ['UTC', 'own'],
    ['constructor', 'own'],
  ])('in %s is %s', (zone, scheme) => {
    expect(schemeIn(zone)).toBe(scheme);
  });
});
