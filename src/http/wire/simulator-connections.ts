/** A simulated car as it is connected: what it does is all in its settings. */

import { z } from '@hono/zod-openapi';
import { SIMULATED_FAULTS, type SimulatorSettings } from '../../domain/connections.ts';
import { booleanIn, instantIn, kmIn, latIn, lngIn, oneOf, wholeIn } from './values.ts';

const MOST_DRIVES = 500;
const MOST_KM = 1_000_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

const drives = `a list of at most ${MOST_DRIVES} drives`;
const step = 'a number of kilometres, 0.001 … 1000';
const share = 'a number, 0 … 1';

const placeIn = () => z.strictObject({ lat: latIn(), lng: lngIn() }, { error: 'an object of lat and lng' });

const DriveIn = z.strictObject(
  {
    starts_at: instantIn(),
    duration_min: wholeIn(1, 24 * 60),
    distance_km: kmIn(5_000),
    to: placeIn(),
  },
  { error: 'an object of starts_at, duration_min, distance_km and to' },
);

type Drives = readonly z.infer<typeof DriveIn>[];

export const SimulatorIn = z
  .strictObject({
    provider: z.literal('simulator'),
    odometer_km: kmIn(MOST_KM),
    parked_at: placeIn().openapi({ description: 'Where it stands before its first drive' }),
    drives: z
      .array(DriveIn, { error: drives })
      .max(MOST_DRIVES, { error: drives })
      .superRefine(refuseOverlaps)
      .default([])
      .openapi({ description: 'In their order, none before the end of the one before' }),
    resolution_km: kmIn(1_000)
      .refine((metres) => metres >= 1, { error: step })
      .default(1_000)
      .openapi({ type: 'number', minimum: 0.001, maximum: 1_000, default: 1, description: 'The step of its odometer' }),
    lag_s: wholeIn(0, 3_600).default(0).openapi({ description: 'How far what it says is behind' }),
    sleeps_after_min: wholeIn(1, 7 * 24 * 60)
      .nullable()
      .default(null)
      .openapi({ description: 'After standing so long it does not answer; `null`: it never sleeps' }),
    fault: oneOf(SIMULATED_FAULTS).default('none'),
    fault_share: z
      .number({ error: share })
      .min(0, { error: share })
      .max(1, { error: share })
      .optional()
      .openapi({ description: 'How much of its answers the fault spoils, 1 if left out' }),
    observes: booleanIn().default(true).openapi({ description: 'Whether it says when it knew what it says' }),
    answers_after_ms: wholeIn(0, 60_000).default(0).openapi({ description: 'How long an answer takes' }),
  })
  .openapi('SimulatorConnection')
  .transform((said): SimulatorSettings => ({
    provider: 'simulator',
    odometerMetres: said.odometer_km,
    parkedAt: said.parked_at,
    drives: said.drives.map((drive) => ({
      startsAt: drive.starts_at,
      durationMs: drive.duration_min * MINUTE_MS,
      distanceMetres: drive.distance_km,
      to: drive.to,
    })),
    resolutionMetres: said.resolution_km,
    lagMs: said.lag_s * SECOND_MS,
    sleepsAfterMs: said.sleeps_after_min === null ? null : said.sleeps_after_min * MINUTE_MS,
    fault: said.fault,
    faultShare: said.fault_share ?? (said.fault === 'none' ? 0 : 1),
    observes: said.observes,
    answersAfterMs: said.answers_after_ms,
  }));

function refuseOverlaps(drives: Drives, context: z.RefinementCtx): void {
  for (const [i, drive] of drives.entries()) {
    const before = drives[i - 1];
    if (before === undefined || drive.starts_at >= before.starts_at + before.duration_min * MINUTE_MS) continue;
    const message = 'not before the end of the drive before it';
    context.addIssue({ code: 'custom', path: [i, 'starts_at'], message });
  }
}
