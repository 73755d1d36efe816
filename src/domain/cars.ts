/** A user's cars, and which of them an event means (trip rule 6). */

import type { Connection } from './connections.ts';

export interface Car {
  readonly id: string;
  readonly name: string;
  readonly licensePlate: string | null;
  readonly vin: string | null;
  readonly make: string | null;
  readonly model: string | null;
  /** Local dates `YYYY-MM-DD`, inclusive. */
  readonly availableFrom: string | null;
  readonly availableTo: string | null;
  readonly companyCar: boolean;
  /** Bluetooth or CarPlay names that mean this car. */
  readonly deviceNames: readonly string[];
  /** Trips with an ignored car are not the user's business (a friend's car). */
  readonly ignored: boolean;
  readonly odometerUnit: 'km' | 'mi';
  readonly startOdometerMetres: number | null;
  readonly connection: Connection | null;
  readonly archivedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What the trip machine needs of a car; one copy lies in the user's document. */
export interface CarFacts {
  readonly id: string;
  readonly deviceNames: readonly string[];
  /** How often its provider may be asked; `null`: it cannot be asked at all. */
  readonly pollIntervalMs: number | null;
  /** Its drives are not the user's business. */
  readonly ignored: boolean;
}

/** `foreign`: a device name bound to none while some car has bound names: somebody else's car. */
export type CarEvidence = 'request' | 'device' | 'token' | 'foreign' | 'only_car' | 'seen' | 'default' | 'none';

export interface CarChoice {
  readonly carId: string | null;
  readonly by: CarEvidence;
  /** The device name as sent; an unbound one is a car of its own when two events are compared. */
  readonly device: string | null;
}

export interface CarClaim {
  readonly carId: string | null;
  readonly device: string | null;
  readonly tokenCarId: string | null;
}

/** Device names are typed by people and read from radios: case, width and outer space do not count. */
export function deviceKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

export function carOf(claim: CarClaim, cars: readonly CarFacts[]): CarChoice {
  const device = claim.device === null ? null : deviceKey(claim.device);
  const own = (id: string | null) => id !== null && cars.some((car) => car.id === id);
  if (own(claim.carId)) return { carId: claim.carId, by: 'request', device };
  if (device !== null) {
    const bound = cars.find((car) => car.deviceNames.some((name) => deviceKey(name) === device));
    if (bound) return { carId: bound.id, by: 'device', device };
  }
  if (own(claim.tokenCarId)) return { carId: claim.tokenCarId, by: 'token', device };
  if (device !== null && cars.some((car) => car.deviceNames.length > 0)) {
    return { carId: null, by: 'foreign', device };
  }
  const [only, second] = cars;
  if (only && !second) return { carId: only.id, by: 'only_car', device };
  return { carId: null, by: 'none', device };
}

const SAID: ReadonlySet<CarEvidence> = new Set<CarEvidence>(['request', 'device', 'token']);

/** Whether the caller said which car, rather than us concluding it. */
export function isNamed(choice: CarChoice): boolean {
  return SAID.has(choice.by);
}

/** The name two events are compared by: a known car, else the unbound device, else nothing. */
export function namedCar(choice: CarChoice): string | null {
  if (isNamed(choice)) return choice.carId;
  return choice.device === null ? null : `device:${choice.device}`;
}

export function namesDifferentCars(a: CarChoice, b: CarChoice): boolean {
  const first = namedCar(a);
  const second = namedCar(b);
  return first !== null && second !== null && first !== second;
}
