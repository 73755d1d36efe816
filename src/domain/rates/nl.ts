/** Netherlands: what may be paid untaxed for a kilometre with one's own car. No row for a year: its rate was not found yet. */

import type { BuiltInRate } from './rate.ts';

const perKilometre = { per: 'km', currency: 'EUR', tiers: [] } as const;

export const NL: readonly BuiltInRate[] = [
  {
    ...perKilometre,
    validFrom: '2006-01-01',
    validTo: '2022-12-31',
    milliCents: 19_000,
    source: 'autoblog.nl 2022-05, bnnvara.nl 2022-05',
  },
  {
    ...perKilometre,
    validFrom: '2023-01-01',
    validTo: '2023-12-31',
    milliCents: 21_000,
    source: 'vdmeeren.nl, bnnvara.nl',
  },
  {
    ...perKilometre,
    validFrom: '2024-01-01',
    validTo: '2024-12-31',
    milliCents: 23_000,
    source:
      'vanpasse.nl table, autoweek.nl, bnnvara.nl (0.22 was the September 2022 plan for 2024: autoblog.nl 2022-09; never the final figure)',
  },
  {
    ...perKilometre,
    validFrom: '2025-01-01',
    validTo: '2025-12-31',
    milliCents: 23_000,
    source: 'vanpasse.nl; security.nl quoting the Handboek Loonheffingen',
  },
  {
    ...perKilometre,
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
    milliCents: 23_000,
    source: 'vanpasse.nl — one source only',
  },
];
