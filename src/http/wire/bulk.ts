/** What is said to edit many trips at once: which, and what is set in each. */

import { z } from '@hono/zod-openapi';
import type { Meant } from '../../actions/bulk.ts';
import type { BulkEdit } from '../../domain/bulk-edits.ts';
import { PERIOD_IN, periodOf, refusePeriod } from './periods.ts';
import { TripEditIn } from './trip-edits.ts';
import { TRIP_TYPES } from './trips.ts';
import { booleanIn, idIn, oneOf, shareIn, textIn } from './values.ts';

const MOST_IDS = 1_000;
const IDS = `1 … ${MOST_IDS} ids of trips, or a filter instead`;

const FilterIn = z
  .strictObject({
    ...PERIOD_IN,
    car_id: idIn().optional(),
    trip_type: oneOf(TRIP_TYPES).optional(),
    needs_review: booleanIn().optional(),
    q: textIn(100).optional(),
  })
  .superRefine(refusePeriod)
  .openapi('TripFilter', { description: 'As of `GET /trips`; `{}` is every trip' });

const SetIn = TripEditIn.pick({
  trip_type: true,
  purpose: true,
  business_partner: true,
  commute: true,
  notes: true,
  car_id: true,
})
  .extend({ business_share: shareIn().optional().openapi({ description: 'Of mixed trips, with `trip_type` `M`' }) })
  .superRefine((set, context) => {
    if (Object.keys(set).length === 0) context.addIssue({ code: 'custom', message: 'at least one field to set' });
    if (set.business_share === undefined || set.trip_type === 'M') return;
    context.addIssue({ code: 'custom', path: ['business_share'], message: 'only together with trip_type M' });
  })
  .openapi('TripBulkEdit');

export const BulkIn = z
  .strictObject({
    ids: z.array(idIn(), { error: IDS }).min(1, { error: IDS }).max(MOST_IDS, { error: IDS }).optional(),
    filter: FilterIn.optional(),
    set: SetIn,
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
    path: ['ids'],
    error: 'either ids or a filter',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .openapi('TripBulk');

export function meantOf({ ids, filter = {} }: z.infer<typeof BulkIn>): Meant {
  if (ids !== undefined) return { ids };
  return {
    filter: {
      period: periodOf(filter),
      carId: filter.car_id ?? null,
      type: filter.trip_type ?? null,
      needsReview: filter.needs_review ?? null,
      text: filter.q ?? null,
    },
  };
}

export function bulkEditOf({ set }: z.infer<typeof BulkIn>): BulkEdit {
  return {
    carId: set.car_id,
    type: set.trip_type,
    commute: set.commute,
    purpose: set.purpose,
    businessPartner: set.business_partner,
    notes: set.notes,
    businessShare: set.business_share ?? null,
  };
}
