/** What a rate is. Amounts are whole thousandths of a hundredth of a currency, so that nothing is lost before it is rounded. */

/** From this many kilometres or miles of a tax year on, each further one brings this much. */
export interface Tier {
  readonly over: number;
  readonly milliCents: number;
}

export interface Rate {
  /** Local dates `YYYY-MM-DD`, inclusive. */
  readonly validFrom: string;
  /** `null`: until the next one begins. */
  readonly validTo: string | null;
  readonly per: 'km' | 'mi';
  /** For each kilometre or mile. */
  readonly milliCents: number;
  /** ISO 4217. */
  readonly currency: string;
  /** Rising. */
  readonly tiers: readonly Tier[];
}

export interface OwnRate extends Rate {
  /** `null`: for every car that has none of its own. */
  readonly carId: string | null;
  readonly name: string | null;
}

/** One of a country's, and where it was found. */
export interface BuiltInRate extends Rate {
  readonly source: string;
}
