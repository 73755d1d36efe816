/** Stores to measure on: users with a token and an open trip, and users with many trips. */

import type { Deps } from '../../src/actions/deps.ts';
import { createToken } from '../../src/actions/tokens.ts';
import { addUser } from '../../src/actions/users.ts';
import { recordEvent } from '../../src/actions/track.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemIds } from '../../src/adapters/system/ids.ts';
import { openVault } from '../../src/adapters/system/vault.ts';
import { localDate, localMonth } from '../../src/domain/calendar.ts';
import type { Car } from '../../src/domain/cars.ts';
import { KEY_BYTES } from '../../src/domain/secrets.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { addRow, rowOf, type MonthRows } from '../../src/domain/stats.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { providers } from '../../src/providers.ts';
import { NO_SERVICES } from '../../src/seams/services.ts';
import type { Store } from '../../src/seams/store.ts';
import { onTheRoad, saidEvent } from './phone.ts';

const HOUR_MS = 3_600_000;

export interface Seeded {
  readonly tokens: readonly string[];
  /** When the trips of all users began. */
  readonly startedAt: number;
}

export function depsOn(store: Store): Deps {
  return {
    store,
    clock: systemClock,
    ids: systemIds(systemClock),
    log: { write: () => undefined },
    vault: openVault([new Uint8Array(KEY_BYTES)]),
    providers,
    services: NO_SERVICES,
    newUser: defaultSettings('Europe/Amsterdam', 'en'),
    unknownUsers: 'create',
  };
}

/** Users that drive: each has a token and a trip that began three days ago. */
export async function seedDrivers(path: string, users: number): Promise<Seeded> {
  const deps = depsOn(openSqliteStore({ path }));
  const startedAt = Date.now() - 71 * HOUR_MS;
  const tokens: string[] = [];
  for (let i = 0; i < users; i += 1) {
    const email = `driver${i}@example.com`;
    await addUser(deps, email);
    const { secret } = await createToken(deps, {
      owner: email,
      label: 'bench',
      scopes: ['events', 'read'],
      carId: null,
      expiresAt: null,
    });
    tokens.push(secret);
    await recordEvent(deps, deps.store.forUser(email), saidEvent('start', startedAt, onTheRoad(0)));
  }
  await deps.store.close();
  return { tokens, startedAt };
}

/** A user with so many trips spread over three years, a token, and the months that belong to them. `told`: what else a trip says. */
export async function seedLogbook(
  path: string,
  trips: number,
  told: (nth: number) => Partial<Trip> = () => ({}),
  cars: readonly Car[] = [],
): Promise<string> {
  const deps = depsOn(openSqliteStore({ path }));
  const email = `logbook${trips}@example.com`;
  await addUser(deps, email);
  const wish = { owner: email, label: 'bench', scopes: ['read'] as const, carId: null, expiresAt: null };
  const { secret } = await createToken(deps, wish);
  const months = new Map<string, MonthRows>();
  const user = deps.store.forUser(email);
  const newest = Date.now() - HOUR_MS;
  for (let from = 0; from < trips; from += TRIPS_AT_ONCE) {
    await user.transact(function* (tx) {
      for (let i = from; i < Math.min(trips, from + TRIPS_AT_ONCE); i += 1) {
        const trip = { ...tripNumber(i, newest - Math.round((i * SPREAD_MS) / trips)), ...told(i) };
        tx.put('trip', trip.id, trip);
        const month = localMonth(trip.startedAt, trip.timeZone);
        const row = rowOf(trip, localDate(trip.startedAt, trip.timeZone));
        months.set(month, addRow(months.get(month) ?? { month, rows: {} }, row));
      }
    });
  }
  await user.transact(function* (tx) {
    for (const [month, rows] of months) tx.put('month', month, rows);
    for (const car of cars) tx.put('car', car.id, car);
  });
  await deps.store.close();
  return secret;
}

const TRIPS_AT_ONCE = 1_000;
const SPREAD_MS = 3 * 365 * 24 * HOUR_MS;

function tripNumber(i: number, startedAt: number): Trip {
  const metres = 1_000 + (i % 400) * 100;
  const place = { lat: 52.1, lng: 5.1, address: null, locationId: null };
  return {
    id: `trip_${String(i).padStart(20, '0')}`,
    carId: null,
    startedAt,
    endedAt: startedAt + HOUR_MS / 2,
    endedAtEstimated: false,
    timeZone: 'Europe/Amsterdam',
    from: place,
    to: place,
    stops: [],
    distanceMetres: metres,
    distanceSource: 'gps',
    startOdometerMetres: null,
    endOdometerMetres: null,
    startOdometerEstimated: false,
    odometerPending: false,
    gpsDistanceMetres: metres,
    routeDistanceMetres: null,
    type: i % 5 === 0 ? 'P' : 'B',
    businessMetres: i % 5 === 0 ? 0 : metres,
    commute: false,
    classifiedBy: 'user',
    needsReview: false,
    reviewReasons: [],
    purpose: null,
    businessPartner: null,
    routeNote: null,
    detourMetres: null,
    notes: null,
    openedBy: 'phone',
    closedBy: 'phone',
    reconstructed: false,
    locked: false,
    setByUser: [],
    createdAt: startedAt,
    updatedAt: startedAt,
  };
}
