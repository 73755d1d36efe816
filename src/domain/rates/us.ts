/** United States: the standard rates for a business mile. Each holds for the time it was announced for, and no longer. */

import type { BuiltInRate } from './rate.ts';

const perMile = { per: 'mi', currency: 'USD', tiers: [] } as const;

export const US: readonly BuiltInRate[] = [
  {
    ...perMile,
    validFrom: '2021-01-01',
    validTo: '2021-12-31',
    milliCents: 56_000,
    source: 'performertrack.com',
  },
  {
    ...perMile,
    validFrom: '2022-01-01',
    validTo: '2022-06-30',
    milliCents: 58_500,
    source: 'journeypayroll.com, shawlocal.com',
  },
  {
    ...perMile,
    validFrom: '2022-07-01',
    validTo: '2022-12-31',
    milliCents: 62_500,
    source: 'journeypayroll.com, shawlocal.com',
  },
  {
    ...perMile,
    validFrom: '2023-01-01',
    validTo: '2023-12-31',
    milliCents: 65_500,
    source: 'help.everlance.com; performertrack.com',
  },
  {
    ...perMile,
    validFrom: '2024-01-01',
    validTo: '2024-12-31',
    milliCents: 67_000,
    source: 'kennethathon.com',
  },
  {
    ...perMile,
    validFrom: '2025-01-01',
    validTo: '2025-12-31',
    milliCents: 70_000,
    source: 'nccumc.org citing IR-2024-312',
  },
  {
    ...perMile,
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
    milliCents: 72_500,
    source: 'wicpa.org citing Notice 2026-10; cpapracticeadvisor.com 2025-12-30',
  },
];
