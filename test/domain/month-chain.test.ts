import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closingOf,
  correctionOf,
  headsOf,
  replay,
  type ChainEnd,
  type ClosedMonth,
} from '../../src/domain/month-chain.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { runs } from '../support/runs.ts';
import { tripOf } from '../support/trips.ts';

const digest = (text: string) => hash('sha256', text);
const BY = { kind: 'open' } as const;
const WHY = { at: 9, by: BY, reason: 'a typing error' };

/** March with two trips, then January with one, then a correction in March. */
function chain() {
  const [a, b, c] = [tripOf({ id: 'a' }), tripOf({ id: 'b', purpose: 'x' }), tripOf({ id: 'c' })];
  const march = closingOf({ month: '2026-03', at: 1, by: BY }, [a, b], null, digest);
  const january = closingOf({ month: '2026-01', at: 2, by: BY }, [c], march, digest);
  const mended = { ...b, purpose: 'y' };
  const correction = correctionOf(WHY, b, mended, january, digest);
  const months: ClosedMonth[] = [january, { ...march, corrections: [correction] }];
  const trips: Record<string, readonly Trip[]> = { '2026-01': [c], '2026-03': [a, mended] };
  const end: ChainEnd = { nth: correction.nth, head: correction.head };
  return { a, b, c, mended, march, january, correction, months, trips, end };
}

function problems({
  months,
  trips,
  end,
}: Pick<ReturnType<typeof chain>, 'months' | 'trips'> & { end: ChainEnd | null }) {
  return replay(months, (month) => trips[month] ?? [], end, digest);
}

describe('the chain of closed months', () => {
  it('holds as long as nothing is altered, in whatever order months were closed', () => {
    expect(problems(chain())).toEqual([]);
    expect(problems({ months: [], trips: {}, end: null })).toEqual([]);
  });

  it('keeps of a correction what was and what is, field by field', () => {
    const { correction } = chain();
    expect(correction).toMatchObject({ nth: 3, tripId: 'b', before: { purpose: 'x' }, after: { purpose: 'y' } });
    expect(Object.keys(correction.before ?? {})).toEqual(['purpose']);
  });

  it('names a trip that was altered, in any field whatever', () => {
    const one = chain();
    const volatile = new Set(['updatedAt', 'locked', 'id']);
    const found = Object.keys(one.a)
      .filter((field) => !volatile.has(field))
      .map((name) => {
        const altered = { ...one.a, [name]: 'other' };
        return { name, problems: problems({ ...one, trips: { ...one.trips, '2026-03': [altered, one.mended] } }) };
      });
    const altered = [{ kind: 'altered_trip', tripId: 'a', month: '2026-03' }];
    expect(found).toEqual(found.map(({ name }) => ({ name, problems: altered })));
  });

  it('does not mind when a trip was last touched, nor the order of its fields', () => {
    const one = chain();
    const turned = Object.fromEntries(Object.entries({ ...one.a, updatedAt: 99 }).toReversed()) as unknown as Trip;
    expect(problems({ ...one, trips: { ...one.trips, '2026-03': [turned, one.mended] } })).toEqual([]);
  });

  it('names a trip that is gone, one that was put in, and a correction taken back unsaid', () => {
    const one = chain();
    const march = (...trips: readonly Trip[]) => problems({ ...one, trips: { ...one.trips, '2026-03': trips } });
    expect(march(one.a)).toEqual([{ kind: 'missing_trip', tripId: 'b', month: '2026-03' }]);
    expect(march(one.a, one.mended, one.c)).toEqual([{ kind: 'added_trip', tripId: 'c', month: '2026-03' }]);
    expect(march(one.a, one.b)).toEqual([{ kind: 'altered_trip', tripId: 'b', month: '2026-03' }]);
  });

  it('knows trips that a correction took out, or put in', () => {
    const one = chain();
    const out = correctionOf(WHY, one.a, null, one.end, digest);
    const put = correctionOf(WHY, null, one.c, out, digest);
    const months = one.months.map((month) =>
      month.month === '2026-03' ? { ...month, corrections: [one.correction, out, put] } : month,
    );
    const trips = { ...one.trips, '2026-03': [one.mended, one.c] };
    expect(problems({ months, trips, end: put })).toEqual([]);
  });

  it('names an entry that was altered, also when the trip was altered with it', () => {
    const one = chain();
    const forged = { ...one.a, distanceMetres: 1 };
    const march = one.months.find(({ month }) => month === '2026-03');
    const again = closingOf({ month: '2026-03', at: 1, by: BY }, [forged, one.b], null, digest);
    const trips = { ...one.trips, '2026-03': [forged, one.mended] };
    const withDigest = one.months.map((month) => (month === march ? { ...march, trips: again.trips } : month));
    expect(problems({ ...one, months: withDigest, trips })).toEqual([
      { kind: 'altered_entry', tripId: null, month: '2026-03' },
    ]);
    const withHead = one.months.map((month) =>
      month === march ? { ...march, trips: again.trips, head: again.head } : month,
    );
    expect(problems({ ...one, months: withHead, trips })).toEqual([
      { kind: 'missing_entry', tripId: null, month: '2026-01' },
    ]);
  });

  it('names a month that is gone, and an end that was cut off', () => {
    const one = chain();
    const [january, march] = one.months as [ClosedMonth, ClosedMonth];
    expect(problems({ ...one, months: [march] })).toContainEqual({
      kind: 'missing_entry',
      tripId: 'b',
      month: '2026-03',
    });
    expect(problems({ ...one, months: [january] }).map(({ kind }) => kind)).toContain('cut_off');
    const uncorrected = { months: [january, one.march], trips: { ...one.trips, '2026-03': [one.a, one.b] } };
    expect(problems({ ...uncorrected, end: one.end })).toEqual([{ kind: 'cut_off', tripId: null, month: null }]);
    expect(problems({ months: [], trips: {}, end: one.end })).toEqual([{ kind: 'cut_off', tripId: null, month: null }]);
  });

  it('knows the head an older report tells of', () => {
    const one = chain();
    expect([...headsOf(one.months)].toSorted()).toEqual(
      [one.march.head, one.january.head, one.correction.head].toSorted(),
    );
  });

  it('finds any single altered value of any entry', () => {
    const one = chain();
    const paths = leaves(one.months);
    fc.assert(
      fc.property(fc.constantFrom(...paths), (path) => {
        expect(problems({ ...one, months: altered(one.months, path) as ClosedMonth[] })).not.toEqual([]);
      }),
      runs(100, 1_000),
    );
  });
});

type Path = readonly (string | number)[];

function leaves(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...at, key]));
}

function altered(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return typeof value === 'number' ? value + 1 : `${String(value)}x`;
  if (Array.isArray(value)) return value.map((part, i) => (String(i) === key ? altered(part, rest) : part));
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.map(([name, part]) => [name, name === key ? altered(part, rest) : part]));
}
