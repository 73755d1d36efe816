import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetOf, usedMetres, viewsOf, type BudgetInput, type Uses } from '../../src/domain/budget.ts';
import { daysLater, daysUntil } from '../../src/domain/calendar.ts';

const KM = 1_000;
type Row = BudgetInput['rows'][number];

function budget(change: Partial<BudgetInput>) {
  const empty = { year: 2026, rows: [], unexplained: [], isKnownBefore: true, availableFrom: null, availableTo: null };
  return budgetOf({ ...empty, today: '2026-06-30', ...change });
}

function row(date: string, km: number, change: Partial<Row> = {}): Row {
  const type = change.type ?? 'P';
  const metres = km * KM;
  return { date, type, commute: false, metres, businessMetres: type === 'B' ? metres : 0, ...change };
}

describe('what is driven', () => {
  it.each<[string, Row, Partial<Uses>]>([
    ['on business', row('2026-03-02', 10, { type: 'B' }), { businessMetres: 10_000 }],
    ['privately', row('2026-03-02', 10), { privateTripMetres: 10_000 }],
    [
      'for both, in its private part',
      row('2026-03-02', 10, { type: 'M', businessMetres: 7_000 }),
      { businessMetres: 7_000, privatePartMetres: 3_000 },
    ],
    ['to work', row('2026-03-02', 10, { type: 'B', commute: true }), { commuteMetres: 10_000 }],
    ['to work, though it was called private', row('2026-03-02', 10, { commute: true }), { commuteMetres: 10_000 }],
    [
      'to work by a private detour',
      row('2026-03-02', 10, { type: 'M', commute: true, businessMetres: 7_000 }),
      { commuteMetres: 7_000, privatePartMetres: 3_000 },
    ],
  ])('%s counts once', (_name, one, uses) => {
    const none = {
      businessMetres: 0,
      commuteMetres: 0,
      privateTripMetres: 0,
      privatePartMetres: 0,
      unexplainedMetres: 0,
    };
    expect(budget({ rows: [one] }).uses).toEqual({ ...none, ...uses });
  });

  it('is the same to both taxes but for commuting', () => {
    const rows = [
      row('2026-01-05', 100, { type: 'B' }),
      row('2026-01-06', 40, { type: 'B', commute: true }),
      row('2026-01-07', 20),
    ];
    const { uses } = budget({ rows, unexplained: [{ date: '2026-02-01', metres: 5_000 }] });
    expect(viewsOf(uses)).toEqual({
      wageTax: { businessMetres: 140_000, privateMetres: 25_000 },
      vat: { businessMetres: 100_000, privateMetres: 65_000, commuteMetres: 40_000 },
    });
  });
});

describe('the limit', () => {
  it.each([
    [500_000, null],
    [500_001, '2026-05-01'],
  ])('of 500 km is passed by more than it: %i m', (metres, crossedOn) => {
    const rows = [row('2026-05-01', 0, { metres: metres - 300_000 }), row('2026-02-01', 300)];
    expect(budget({ rows }).crossedOn).toBe(crossedOn);
  });

  it('is passed by kilometres nobody explains, on the day they became known', () => {
    const rows = [row('2026-02-01', 450)];
    const unexplained = [{ date: '2026-03-15', metres: 60_000 }];
    expect(budget({ rows, unexplained })).toMatchObject({
      crossedOn: '2026-03-15',
      uses: { unexplainedMetres: 60_000 },
    });
  });
});

describe('the forecast', () => {
  it('goes on at the pace of the days so far, and names the day of the crossing', () => {
    const { forecast } = budget({ rows: [row('2026-01-10', 181)], today: '2026-06-30' });
    expect(forecast).toEqual({
      status: 'by_pace',
      privateMetres: 365_000,
      crossesOn: null,
      knownFrom: '2026-01-01',
      knownDays: 181,
    });
    const fast = budget({ rows: [row('2026-01-10', 362)], today: '2026-06-30' }).forecast;
    expect(fast).toMatchObject({ privateMetres: 730_000, crossesOn: daysLater('2026-06-30', 70) });
  });

  it('names no day when the limit is reached but not passed, nor when it was passed', () => {
    const rows = [row('2026-01-10', 250)];
    const half = { rows, availableFrom: '2026-01-01', availableTo: '2026-04-10', today: '2026-02-19' };
    expect(budget(half).forecast).toMatchObject({ privateMetres: 500_000, crossesOn: null, knownDays: 50 });
    expect(budget({ rows: [row('2026-01-10', 600)] }).forecast).toMatchObject({ status: 'by_pace', crossesOn: null });
  });

  it('says nothing of fewer than 28 days, nor of nothing', () => {
    const rows = [row('2026-01-10', 100)];
    const unknown = { status: 'too_little_known', privateMetres: null, crossesOn: null };
    expect(budget({ rows, today: '2026-01-27' }).forecast).toEqual({
      ...unknown,
      knownFrom: '2026-01-01',
      knownDays: 27,
    });
    expect(budget({ rows, today: '2026-01-28' }).forecast.status).toBe('by_pace');
    expect(budget({ rows: [] }).forecast).toEqual({ ...unknown, knownFrom: null, knownDays: 0 });
    expect(budget({ rows: [], today: '2027-06-30' }).forecast).toEqual({ ...unknown, knownFrom: null, knownDays: 0 });
  });

  it.each<[string, Partial<BudgetInput>, string]>([
    ['the year, when the logbook is older', { isKnownBefore: true }, '2026-01-01'],
    ['the first day of a logbook that is younger', { isKnownBefore: false }, '2026-03-10'],
    ['the first day of the car', { isKnownBefore: false, availableFrom: '2026-03-01' }, '2026-03-01'],
    ['the logbook, of a car that is older', { isKnownBefore: false, availableFrom: '2020-03-01' }, '2026-03-10'],
    ['the day it came again', { isKnownBefore: true, availableFrom: '2026-02-01' }, '2026-02-01'],
  ])('reckons from %s', (_name, change, knownFrom) => {
    const { forecast } = budget({ rows: [row('2026-03-10', 100)], ...change });
    expect(forecast).toMatchObject({ knownFrom, knownDays: daysUntil(knownFrom, '2026-06-30') + 1 });
  });

  it('of a time that is over is what was driven', () => {
    const rows = [row('2026-03-10', 100)];
    const final = { status: 'final', privateMetres: 100_000, crossesOn: null };
    expect(budget({ rows, today: '2027-01-01' }).forecast).toMatchObject({ ...final, knownDays: 365 });
    expect(budget({ rows, today: '2026-12-31' }).forecast).toMatchObject({ status: 'by_pace', privateMetres: 100_000 });
    expect(budget({ rows, availableTo: '2026-03-31' }).forecast).toMatchObject({ ...final, knownDays: 90 });
  });
});

describe('the months', () => {
  it('are those that have begun', () => {
    const months = (change: Partial<BudgetInput>) => budget(change).byMonth.map(({ month }) => month);
    expect(months({ today: '2026-03-01' })).toEqual(['2026-01', '2026-02', '2026-03']);
    expect(months({ today: '2027-03-01' })).toHaveLength(12);
    expect(months({ today: '2025-03-01' })).toEqual([]);
  });

  const anyDate = fc.integer({ min: 0, max: 364 }).map((days) => daysLater('2026-01-01', days));
  const anyRow: fc.Arbitrary<Row> = fc
    .record({
      date: anyDate,
      type: fc.constantFrom('B' as const, 'P' as const, 'M' as const),
      commute: fc.boolean(),
      metres: fc.integer({ min: 0, max: 90_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ share, ...one }) => ({
      ...one,
      businessMetres: one.type === 'B' ? one.metres : one.type === 'P' ? 0 : Math.round(one.metres * share),
    }));
  const anyGap = fc.record({ date: anyDate, metres: fc.integer({ min: 1, max: 90_000 }) });

  it('add up to the year, and both views to all that was driven', () => {
    fc.assert(
      fc.property(fc.array(anyRow), fc.array(anyGap, { maxLength: 4 }), anyDate, (rows, unexplained, today) => {
        const { uses, byMonth, crossedOn, forecast } = budget({ rows, unexplained, today });
        const driven = [...rows, ...unexplained].reduce((sum, { metres }) => sum + metres, 0);
        for (const key of Object.keys(uses) as (keyof Uses)[]) {
          expect(byMonth.reduce((sum, month) => sum + month.uses[key], 0)).toBe(uses[key]);
        }
        const { wageTax, vat } = viewsOf(uses);
        expect(wageTax.businessMetres + wageTax.privateMetres).toBe(driven);
        expect(vat.businessMetres + vat.privateMetres).toBe(driven);
        expect(vat.commuteMetres).toBeLessThanOrEqual(vat.privateMetres);
        expect(crossedOn !== null).toBe(usedMetres(uses) > 500_000);
        if (forecast.status === 'by_pace') {
          expect(forecast.privateMetres).toBeGreaterThanOrEqual(usedMetres(uses));
          const crosses = crossedOn === null && (forecast.privateMetres ?? 0) > 500_000;
          expect(forecast.crossesOn !== null).toBe(crosses);
          if (forecast.crossesOn) expect(forecast.crossesOn > today && forecast.crossesOn <= '2026-12-31').toBe(true);
        }
      }),
    );
  });
});
