/** A user's own rates in an export. Amounts are reckoned with them in whole numbers, so nothing else is let in. */

import { isDate } from '../../../domain/calendar.ts';
import type { Rates } from '../../../domain/rates.ts';
import type { OwnRate, Tier } from '../../../domain/rates/rate.ts';
import { SCHEMES } from '../../../domain/rates/schemes.ts';
import { id, list, Misfit, nullable, object, oneOf, text, textLike, within, type Form } from './forms.ts';

const date = textLike(isDate, 'a date YYYY-MM-DD');
const currency = textLike((wire) => /^[A-Z]{3}$/.test(wire), 'three letters');

function whole(least: number, most: number): Form<number> {
  const number = within(least, most);
  return {
    ...number,
    fromWire: (wire, field) => {
      const read = number.fromWire(wire, field);
      if (Number.isInteger(read)) return read;
      throw new Misfit(field, 'a whole number');
    },
  };
}

const milliCents = whole(0, 100_000_000);

const rate = object<OwnRate>({
  validFrom: date,
  validTo: nullable(date),
  per: oneOf('km', 'mi'),
  milliCents,
  currency,
  tiers: list(object<Tier>({ over: whole(1, 1_000_000), milliCents })),
  carId: nullable(id),
  name: nullable(text),
});

const anyRates = object<Rates>({ scheme: nullable(oneOf(...SCHEMES)), rates: list(rate) });

export const rates: Form<Rates> = {
  toWire: anyRates.toWire,
  fromWire: (wire, field) => {
    const read = anyRates.fromWire(wire, field);
    for (const [i, one] of read.rates.entries()) {
      if (one.currency !== read.rates[0]?.currency)
        throw new Misfit(`${field}.rates[${i}].currency`, 'that of the first');
      const rises = one.tiers.every(({ over }, nth) => nth === 0 || over > (one.tiers[nth - 1]?.over ?? 0));
      if (!rises) throw new Misfit(`${field}.rates[${i}].tiers`, 'a list that rises');
    }
    return read;
  },
};
