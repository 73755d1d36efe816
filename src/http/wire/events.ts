/** An event on the wire: as it came, and as it was read. */

import { z } from '@hono/zod-openapi';
import type { CarReading, PhoneEvent } from '../../domain/events.ts';
import { waitsFor } from '../../domain/reviews.ts';
import type { JournalEntry } from '../../domain/machine/state.ts';
import { isoOf, kmOrNull } from '../../domain/units.ts';
import { instant } from './values.ts';

const ReadWire = z
  .object({
    car_id: z.string().nullable(),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
    accuracy_m: z.number().nullable(),
    speed_kmh: z.number().nullable(),
    odometer_km: z.number().nullable(),
    state: z.enum(['driving', 'parked', 'unknown']).nullable(),
    time_zone: z.string(),
  })
  .openapi('EventAsRead');

export const EventWire = z
  .object({
    id: z.string(),
    type: z.enum(['start', 'end', 'finalize', 'cancel', 'car_reading']),
    at: instant(),
    received_at: instant(),
    device: z.string().nullable(),
    received: z.string().openapi({ description: 'The request as it came, cut to 1,000 characters' }),
    read: ReadWire,
    code: z.string().nullable().openapi({ description: 'What the answer said' }),
    trip_id: z.string().nullable(),
    duplicate: z.boolean(),
    warnings: z.array(z.string()),
    waiting: z.enum(['orphan_end', 'late_event', 'too_old', 'second_end']).nullable(),
  })
  .openapi('Event');

export type EventWire = z.infer<typeof EventWire>;

export function eventToWire(entry: JournalEntry): EventWire {
  const { event, reply } = entry;
  return {
    id: event.id,
    type: event.type,
    at: isoOf(event.at),
    received_at: isoOf(event.receivedAt),
    device: event.type === 'car_reading' ? null : event.car.device,
    received: entry.said,
    read: event.type === 'car_reading' ? carRead(event) : phoneRead(event),
    code: reply?.code ?? null,
    trip_id: reply?.tripId ?? null,
    duplicate: reply?.duplicate ?? false,
    warnings: [...entry.warnings],
    waiting: waitsFor(entry),
  };
}

function phoneRead({ car, fix, timeZone }: PhoneEvent): EventWire['read'] {
  return {
    car_id: car.carId ?? car.tokenCarId,
    lat: fix?.lat ?? null,
    lng: fix?.lng ?? null,
    accuracy_m: fix?.accuracyMetres ?? null,
    speed_kmh: fix?.speedKmh ?? null,
    odometer_km: null,
    state: null,
    time_zone: timeZone,
  };
}

function carRead({ carId, position, odometerMetres, state, timeZone }: CarReading): EventWire['read'] {
  return {
    car_id: carId,
    lat: position?.lat ?? null,
    lng: position?.lng ?? null,
    accuracy_m: null,
    speed_kmh: null,
    odometer_km: kmOrNull(odometerMetres),
    state,
    time_zone: timeZone,
  };
}
