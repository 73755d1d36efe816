/**
 * What business kilometres bring, by dated rates. Whole numbers throughout; a trip is rounded once, half up, to the
 * hundredth, so that the amounts of parts add up to that of the whole. Where there is no rate there is no amount.
 */

import type { OwnRate, Rate } from './rates/rate.ts';
import { BUILT_IN, taxYearOf, TERMS, type Scheme } from './rates/schemes.ts';

/** What the user chose and wrote down. `null`: no scheme was chosen. */
export interface Rates {
  readonly scheme: Scheme | null;
  readonly rates: readonly OwnRate[];
}

export const NO_RATES: Rates = { scheme: null, rates: [] };

/** What amounts are reckoned with. */
export interface Tariff {
  readonly scheme: Scheme;
  readonly rates: readonly OwnRate[];
  /** Cars an employer pays for. */
  readonly companyCars: ReadonlySet<string>;
}

/** A trip, or several of one day and kind. */
export interface Payable {
  /** Local, of the start. */
  readonly date: string;
  readonly carId: string | null;
  readonly businessMetres: number;
  readonly commute: boolean;
}

export interface RatedPart {
  readonly millimetres: number;
  readonly milliCents: number;
}

export interface Reimbursement {
  /** `null`: nothing of it is paid for, or there is no rate. */
  readonly amountCents: number | null;
  readonly rate: Rate | null;
  /** Two or more where a tier is crossed on the way. */
  readonly parts: readonly RatedPart[];
  /** What is to be paid for, but has no rate. */
  readonly unratedMetres: number;
}

const NOTHING_TO_PAY: Reimbursement = { amountCents: null, rate: null, parts: [], unratedMetres: 0 };

/** Exact by definition, in millimetres. */
const MM_PER = { km: 1_000_000, mi: 1_609_344 } as const;
const MM_PER_METRE = 1_000;
const MILLICENTS_PER_CENT = 1_000n;

/**
 * Reckons trips one after the other. They must come in their order and from the first of a tax year on, where a rate
 * has tiers: what was driven before decides what the next one brings. A car with rates of its own is counted by itself.
 */
export class Reckoner {
  readonly #tariff: Tariff;
  readonly #drivenMm = new Map<string, number>();

  constructor(tariff: Tariff) {
    this.#tariff = tariff;
  }

  next(trip: Payable): Reimbursement {
    const metres = payableMetres(trip, this.#tariff);
    if (metres === 0) return NOTHING_TO_PAY;
    const { rate, carId } = rateFor(trip, this.#tariff);
    const drivenMm = this.#count(`${taxYearOf(trip.date, this.#tariff.scheme)}|${carId ?? ''}`, metres * MM_PER_METRE);
    if (rate === null) return { ...NOTHING_TO_PAY, unratedMetres: metres };
    const parts = partsOf(rate, drivenMm, drivenMm + metres * MM_PER_METRE);
    return { amountCents: centsOf(parts, rate.per), rate, parts, unratedMetres: 0 };
  }

  /** Answers how much there was before. */
  #count(counter: string, mm: number): number {
    const before = this.#drivenMm.get(counter) ?? 0;
    this.#drivenMm.set(counter, before + mm);
    return before;
  }
}

/** All of them in their order, from the first of a tax year on. */
export function reimbursementOf(trips: readonly Payable[], tariff: Tariff): readonly Reimbursement[] {
  const reckoner = new Reckoner(tariff);
  return trips.map((trip) => reckoner.next(trip));
}

/** Whether what was driven earlier in the tax year decides what a trip brings. */
export function hasTiers({ scheme, rates }: Pick<Tariff, 'scheme' | 'rates'>): boolean {
  const known: readonly Rate[] = scheme === 'own' ? rates : BUILT_IN[scheme];
  return known.some(({ tiers }) => tiers.length > 0);
}

/** What all amounts are in; `null`: no rate is known. */
export function currencyOf({ scheme, rates }: Pick<Tariff, 'scheme' | 'rates'>): string | null {
  const [first]: readonly Rate[] = scheme === 'own' ? rates : BUILT_IN[scheme];
  return first?.currency ?? null;
}

function payableMetres({ carId, businessMetres, commute }: Payable, { scheme, companyCars }: Tariff): number {
  const { paysCommute, paysCompanyCars } = TERMS[scheme];
  if (commute && !paysCommute) return 0;
  if (carId !== null && companyCars.has(carId) && !paysCompanyCars) return 0;
  return businessMetres;
}

interface Found {
  readonly rate: Rate | null;
  /** Whose rate it is: a single car's, or everybody's. */
  readonly carId: string | null;
}

/** A car's own rate before one for all; of several, the one that began last. */
function rateFor({ date, carId }: Payable, { scheme, rates }: Tariff): Found {
  if (scheme !== 'own') return { rate: latestOf(BUILT_IN[scheme], date), carId: null };
  const ofCar = latestOf(carId === null ? [] : rates.filter((rate) => rate.carId === carId), date);
  if (ofCar !== null) return { rate: ofCar, carId };
  const ofAll = rates.filter((rate) => rate.carId === null);
  return { rate: latestOf(ofAll, date), carId: null };
}

function latestOf(rates: readonly Rate[], date: string): Rate | null {
  const valid = rates.filter(({ validFrom, validTo }) => validFrom <= date && (validTo === null || date <= validTo));
  return valid.reduce<Rate | null>((last, rate) => (last && last.validFrom > rate.validFrom ? last : rate), null);
}

/** What lies between two counts of millimetres, cut where a tier begins. */
function partsOf({ per, milliCents, tiers }: Rate, fromMm: number, toMm: number): RatedPart[] {
  const steps = [{ over: 0, milliCents }, ...tiers];
  return steps.flatMap((step, i) => {
    const next = steps[i + 1];
    const startMm = Math.max(fromMm, step.over * MM_PER[per]);
    const endMm = next ? Math.min(toMm, next.over * MM_PER[per]) : toMm;
    return endMm > startMm ? [{ millimetres: endMm - startMm, milliCents: step.milliCents }] : [];
  });
}

/** Rounded once, half up. */
function centsOf(parts: readonly RatedPart[], per: Rate['per']): number {
  const exact = parts.reduce((sum, part) => sum + BigInt(part.millimetres) * BigInt(part.milliCents), 0n);
  const whole = BigInt(MM_PER[per]) * MILLICENTS_PER_CENT;
  return Number((2n * exact + whole) / (2n * whole));
}
