/** What settles an entry of the review list, on its way in, and what came of it. */

import { z } from '@hono/zod-openapi';
import type { Decided, Decision } from '../../actions/review-decisions.ts';
import { REVIEW_ACTIONS } from '../../domain/reviews.ts';
import { DoneWire } from './acts.ts';
import { TripEditIn, tripEditOf } from './trip-edits.ts';
import { tripToWire } from './trips-out.ts';
import { TripWire } from './trips.ts';
import { idIn } from './values.ts';

const plain = <A extends string>(action: A) => z.strictObject({ action: z.literal(action) });

/** A trip by somebody's leave: what is left out is worked out. */
const MakeTripIn = TripEditIn.extend({ action: z.literal('make_trip') }).openapi('MakeTrip');
const RentalIn = plain('rental').extend({ car_id: idIn() }).openapi('Rental');

const ACTIONS = REVIEW_ACTIONS.join(', ');

export const DecisionIn = z
  .discriminatedUnion(
    'action',
    [plain('confirm'), plain('dismiss'), plain('passenger'), plain('not_my_car'), RentalIn, MakeTripIn],
    {
      error: ({ code }: { readonly code?: string | undefined }) =>
        code === 'invalid_type' ? `an object with an action: ${ACTIONS}` : `one of ${ACTIONS}`,
    },
  )
  .openapi('ReviewDecision');

export function decisionOf(body: z.infer<typeof DecisionIn>): Decision {
  switch (body.action) {
    case 'make_trip':
      return { action: body.action, edit: tripEditOf(body) };
    case 'rental':
      return { action: body.action, carId: body.car_id };
    default:
      return { action: body.action };
  }
}

export const DecidedWire = z
  .object({
    review_id: z.string(),
    action: z.enum(REVIEW_ACTIONS),
    activity_id: z.string().nullable().openapi({ description: 'To undo it by; null: it was a trial' }),
    trip: TripWire.optional().openapi({ description: 'The trip it was about, or that was made, as it is now' }),
    act: DoneWire.optional().openapi({ description: 'Where it was about many trips' }),
  })
  .openapi('ReviewDecided');

export function decidedToWire(id: string, action: Decision['action'], decided: Decided): z.infer<typeof DecidedWire> {
  const { activityId, trip } = decided;
  return { review_id: id, action, activity_id: activityId, ...(trip && { trip: tripToWire(trip) }) };
}
