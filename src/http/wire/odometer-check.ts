/** The chain of each car's odometer on the wire. */

import { z } from '@hono/zod-openapi';
import type { CalibrationDone } from '../../actions/calibration.ts';
import type { Filled } from '../../actions/gap-fill.ts';
import type { CarChain } from '../../actions/odometer-check.ts';
import { isOpen, type ChainMonth, type Gap } from '../../domain/odometer-chain.ts';
import { isoOf, kmOf } from '../../domain/units.ts';
import { DoneWire, doneToWire } from './acts.ts';
import { ReadingWire, readingToWire } from './odometer-readings.ts';
import { correctionReason, TripEditIn } from './trip-edits.ts';
import { tripToWire } from './trips-out.ts';
import { TripWire } from './trips.ts';
import { booleanIn, instant } from './values.ts';

export const GapWire = z
  .object({
    id: z.string(),
    km: z.number().openapi({ description: 'Negative: what lies before and after it overlaps' }),
    logged_km: z.number().openapi({ description: 'Of it, what trips without odometers account for' }),
    from_odometer_km: z.number(),
    to_odometer_km: z.number(),
    from_at: instant(),
    to_at: instant(),
    after_trip_id: z.string().nullable().openapi({ description: 'The trip before the gap' }),
    before_trip_id: z.string().nullable().openapi({ description: 'The trip that follows it' }),
  })
  .openapi('OdometerGap');

const MonthWire = z.object({
  month: z.string().openapi({ example: '2026-03' }),
  driven_km: z.number().openapi({ description: 'By the odometer' }),
  logged_km: z.number().openapi({ description: 'By the logbook' }),
  gap_km: z.number(),
});

const CarWire = z
  .object({
    car_id: z.string(),
    status: z.enum(['ok', 'warning']).openapi({ description: '`warning`: a gap is more than rounding can hide' }),
    readings: z.int(),
    trips: z.int(),
    first_odometer_km: z.number().nullable(),
    last_odometer_km: z.number().nullable(),
    gaps: z.array(GapWire),
    by_month: z.array(MonthWire),
  })
  .openapi('OdometerChain');

export const OdometerCheckWire = z.object({ cars: z.array(CarWire) }).openapi('OdometerCheck');

export function checkToWire(cars: readonly CarChain[]): z.infer<typeof OdometerCheckWire> {
  return { cars: cars.map(carToWire) };
}

/** What its driver knows better; the kilometres are the odometer's. */
export const FillIn = TripEditIn.pick({
  started_at: true,
  ended_at: true,
  from: true,
  to: true,
  trip_type: true,
  business_km: true,
  private_km: true,
  commute: true,
  purpose: true,
  business_partner: true,
  route_note: true,
  detour_km: true,
  notes: true,
})
  .extend({
    confirm: booleanIn().optional().openapi({ description: '`true` books the trip; without, it is only proposed' }),
    correction_reason: correctionReason(),
  })
  .openapi('GapFilling');

export const FilledWire = z
  .object({
    gap: GapWire,
    booked: z.boolean(),
    trip: TripWire.extend({ id: z.string().nullable().openapi({ description: 'null: not booked' }) }),
    activity_id: z.string().nullable().openapi({ description: 'To be undone by' }),
  })
  .openapi('GapFilled');

export function filledToWire({ gap, trip, activityId }: Filled): z.infer<typeof FilledWire> {
  const booked = activityId !== null;
  const shown = { ...tripToWire(trip), id: booked ? trip.id : null };
  return { gap: gapToWire(gap), booked, trip: shown, activity_id: activityId };
}

function carToWire({ carId, chain }: CarChain): z.infer<typeof CarWire> {
  return {
    car_id: carId,
    status: chain.gaps.some(isOpen) ? 'warning' : 'ok',
    readings: chain.readings,
    trips: chain.trips,
    first_odometer_km: chain.firstMetres === null ? null : kmOf(chain.firstMetres),
    last_odometer_km: chain.lastMetres === null ? null : kmOf(chain.lastMetres),
    gaps: chain.gaps.map(gapToWire),
    by_month: chain.byMonth.map(monthToWire),
  };
}

export function gapToWire(gap: Gap): z.infer<typeof GapWire> {
  return {
    id: gap.id,
    km: kmOf(gap.metres),
    logged_km: kmOf(gap.loggedMetres),
    from_odometer_km: kmOf(gap.fromMetres),
    to_odometer_km: kmOf(gap.toMetres),
    from_at: isoOf(gap.fromAt),
    to_at: isoOf(gap.toAt),
    after_trip_id: gap.afterTripId,
    before_trip_id: gap.beforeTripId,
  };
}

function monthToWire({ month, drivenMetres, loggedMetres }: ChainMonth): z.infer<typeof MonthWire> {
  return {
    month,
    driven_km: kmOf(drivenMetres),
    logged_km: kmOf(loggedMetres),
    gap_km: kmOf(drivenMetres - loggedMetres),
  };
}

export const CalibrationWire = DoneWire.extend({
  reading: ReadingWire.nullable().openapi({ description: 'null: it was a trial' }),
}).openapi('Calibration');

export function calibrationToWire(done: CalibrationDone): z.infer<typeof CalibrationWire> {
  return { ...doneToWire(done), reading: done.reading && readingToWire(done.reading) };
}
