/** What a caller says who cuts a trip in two, or makes several one; and what is answered. */

import { z } from '@hono/zod-openapi';
import type { SplitWish } from '../../actions/split-trips.ts';
import { correctionReason, MOST_TRIP_KM } from './trip-edits.ts';
import { TripWire } from './trips.ts';
import { idIn, instantIn, kmIn, wholeIn } from './values.ts';

const MOST_POINTS = 10_000_000;
const LEAST_MERGED = 2;
const MOST_MERGED = 20;

const ONE_OF_TWO = 'either at or track_point';

export const SplitIn = z
  .strictObject({
    at: instantIn().optional(),
    track_point: wholeIn(0, MOST_POINTS)
      .optional()
      .openapi({ description: 'Which of the coordinates of `GET /trips/{id}/track`, without `simplify`, from 0' }),
    distance_km: kmIn(MOST_TRIP_KM)
      .optional()
      .openapi({ description: 'Of the first part; without it, as the track says, else by time' }),
    correction_reason: correctionReason(),
  })
  .superRefine(({ at, track_point: point }, context) => {
    if ((at === undefined) !== (point === undefined)) return;
    const field = at === undefined ? 'at' : 'track_point';
    context.addIssue({ code: 'custom', path: [field], message: ONE_OF_TWO });
  })
  .openapi('TripSplit');

export const SplitWire = z.object({ trips: z.array(TripWire).length(2) }).openapi('SplitTrip');

export function splitWishOf(said: z.infer<typeof SplitIn>): SplitWish {
  const { at, track_point: point, distance_km: metres, correction_reason: reason } = said;
  const where = at === undefined ? { trackPoint: point ?? 0 } : { at };
  return { point: where, firstMetres: metres ?? null, reason: reason ?? null };
}

const HOW_MANY = `${LEAST_MERGED} … ${MOST_MERGED} ids of trips, each once`;

export const MergeIn = z
  .strictObject({
    ids: z
      .array(idIn(), { error: HOW_MANY })
      .min(LEAST_MERGED, { error: HOW_MANY })
      .max(MOST_MERGED, { error: HOW_MANY })
      .refine((ids) => new Set(ids).size === ids.length, { error: HOW_MANY }),
    correction_reason: correctionReason(),
  })
  .openapi('TripMerge');

export const MergeWire = z.object({ trip: TripWire }).openapi('MergedTrip');
