/** Cars on the wire. Secrets of a connection never come this way. */

import { z } from '@hono/zod-openapi';
import type { CarEdit, ConnectedCar, NewCar } from '../../actions/cars.ts';
import { deviceKey } from '../../domain/cars.ts';
import type { Connection, ConnectionHealth } from '../../domain/connections.ts';
import { booleanIn, dateIn, instant, kmIn, noteIn, oneOf, textIn } from './values.ts';
import { isoOf, isoOrNull, kmOrNull } from '../../domain/units.ts';

export const ConnectionWire = z
  .object({
    provider: z.string(),
    vehicle_id: z.string().nullable(),
    state: z.enum(['ok', 'failing', 'relink_required']),
    last_read_at: instant().nullable(),
    error: z.string().nullable(),
  })
  .openapi('Connection');

export const CarWire = z
  .object({
    id: z.string(),
    name: z.string(),
    license_plate: z.string().nullable(),
    vin: z.string().nullable(),
    make: z.string().nullable(),
    model: z.string().nullable(),
    available_from: z.string().nullable().openapi({ format: 'date' }),
    available_to: z.string().nullable().openapi({ format: 'date' }),
    company_car: z.boolean(),
    device_names: z.array(z.string()),
    ignored: z.boolean(),
    odometer_unit: z.enum(['km', 'mi']),
    start_odometer_km: z.number().nullable(),
    connection: ConnectionWire.nullable(),
    archived_at: instant().nullable(),
    created_at: instant(),
  })
  .openapi('Car');

type ConnectionWire = z.infer<typeof ConnectionWire>;
export type CarWire = z.infer<typeof CarWire>;

const MOST_DEVICES = 20;
const devices = `at most ${MOST_DEVICES} names`;

/** Plates and VINs differ by country and age: only what can be none is refused. */
const fields = {
  name: textIn(100),
  license_plate: noteIn(32),
  vin: noteIn(32),
  make: noteIn(100),
  model: noteIn(100),
  available_from: dateIn().nullable(),
  available_to: dateIn().nullable(),
  company_car: booleanIn(),
  device_names: z
    .array(textIn(64), { error: 'a list of Bluetooth or CarPlay names' })
    .max(MOST_DEVICES, { error: devices })
    .transform(distinct),
  ignored: booleanIn(),
  odometer_unit: oneOf(['km', 'mi']),
  start_odometer_km: kmIn().nullable(),
};

export const CarIn = z.strictObject(fields).partial().required({ name: true }).openapi('NewCar');

export const CarEditIn = z
  .strictObject({
    ...fields,
    archived_at: z.null({ error: 'null, to take the car back into use' }).openapi({ type: 'null' }),
  })
  .partial()
  .openapi('CarEdit');

export function carToWire(car: ConnectedCar): CarWire {
  return {
    id: car.id,
    name: car.name,
    license_plate: car.licensePlate,
    vin: car.vin,
    make: car.make,
    model: car.model,
    available_from: car.availableFrom,
    available_to: car.availableTo,
    company_car: car.companyCar,
    device_names: [...car.deviceNames],
    ignored: car.ignored,
    odometer_unit: car.odometerUnit,
    start_odometer_km: kmOrNull(car.startOdometerMetres),
    connection: car.connection && connectionToWire(car.connection, car.health),
    archived_at: isoOrNull(car.archivedAt),
    created_at: isoOf(car.createdAt),
  };
}

export function connectionToWire(
  { provider, vehicleId }: Connection,
  { state, lastReadAt, error }: ConnectionHealth,
): ConnectionWire {
  return { provider, vehicle_id: vehicleId, state, last_read_at: isoOrNull(lastReadAt), error };
}

export function newCarOf(body: z.infer<typeof CarIn>): NewCar {
  return { ...carEditOf(body), name: body.name };
}

export function carEditOf(body: z.infer<typeof CarEditIn>): CarEdit {
  return {
    name: body.name,
    licensePlate: body.license_plate,
    vin: body.vin,
    make: body.make,
    model: body.model,
    availableFrom: body.available_from,
    availableTo: body.available_to,
    companyCar: body.company_car,
    deviceNames: body.device_names,
    ignored: body.ignored,
    odometerUnit: body.odometer_unit,
    startOdometerMetres: body.start_odometer_km,
    archivedAt: body.archived_at,
  };
}

/** One name is one name, however it is written. */
function distinct(names: readonly string[]): string[] {
  return [...new Map(names.toReversed().map((name) => [deviceKey(name), name])).values()].toReversed();
}
