/** The reports of that logbook for 2026, by hand. A value is a text, or a number or day or time that each file shows in its way. */

import type { Layout } from '../../../src/domain/reports/layouts.ts';

export type Value =
  | string
  | null
  | { readonly day: string }
  | { readonly time: string }
  | { readonly metres: number }
  | { readonly cents: number };

type Lang = 'nl' | 'en';

const day = (date: string) => ({ day: date });
const at = (time: string) => ({ time });
const m = (metres: number) => ({ metres });
const cents = (amount: number) => ({ cents: amount });

const HOME = 'Home, Dorpsstraat 1, Łódź';
const OFFICE = 'Keizersgracht 5, Amsterdam';
const NOTES = 'first 🚗\nsecond; "x", y';
const NOWHERE = '52.00000, -5.50000';

/** What differs between the languages. */
const TEXTS = {
  nl: {
    business: 'zakelijk',
    private: 'privé',
    mixed: 'gemengd',
    commute: 'zakelijk, woon-werk',
    route: 'via Zutphen; omweg 3 km',
    reconstructed: 'gereconstrueerd; eindigt op 03-02-2026',
    estimated: 'afstand geschat',
    rate: '0,23 EUR/km',
    total: 'Totaal',
    of: 'Totaal van',
    noCar: 'Zonder auto',
  },
  en: {
    business: 'business',
    private: 'private',
    mixed: 'mixed',
    commute: 'business, commute',
    route: 'via Zutphen; detour 3 km',
    reconstructed: 'reconstructed; ends on 2026-02-03',
    estimated: 'distance estimated',
    rate: '0.23 EUR/km',
    total: 'Total',
    of: 'Total of',
    noCar: 'Without a car',
  },
} as const;

export const HEADINGS: Readonly<Record<Lang, Readonly<Record<Exclude<Layout, 'plain'>, readonly string[]>>>> = {
  nl: {
    nl: [
      'Auto',
      'Kenteken',
      'Datum',
      'Begin',
      'Einde',
      'Beginstand (km)',
      'Eindstand (km)',
      'Afstand (km)',
      'Van',
      'Naar',
      'Afwijkende route',
      'Karakter',
      'Zakelijk (km)',
      'Privé (km)',
      'Privé-omweg (km)',
      'Doel',
      'Bezocht',
      'Opmerkingen',
      'Let op',
    ],
    fahrtenbuch: [
      'Auto',
      'Kenteken',
      'Datum',
      'Begin',
      'Einde',
      'Beginstand (km)',
      'Eindstand (km)',
      'Afstand (km)',
      'Van',
      'Naar',
      'Afwijkende route',
      'Karakter',
      'Zakelijk (km)',
      'Privé (km)',
      'Doel',
      'Bezocht',
      'Opmerkingen',
      'Vastgelegd',
      'Wijzigingen',
      'Let op',
    ],
    expense: [
      'Datum',
      'Auto',
      'Kenteken',
      'Van',
      'Naar',
      'Doel',
      'Bezocht',
      'Zakelijk (km)',
      'Tarief',
      'Bedrag',
      'Valuta',
      'Bonnen en opmerkingen',
    ],
  },
  en: {
    nl: [
      'Car',
      'Licence plate',
      'Date',
      'Start',
      'End',
      'Odometer start (km)',
      'Odometer end (km)',
      'Distance (km)',
      'From',
      'To',
      'Other route',
      'Character',
      'Business (km)',
      'Private (km)',
      'Private detour (km)',
      'Purpose',
      'Visited',
      'Notes',
      'Remarks',
    ],
    fahrtenbuch: [
      'Car',
      'Licence plate',
      'Date',
      'Start',
      'End',
      'Odometer start (km)',
      'Odometer end (km)',
      'Distance (km)',
      'From',
      'To',
      'Other route',
      'Character',
      'Business (km)',
      'Private (km)',
      'Purpose',
      'Visited',
      'Notes',
      'Recorded',
      'Changes',
      'Remarks',
    ],
    expense: [
      'Date',
      'Car',
      'Licence plate',
      'From',
      'To',
      'Purpose',
      'Visited',
      'Business (km)',
      'Rate',
      'Amount',
      'Currency',
      'Receipts and notes',
    ],
  },
};

/** The rows of the table, totals last. */
export function golden(layout: Exclude<Layout, 'plain'>, lang: Lang): readonly (readonly Value[])[] {
  const text = TEXTS[lang];
  if (layout === 'expense') return expense(text);
  const isNl = layout === 'nl';
  const rest = (detour: Value, purpose: Value, visited: Value, notes: Value, date: string, marks: Value): Value[] =>
    isNl ? [detour, purpose, visited, notes, marks] : [purpose, visited, notes, day(date), null, marks];
  const golf = ['Golf', 'AB-12-C'] as const;
  const sums = (label: string, all: number, business: number, other: number, detour: number): Value[] => {
    const before = Array<Value>(6).fill(null);
    const behind = Array<Value>(isNl ? 4 : 6).fill(null);
    return [
      label,
      ...before,
      m(all),
      null,
      null,
      null,
      null,
      m(business),
      m(other),
      ...(isNl ? [m(detour)] : []),
      ...behind,
    ];
  };
  return [
    [
      ...golf,
      day('2026-01-05'),
      at('08:00'),
      at('08:25'),
      m(50_000_000),
      m(50_012_345),
      m(12_345),
      HOME,
      OFFICE,
      null,
      text.business,
      m(12_345),
      m(0),
      ...rest(null, '=SUM(A1)', 'ACME & co', NOTES, '2026-01-05', null),
    ],
    [
      ...golf,
      day('2026-01-05'),
      at('17:00'),
      at('17:40'),
      m(50_012_345),
      m(50_032_345),
      m(20_000),
      OFFICE,
      HOME,
      text.route,
      text.mixed,
      m(15_000),
      m(5_000),
      ...rest(m(5_000), 'ödeme ğ ů ł', null, null, '2026-01-05', null),
    ],
    [
      ...golf,
      day('2026-02-01'),
      at('09:00'),
      at('09:10'),
      m(50_040_000),
      m(50_048_000),
      m(8_000),
      HOME,
      OFFICE,
      null,
      text.commute,
      m(8_000),
      m(0),
      ...rest(null, null, null, null, '2026-02-01', null),
    ],
    [
      '+Polo',
      null,
      day('2026-02-02'),
      at('23:50'),
      at('00:10'),
      null,
      null,
      m(5_500),
      null,
      null,
      null,
      text.private,
      m(0),
      m(5_500),
      ...rest(null, null, null, null, '2026-02-02', text.reconstructed),
    ],
    [
      null,
      null,
      day('2026-02-03'),
      at('11:00'),
      at('11:05'),
      null,
      null,
      m(1_000),
      NOWHERE,
      null,
      null,
      text.business,
      m(1_000),
      m(0),
      ...rest(null, '-1', null, null, '2026-02-03', text.estimated),
    ],
    sums(`${text.of} Golf`, 40_345, 35_345, 5_000, 5_000),
    sums(`${text.of} +Polo`, 5_500, 0, 5_500, 0),
    sums(`${text.of} ${text.noCar}`, 1_000, 1_000, 0, 0),
    sums(text.total, 46_845, 36_345, 10_500, 5_000),
  ];
}

function expense(text: (typeof TEXTS)[Lang]): readonly (readonly Value[])[] {
  const golf = ['Golf', 'AB-12-C'] as const;
  const paid = (metres: number, amount: number): Value[] => [m(metres), text.rate, cents(amount), 'EUR'];
  return [
    [day('2026-01-05'), ...golf, HOME, OFFICE, '=SUM(A1)', 'ACME & co', ...paid(12_345, 284), NOTES],
    [day('2026-01-05'), ...golf, OFFICE, HOME, 'ödeme ğ ů ł', null, ...paid(15_000, 345), null],
    [day('2026-02-01'), ...golf, HOME, OFFICE, null, null, ...paid(8_000, 184), null],
    [day('2026-02-03'), null, null, NOWHERE, null, '-1', null, ...paid(1_000, 23), null],
    [text.total, null, null, null, null, null, null, m(36_345), null, cents(836), 'EUR', null],
  ];
}
