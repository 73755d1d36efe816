/** Rates on the wire: amounts of a currency per kilometre or mile, to the thousandth of a hundredth. */

import { z } from '@hono/zod-openapi';
import { MOST_RATES, type KnownRates, type SaidRates } from '../../actions/rates.ts';
import type { Rates } from '../../domain/rates.ts';
import type { OwnRate, Rate } from '../../domain/rates/rate.ts';
import { BUILT_IN, COUNTRIES, SCHEMES, TERMS, type Country } from '../../domain/rates/schemes.ts';
import { dateIn, idIn, noteIn, oneOf, wholeIn } from './values.ts';

const UNITS = ['km', 'mi'] as const;
const MILLICENTS = 100_000;
const MOST_AMOUNT = 1_000;
const MOST_TIERS = 10;

const TierWire = z.object({ over: z.number(), amount: z.number() }).openapi('RateTier');

const rate = {
  valid_from: z.string().openapi({ format: 'date' }),
  valid_to: z.string().nullable().openapi({ format: 'date', description: 'null: until the next one begins' }),
  per: z.enum(UNITS),
  amount: z.number().openapi({ example: 0.23 }),
  currency: z.string().openapi({ example: 'EUR' }),
  tiers: z.array(TierWire).openapi({
    description:
      'What each kilometre or mile brings from so many of a tax year on; a trip that crosses is paid in parts',
  }),
};

const OwnRateWire = z
  .object({
    ...rate,
    car_id: z.string().nullable().openapi({ description: 'null: every car that has no rate of its own' }),
    name: z.string().nullable(),
  })
  .openapi('Rate');

const BuiltInRateWire = z
  .object({ country: z.enum(COUNTRIES), ...rate, source: z.string().openapi({ description: 'Where it was found' }) })
  .openapi('BuiltInRate');

/** What the user chose and wrote down, as the feed tells it. */
export const OwnRatesWire = z
  .object({ scheme: z.enum(SCHEMES).nullable(), rates: z.array(OwnRateWire) })
  .openapi('OwnRates');

export const RatesWire = z
  .object({
    scheme: z.enum(SCHEMES).openapi({ description: 'By which rates trips are reckoned: a country’s, or `own`' }),
    chosen: z.boolean().openapi({ description: 'false: the scheme follows from your time zone' }),
    tax_year_from: z.string().openapi({ description: 'MM-DD', example: '04-06' }),
    pays_commute: z.boolean(),
    pays_company_cars: z.boolean(),
    rates: z.array(OwnRateWire).openapi({ description: 'Your own; they count with the scheme `own`' }),
    built_in: z.array(BuiltInRateWire),
  })
  .openapi('Rates');

export type RatesWire = z.infer<typeof RatesWire>;

export function ratesToWire({ scheme, isChosen, rates }: KnownRates): RatesWire {
  const { taxYearFrom, paysCommute, paysCompanyCars } = TERMS[scheme];
  return {
    scheme,
    chosen: isChosen,
    tax_year_from: taxYearFrom,
    pays_commute: paysCommute,
    pays_company_cars: paysCompanyCars,
    rates: rates.map(ownRateToWire),
    built_in: COUNTRIES.flatMap(builtInToWire),
  };
}

export function ownRatesToWire({ scheme, rates }: Rates): z.infer<typeof OwnRatesWire> {
  return { scheme, rates: rates.map(ownRateToWire) };
}

function ownRateToWire(one: OwnRate): z.infer<typeof OwnRateWire> {
  return { ...rateToWire(one), car_id: one.carId, name: one.name };
}

function builtInToWire(country: Country): z.infer<typeof BuiltInRateWire>[] {
  return BUILT_IN[country].map((one) => ({ country, ...rateToWire(one), source: one.source }));
}

function rateToWire({ validFrom, validTo, per, milliCents, currency, tiers }: Rate) {
  return {
    valid_from: validFrom,
    valid_to: validTo,
    per,
    amount: amountOf(milliCents),
    currency,
    tiers: tiers.map((tier) => ({ over: tier.over, amount: amountOf(tier.milliCents) })),
  };
}

/** Of a currency, for one kilometre or mile. */
export function amountOf(milliCents: number): number {
  return milliCents / MILLICENTS;
}

const AMOUNT = `a number, 0 … ${MOST_AMOUNT}, of at most 5 decimals`;
const CURRENCY = 'a currency by its three letters, like EUR';
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

const amountIn = z
  .number({ error: AMOUNT })
  .min(0, { error: AMOUNT })
  .max(MOST_AMOUNT, { error: AMOUNT })
  .refine((amount) => Math.round(amount * MILLICENTS) / MILLICENTS === amount, { error: AMOUNT })
  .transform((amount) => Math.round(amount * MILLICENTS))
  .openapi({ type: 'number', minimum: 0, maximum: MOST_AMOUNT });

const TierIn = z.strictObject({ over: wholeIn(1, 1_000_000), amount: amountIn });

const TIERS = `a list of at most ${MOST_TIERS}: {over, amount}`;
const TiersIn = z
  .array(TierIn, { error: TIERS })
  .max(MOST_TIERS, { error: TIERS })
  .superRefine((tiers, context) => {
    for (const [i, { over }] of tiers.entries()) {
      const before = tiers[i - 1];
      if (before === undefined || before.over < over) continue;
      context.addIssue({ code: 'custom', path: [i, 'over'], message: `more than that of the tier before it` });
    }
  });

const RateIn = z
  .strictObject({
    valid_from: dateIn(),
    valid_to: dateIn().nullable().optional(),
    per: oneOf(UNITS),
    amount: amountIn,
    currency: z.string({ error: CURRENCY }).refine((name) => CURRENCIES.has(name), { error: CURRENCY }),
    tiers: TiersIn.optional(),
    car_id: idIn().nullable().optional(),
    name: noteIn(100).optional(),
  })
  .superRefine(({ valid_from: from, valid_to: to }, context) => {
    if (typeof to !== 'string' || from <= to) return;
    context.addIssue({ code: 'custom', path: ['valid_to'], message: 'a date that is not before valid_from' });
  })
  .openapi('RateEdit');

const RatesListIn = z
  .array(RateIn, { error: 'a list of rates' })
  .max(MOST_RATES, { error: `at most ${MOST_RATES} rates` })
  .superRefine((rates, context) => {
    for (const [i, one] of rates.entries()) {
      const refuse = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: [i, field], message });
      const currency = rates[0]?.currency;
      if (one.currency !== currency) refuse('currency', `that of the first rate, ${currency}: sums have one currency`);
      if (rates.slice(0, i).some((other) => isFromTheSameDay(one, other))) {
        refuse('valid_from', 'a date from which no rate before it is valid, of that car or of all');
      }
    }
  });

interface Dated {
  readonly valid_from: string;
  readonly car_id?: string | null | undefined;
}

function isFromTheSameDay(one: Dated, other: Dated): boolean {
  return one.valid_from === other.valid_from && (one.car_id ?? null) === (other.car_id ?? null);
}

export const RatesIn = z.strictObject({ scheme: oneOf(SCHEMES), rates: RatesListIn.optional() }).openapi('RatesEdit');

/** `rates` that are left out are none. */
export function saidRatesOf({ scheme, rates = [] }: z.infer<typeof RatesIn>): SaidRates {
  return { scheme, rates: rates.map(ownRateOf) };
}

function ownRateOf(said: z.infer<typeof RateIn>): OwnRate {
  return {
    validFrom: said.valid_from,
    validTo: said.valid_to ?? null,
    per: said.per,
    milliCents: said.amount,
    currency: said.currency,
    tiers: (said.tiers ?? []).map(({ over, amount }) => ({ over, milliCents: amount })),
    carId: said.car_id ?? null,
    name: said.name ?? null,
  };
}
