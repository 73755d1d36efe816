/** The scalars of the wire, each with the sentence a caller reads who gets it wrong. */

import { z } from '@hono/zod-openapi';
import { isDate, zoneName } from '../../domain/calendar.ts';
import { isWritable, WRITABLE } from '../../domain/texts.ts';
import { degreesOf, instantOf, metresOf } from '../../domain/units.ts';

/** What a field is on the way out: an instant in UTC, `…Z`. */
export const instant = () => z.string().openapi({ format: 'date-time', example: '2026-03-02T07:45:00.000Z' });

/** On the way in: an instant with its offset, as epoch milliseconds. */
export const instantIn = () =>
  z
    .string({ error: INSTANT })
    .transform((text, context) => read(instantOf(text), context, INSTANT))
    .openapi({ type: 'string', format: 'date-time', example: '2026-03-02T08:45:00+01:00' });

const INSTANT = 'an instant with offset, ISO 8601, like 2026-03-02T08:45:00+01:00';

export const dateIn = () =>
  z.string({ error: DATE }).refine(isDate, { error: DATE }).openapi({ format: 'date', example: '2026-03-02' });

const DATE = 'a date YYYY-MM-DD';

/** A name of the IANA list, as it is written there; a bare offset knows no summer time. */
export const timeZoneIn = () =>
  z
    .string({ error: ZONE })
    .transform((name, context) => read(/^[A-Za-z]/.test(name) ? zoneName(name) : null, context, ZONE))
    .openapi({ type: 'string', example: 'Europe/Amsterdam' });

const ZONE = 'an IANA time zone, like Europe/Amsterdam';

export const MOST_KM = 10_000_000;

/** Kilometres, read to the metre. */
export const kmIn = (mostKm = MOST_KM) => {
  const error = `a number of kilometres, 0 … ${mostKm}`;
  return z
    .number({ error })
    .min(0, { error })
    .max(mostKm, { error })
    .transform((km) => metresOf(km, 'km'))
    .openapi({ type: 'number', minimum: 0, maximum: mostKm });
};

export const latIn = () => degreesIn(90);
export const lngIn = () => degreesIn(180);

function degreesIn(most: number) {
  const error = `a number of degrees, -${most} … ${most}`;
  return z
    .number({ error })
    .min(-most, { error })
    .max(most, { error })
    .transform(degreesOf)
    .openapi({ type: 'number', minimum: -most, maximum: most });
}

/** Trimmed; something must be left. */
export const textIn = (longest: number) => {
  const error = `text of 1 … ${longest} characters`;
  return z
    .string({ error })
    .trim()
    .min(1, { error })
    .max(longest, { error })
    .refine(isWritable, { error: WRITABLE })
    .openapi({ minLength: 1, maxLength: longest });
};

/** Text that may be taken away: `null`, or nothing but space. */
export const noteIn = (longest: number) => {
  const error = `text of at most ${longest} characters, or null`;
  return z
    .string({ error })
    .trim()
    .max(longest, { error })
    .refine(isWritable, { error: WRITABLE })
    .nullable()
    .transform((text) => (text === '' ? null : text))
    .openapi({ type: ['string', 'null'], maxLength: longest });
};

export const booleanIn = () => z.boolean({ error: 'true or false' });

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `one of ${values.join(', ')}` });
}

/** A part of a whole. */
export function shareIn(error = 'a number, 0 … 1') {
  return z.number({ error }).min(0, { error }).max(1, { error });
}

export function wholeIn(least: number, most: number) {
  const error = `a whole number, ${least} … ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

/** What every id of ours looks like; nothing else can name a document. */
export const ID = /^[\w-]{1,100}$/;

/** An id as a caller names it; whether there is one is not asked here. */
export const idIn = () => {
  const error = 'an id: 1 … 100 letters, digits, - or _';
  return z.string({ error }).regex(ID, { error });
};

function read<T>(value: T | null, context: z.RefinementCtx, message: string): T {
  if (value !== null) return value;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
