/** A logbook whose reports are known cell by cell: two cars, a trip without one, and all that is hard to write out. */

import type { Car } from '../../../src/domain/cars.ts';
import type { Trip } from '../../../src/domain/trips.ts';
import { JAN } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { openLogbook, type Logbook } from '../resources/logbook.ts';

const MINUTE = 60_000;

export const GOLF: Car = {
  id: 'car_golf',
  name: 'Golf',
  licensePlate: 'AB-12-C',
  vin: null,
  make: 'Volkswagen',
  model: 'Golf',
  availableFrom: '2025-06-01',
  availableTo: null,
  companyCar: false,
  deviceNames: [],
  ignored: false,
  odometerUnit: 'km',
  startOdometerMetres: null,
  connection: null,
  archivedAt: null,
  createdAt: 1,
  updatedAt: 1,
};
export const POLO: Car = {
  ...GOLF,
  id: 'car_polo',
  name: '+Polo',
  licensePlate: null,
  make: null,
  model: null,
  availableFrom: null,
  createdAt: 2,
};

const HOME = { lat: 52.1, lng: 5.1, address: 'Dorpsstraat 1, Łódź', locationId: 'loc_home' };
const OFFICE = { lat: 52.37, lng: 4.89, address: 'Keizersgracht 5, Amsterdam', locationId: null };

function driven(id: string, start: string, minutes: number, parts: Partial<Trip>): Trip {
  const startedAt = Date.parse(start);
  const settled = { needsReview: false, reviewReasons: [], classifiedBy: 'user', createdAt: startedAt };
  return tripOf({ id, startedAt, endedAt: startedAt + minutes * MINUTE, ...settled, ...parts });
}

const golf = { carId: GOLF.id, distanceSource: 'odometer' } as const;

export const TRIPS: readonly Trip[] = [
  driven('t0', '2025-12-31T09:00:00Z', 30, {
    ...golf,
    distanceMetres: 10_000,
    startOdometerMetres: 49_990_000,
    endOdometerMetres: 50_000_000,
  }),
  driven('t1', '2026-01-05T07:00:00Z', 25, {
    ...golf,
    from: HOME,
    to: OFFICE,
    distanceMetres: 12_345,
    startOdometerMetres: 50_000_000,
    endOdometerMetres: 50_012_345,
    purpose: '=SUM(A1)',
    businessPartner: 'ACME & co',
    notes: 'first 🚗\nsecond; "x", y',
  }),
  driven('t2', '2026-01-05T16:00:00Z', 40, {
    ...golf,
    from: OFFICE,
    to: HOME,
    type: 'M',
    distanceMetres: 20_000,
    businessMetres: 15_000,
    startOdometerMetres: 50_012_345,
    endOdometerMetres: 50_032_345,
    purpose: 'ödeme ğ ů ł',
    routeNote: 'via Zutphen',
    detourMetres: 3_000,
  }),
  driven('t3', '2026-02-01T08:00:00Z', 10, {
    ...golf,
    from: HOME,
    to: OFFICE,
    commute: true,
    distanceMetres: 8_000,
    startOdometerMetres: 50_040_000,
    endOdometerMetres: 50_048_000,
  }),
  driven('t4', '2026-02-02T22:50:00Z', 20, {
    carId: POLO.id,
    type: 'P',
    distanceMetres: 5_500,
    distanceSource: 'reconstructed',
    reconstructed: true,
    openedBy: 'user',
  }),
  driven('t5', '2026-02-03T10:00:00Z', 5, {
    from: { lat: 52, lng: -5.5, address: null, locationId: null },
    distanceMetres: 1_000,
    distanceSource: 'straight_line',
    purpose: '-1',
  }),
];

export async function openBook(trips: readonly Trip[] = TRIPS): Promise<Logbook> {
  const logbook = openLogbook();
  await logbook.deps.store.forUser(JAN).transact(function* (tx) {
    for (const car of [GOLF, POLO]) tx.put('car', car.id, car);
    const { lat, lng } = HOME;
    const home = { id: 'loc_home', name: 'Home', kind: 'home', lat, lng, radiusMetres: 150 } as const;
    tx.put('location', 'loc_home', { ...home, createdAt: 1, updatedAt: 1 });
    yield* [];
  });
  await logbook.book(...trips);
  return logbook;
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

export async function report({ app }: Logbook, query: string, user = JAN): Promise<Got> {
  const response = await app.request(`/reports/trips?${query}`, { headers: { 'x-user-email': user } });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}
