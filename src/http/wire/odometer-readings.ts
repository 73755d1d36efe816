/** Odometer readings on the wire: kilometres, or what the dashboard says with its unit. */

import { z } from '@hono/zod-openapi';
import type { OdometerReading } from '../../domain/odometer-readings.ts';
import { isoOf, kmOf, METRES_PER, metresOf, type DistanceUnit } from '../../domain/units.ts';
import type { SaidReading } from '../../actions/said.ts';
import { idIn, instant, instantIn, latIn, lngIn, MOST_KM, noteIn, oneOf } from './values.ts';

export const ReadingWire = z
  .object({
    id: z.string(),
    car_id: z.string(),
    odometer_km: z.number(),
    at: instant(),
    source: z.string().openapi({ description: '`manual`, `push`, `trip` or a provider' }),
    suspicious: z.boolean(),
    note: z.string().nullable(),
  })
  .openapi('OdometerReading');

export type ReadingWire = z.infer<typeof ReadingWire>;

/** A push that held no odometer value leaves none behind. */
export const PushedWire = z.object({ car_id: z.string(), reading: ReadingWire.nullable() }).openapi('PushedReading');

const kilometres = `a number of kilometres, 0 … ${MOST_KM}`;
const UNITS = ['km', 'mi', 'm'] as const;
const odometer = {
  odometer_km: z.number({ error: kilometres }).min(0, { error: kilometres }).max(MOST_KM, { error: kilometres }),
  odometer: z.number({ error: 'a number, in the unit beside it' }).min(0, { error: 'a number from 0' }),
  unit: oneOf(UNITS),
};
const optional = {
  odometer_km: odometer.odometer_km.optional(),
  odometer: odometer.odometer.optional(),
  unit: odometer.unit.optional(),
  at: instantIn().optional(),
};

interface Odometer {
  readonly odometer_km?: number | undefined;
  readonly odometer?: number | undefined;
  readonly unit?: DistanceUnit | undefined;
}

export const ReadingIn = z
  .strictObject({ car_id: idIn(), ...optional, note: noteIn(500).optional() })
  .superRefine((body, context) => {
    refuseOdometer(body, context);
    if (body.odometer_km === undefined && body.odometer === undefined) refuse(context, 'odometer_km', kilometres);
  })
  .openapi('NewOdometerReading');

export const PushIn = z
  .strictObject({
    ...optional,
    lat: latIn().optional(),
    lng: lngIn().optional(),
    state: oneOf(['driving', 'parked', 'unknown']).optional(),
  })
  .superRefine((body, context) => {
    refuseOdometer(body, context);
    if ((body.lat === undefined) !== (body.lng === undefined)) {
      refuse(context, body.lat === undefined ? 'lat' : 'lng', 'lat and lng belong together');
    }
    const says = [body.odometer_km, body.odometer, body.lat, body.state].some((value) => value !== undefined);
    if (!says) refuse(context, 'odometer_km', `${kilometres}; or a position, or a state`);
  })
  .openapi('CarReading');

export function readingToWire(reading: OdometerReading): ReadingWire {
  return {
    id: reading.id,
    car_id: reading.carId,
    odometer_km: kmOf(reading.odometerMetres),
    at: isoOf(reading.at),
    source: reading.source,
    suspicious: reading.suspicious,
    note: reading.note,
  };
}

export function saidReadingOf(body: z.infer<typeof ReadingIn>): Omit<SaidReading, 'source'> {
  return { ...odometerOf(body), position: null, state: 'unknown', at: body.at ?? null, note: body.note ?? null };
}

export function saidPushOf(body: z.infer<typeof PushIn>): Omit<SaidReading, 'source'> {
  const { lat, lng, state = 'unknown', at = null } = body;
  const position = lat === undefined || lng === undefined ? null : { lat, lng };
  return { ...odometerOf(body), position, state, at, note: null };
}

function odometerOf({ odometer_km, odometer: value = odometer_km, unit = 'km' }: Odometer) {
  if (value === undefined) return { odometerMetres: null, resolutionMetres: METRES_PER.km };
  return { odometerMetres: metresOf(value, unit), resolutionMetres: resolutionOf(value, unit) };
}

/** The coarsest step the value may come from: an odometer that shows whole units is wrong by up to one. */
function resolutionOf(value: number, unit: DistanceUnit): number {
  const steps = unit === 'm' ? [1_000, 100, 1] : [1, 0.1, 0.001];
  const isWhole = (step: number) => Math.abs(value / step - Math.round(value / step)) < 1e-6;
  return Math.max(1, metresOf(steps.find(isWhole) ?? 0, unit));
}

function refuseOdometer({ odometer_km: km, odometer: value, unit }: Odometer, context: z.RefinementCtx): void {
  if (km !== undefined && value !== undefined) refuse(context, 'odometer', 'either this or odometer_km, not both');
  if (value !== undefined && unit === undefined) refuse(context, 'unit', `one of ${UNITS.join(', ')}`);
  if (value === undefined && unit !== undefined) refuse(context, 'unit', 'only together with odometer');
  if (value !== undefined && unit !== undefined && metresOf(value, unit) > MOST_KM * METRES_PER.km) {
    refuse(context, 'odometer', `at most ${MOST_KM} km`);
  }
}

function refuse(context: z.RefinementCtx, field: string, message: string): void {
  context.addIssue({ code: 'custom', path: [field], message });
}
