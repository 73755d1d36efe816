/** Closed months in an export: whoever takes them over takes their chain over, entry by entry. */

import type { ClosedMonth, CorrectionLink } from '../../../domain/month-chain.ts';
import { isMonth } from '../../../domain/calendar.ts';
import type { Trip } from '../../../domain/trips.ts';
import { actor } from './actor-form.ts';
import { byId, id, instant, list, nullable, number, object, objectIn, text, textLike, type Form } from './forms.ts';

const link = { nth: number, previous: nullable(text), head: text };

/** The digests of the chain hold for these very values: they go out and come in as they are stored. */
const asStored: Form<Partial<Trip>> = {
  toWire: (trip) => trip,
  fromWire: (wire, field) => objectIn(wire, field),
};

const correction = object<CorrectionLink>({
  at: instant,
  by: actor,
  reason: text,
  tripId: id,
  before: nullable(asStored),
  after: nullable(asStored),
  digestBefore: nullable(text),
  digestAfter: nullable(text),
  ...link,
});

export const closedMonth = object<ClosedMonth>({
  month: textLike(isMonth, 'a month YYYY-MM'),
  at: instant,
  by: actor,
  trips: byId(text),
  corrections: list(correction),
  ...link,
});
