/**
 * A report as whoever writes it out is given it: a head, then parts in their order. Cells hold values, facts are texts
 * in the language of the report; nothing here knows what a file looks like.
 */

import type { Car } from '../cars.ts';
import type { Period } from '../periods.ts';
import type { OdometerAt } from './car-facts.ts';
import { columnOf, wireName, type Cell, type ColumnKey, type ColumnKind } from './columns.ts';
import type { Entry } from './entries.ts';
import { TRAITS_OF, type Layout } from './layouts.ts';
import { dateText, fixedText, lengthText } from './numbers.ts';
import type { Totals } from './totals.ts';
import { isHeaded, type ReportLanguage } from './words.ts';

export interface Fact {
  readonly label: string;
  readonly text: string;
}

export interface Heading {
  readonly key: ColumnKey;
  readonly text: string;
  readonly kind: ColumnKind;
  readonly width: number;
}

export interface ReportHead {
  readonly layout: Layout;
  readonly language: ReportLanguage;
  readonly title: string;
  /** When it was made. */
  readonly at: number;
  readonly facts: readonly Fact[];
  readonly columns: readonly Heading[];
}

export type Part =
  /** A car, or what was driven without one. */
  | { readonly part: 'section'; readonly title: string; readonly facts: readonly Fact[] }
  /** In the order of the columns. */
  | { readonly part: 'row'; readonly cells: readonly Cell[] }
  /** In the order of the columns; the first cell names it. */
  | { readonly part: 'totals'; readonly cells: readonly Cell[]; readonly facts: readonly Fact[] }
  | { readonly part: 'notes'; readonly title: string | null; readonly lines: readonly string[] };

/** `isPaper`: for people alone; files of data name some of their columns as the API does. */
export function headingsOf(layout: Layout, isPaper: boolean, language: ReportLanguage): readonly Heading[] {
  const { columns, paper, isData } = TRAITS_OF[layout];
  return (isPaper ? paper : columns).map((key) => {
    const { kind, width } = columnOf(key);
    const text = isData && !isPaper ? wireName(key, language.unit) : headingText(key, kind, language);
    return { key, text, kind, width };
  });
}

function headingText(key: ColumnKey, kind: ColumnKind, { words, unit }: ReportLanguage): string {
  const heading = isHeaded(key) ? words.headings[key] : key;
  return kind === 'distance' ? `${heading} (${unit})` : heading;
}

export function rowOf(entry: Entry, columns: readonly Heading[], language: ReportLanguage): Part {
  return { part: 'row', cells: columns.map(({ key }) => columnOf(key).of(entry, language)) };
}

const SUMMED: Readonly<Partial<Record<ColumnKey, (totals: Totals) => number | null>>> = {
  distance: ({ metres }) => metres,
  business: ({ businessMetres }) => businessMetres,
  private: (totals) => totals.privateMetres,
  private_detour: (totals) => totals.privateDetourMetres,
  amount: ({ amounts }) => onlyOf(Object.values(amounts)),
};

export function totalsOf(
  label: string,
  totals: Totals,
  { layout, columns, language }: Pick<ReportHead, 'layout' | 'columns' | 'language'>,
): Part {
  const [, ...others] = columns;
  const currencies = Object.keys(totals.amounts);
  const cells = others.map(({ key }): Cell => {
    if (key === 'currency') return onlyOf(currencies);
    return SUMMED[key]?.(totals) ?? null;
  });
  return { part: 'totals', cells: [label, ...cells], facts: totalFacts(totals, layout, language) };
}

function totalFacts(totals: Totals, layout: Layout, language: ReportLanguage): Fact[] {
  const { words } = language;
  const length = (label: string, metres: number): Fact => ({ label, text: lengthText(metres, language) });
  const counted = { label: words.trips, text: String(totals.trips) };
  const business = length(words.businessTotal, totals.businessMetres);
  if (TRAITS_OF[layout].hasAmounts) return [counted, business, ...amountFacts(totals, language)];
  const facts = [counted, business, length(words.privateTotal, totals.privateMetres)];
  if (totals.privateDetourMetres > 0) facts.push(length(words.privateDetourTotal, totals.privateDetourMetres));
  facts.push(length(words.commuteTotal, totals.commuteMetres));
  if (!TRAITS_OF[layout].byCar) return facts;
  const all = totals.privateMetres + totals.unexplainedMetres;
  return [...facts, length(words.unexplained, totals.unexplainedMetres), length(words.privateWithUnexplained, all)];
}

/** Amounts of different currencies are never added up. */
function amountFacts({ amounts, unratedMetres, unpaidMetres }: Totals, language: ReportLanguage): Fact[] {
  const { words } = language;
  const paid = Object.entries(amounts).map(([currency, cents]) => ({
    label: words.amount,
    text: `${fixedText(cents / 100, 2, language)} ${currency}`,
  }));
  const without = [
    { label: words.unrated, metres: unratedMetres },
    { label: words.unpaid, metres: unpaidMetres },
  ].filter(({ metres }) => metres > 0);
  return [...paid, ...without.map(({ label, metres }) => ({ label, text: lengthText(metres, language) }))];
}

export function carFacts(car: Car, odometers: readonly OdometerAt[], language: ReportLanguage): Fact[] {
  const { words } = language;
  const make = [car.make, car.model].filter((part) => part !== null && part !== '').join(' ');
  return [
    { label: words.makeAndModel, text: make || words.unknown },
    { label: words.licensePlate, text: car.licensePlate ?? words.unknown },
    { label: words.available, text: availableText(car, language) },
    ...odometers.map((odometer) => ({
      label: `${words.odometerOn} ${dateText(odometer.date, language)}`,
      text: odometerText(odometer, language),
    })),
  ];
}

function availableText({ availableFrom: from, availableTo: to }: Car, language: ReportLanguage): string {
  return from === null && to === null ? language.words.notStated : periodText({ from, to }, language);
}

function odometerText({ metres, knownOn }: OdometerAt, language: ReportLanguage): string {
  const { words } = language;
  if (metres === null) return words.unknown;
  const known = knownOn === null ? '' : ` (${words.knownOn} ${dateText(knownOn, language)})`;
  return lengthText(metres, language) + known;
}

export function periodText({ from, to }: Period, language: ReportLanguage): string {
  const { words } = language;
  const since = from === null ? '' : `${words.from} ${dateText(from, language)}`;
  const until = to === null ? '' : `${words.until} ${dateText(to, language)}`;
  return `${since} ${until}`.trim() || words.everything;
}

function onlyOf<T>(values: readonly T[]): T | null {
  const [first, ...more] = values;
  return first !== undefined && more.length === 0 ? first : null;
}
