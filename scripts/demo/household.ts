/** The demo user with two cars and the places that have a name. Safe to repeat: what is there stays. */

import type { Actor } from '../../src/domain/activity.ts';
import { addCar, listCars, type NewCar } from '../../src/actions/cars.ts';
import type { Deps } from '../../src/actions/deps.ts';
import { addLocation, listLocations } from '../../src/actions/locations.ts';
import { changeSettings } from '../../src/actions/settings.ts';
import type { UserStore } from '../../src/seams/store.ts';
import type { CarName } from './drives.ts';
import { PLACES } from './places.ts';

export const DEMO_USER = 'demo@example.com';
export const DEMO_ZONE = 'Europe/Amsterdam';
export const BY_DEMO: Actor = { kind: 'open' };

/** Number plates no car has. */
export const CARS = {
  company: {
    name: 'Golf',
    make: 'Volkswagen',
    model: 'Golf',
    licensePlate: 'DEMO-1',
    companyCar: true,
    deviceNames: ['Golf'],
    startOdometerMetres: 41_230_000,
  },
  family: {
    name: 'Aygo',
    make: 'Toyota',
    model: 'Aygo',
    licensePlate: 'DEMO-2',
    companyCar: false,
    deviceNames: ['Aygo'],
    startOdometerMetres: 88_410_000,
  },
} as const satisfies Record<CarName, NewCar>;

export type Garage = Readonly<Record<CarName, { readonly id: string; readonly deviceName: string }>>;

const ALL = { limit: 200, after: null };

/** Answers which car is which. */
export async function moveIn(deps: Deps, user: UserStore): Promise<Garage> {
  const company = await carOf(deps, user, CARS.company);
  const family = await carOf(deps, user, CARS.family);
  await changeSettings(deps, user, { timeZone: DEMO_ZONE, defaultCarId: company.id }, BY_DEMO);
  await nameLocations(deps, user);
  return { company, family };
}

async function carOf(deps: Deps, user: UserStore, wanted: (typeof CARS)[CarName]) {
  const known = (await listCars(user, false, ALL)).items.find(({ name }) => name === wanted.name);
  const { id } = known ?? (await addCar(deps, user, wanted, BY_DEMO));
  return { id, deviceName: wanted.deviceNames[0] };
}

async function nameLocations(deps: Deps, user: UserStore): Promise<void> {
  const known = new Set((await listLocations(user, ALL)).items.map(({ name }) => name));
  for (const { name, kind, lat, lng } of Object.values(PLACES)) {
    if (name !== null && !known.has(name)) await addLocation(deps, user, { name, kind, lat, lng }, BY_DEMO);
  }
}
