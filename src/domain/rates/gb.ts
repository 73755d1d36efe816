/** United Kingdom: approved mileage allowance payments for a car or van. Tax years begin on 6 April. */

import type { BuiltInRate } from './rate.ts';

export const GB: readonly BuiltInRate[] = [
  {
    validFrom: '2011-04-06',
    // The last tax year of which is known that nothing changed.
    validTo: '2027-04-05',
    per: 'mi',
    milliCents: 45_000,
    currency: 'GBP',
    tiers: [{ over: 10_000, milliCents: 25_000 }],
    source:
      'moorepay.co.uk 2025-26, taxfolio.io 2026-01; the 45/25 split confirmed by HM Treasury answer 53255 of 28 May 2025, parallelparliament.co.uk; 45p since April 2011 (parkers.co.uk); a change for 2026/27 was not found',
  },
];
