/** What wants a decision, on the wire. Every entry names what it is about and the actions that settle it. */

import { z } from '@hono/zod-openapi';
import { actionsFor, REVIEW_ACTIONS, waitsFor, type Review } from '../../domain/reviews.ts';
import { isoOf } from '../../domain/units.ts';
import { isMissing } from '../../domain/odometer-chain.ts';
import { EventWire, eventToWire } from './events.ts';
import { GapWire, gapToWire } from './odometer-check.ts';
import { ReadingWire, readingToWire } from './odometer-readings.ts';
import { tripToWire } from './trips-out.ts';
import { TripWire } from './trips.ts';
import { instant } from './values.ts';

const KINDS = ['event', 'trip', 'odometer_reading', 'odometer_gap', 'unclassified_trips'] as const;

export const ReviewWire = z
  .object({
    id: z.string(),
    kind: z.enum(KINDS),
    at: instant(),
    reasons: z.array(z.string()),
    actions: z.array(z.enum(REVIEW_ACTIONS)),
    event: EventWire.nullable(),
    trip: TripWire.nullable(),
    odometer_reading: ReadingWire.nullable(),
    gap: GapWire.extend({ car_id: z.string() }).nullable(),
    count: z.int().nullable().openapi({ description: 'Of trips that only lack a class' }),
    link: z.string().nullable().openapi({ description: 'Where to find what it is about' }),
  })
  .openapi('Review');

export type ReviewWire = z.infer<typeof ReviewWire>;

export function reviewToWire(review: Review): ReviewWire {
  const nothing = { event: null, trip: null, odometer_reading: null, gap: null, count: null, link: null };
  return { id: review.id, at: isoOf(review.at), actions: [...actionsFor(review)], ...nothing, ...subject(review) };
}

type Subject = Pick<ReviewWire, 'kind' | 'reasons'> & Partial<ReviewWire>;

function subject(review: Review): Subject {
  switch (review.kind) {
    case 'event':
      return { kind: 'event', reasons: [waitsFor(review.entry) ?? 'late_event'], event: eventToWire(review.entry) };
    case 'trip':
      return { kind: 'trip', reasons: [...review.trip.reviewReasons], trip: tripToWire(review.trip) };
    case 'reading':
      return {
        kind: 'odometer_reading',
        reasons: ['suspicious_reading'],
        odometer_reading: readingToWire(review.reading),
      };
    case 'gap':
      return {
        kind: 'odometer_gap',
        reasons: [isMissing(review.gap) ? 'gap' : 'overlap'],
        gap: { ...gapToWire(review.gap), car_id: review.carId },
        link: `/odometer/compare?car_id=${review.carId}`,
      };
    case 'unclassified':
      return {
        kind: 'unclassified_trips',
        reasons: ['no_rule_matched'],
        count: review.trips,
        link: '/trips?needs_review=true',
      };
  }
}
