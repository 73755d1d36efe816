/** Whether the odometers of a user's cars close: the chain of each, as trips and readings stand now. Reads only. */

import { chainOf, gapsOf, linksOf, type Chain, type ChainTrip, type Gap, type Link } from '../domain/odometer-chain.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import { Problem } from '../domain/problem.ts';
import type { Kind, Docs, UserStore } from '../seams/store.ts';
import type { UserDeps } from './deps.ts';
import { rowsOf } from './pages.ts';
import { findSettings } from './settings.ts';

export interface CarChain {
  readonly carId: string;
  readonly chain: Chain;
}

/** Oldest car first; archived ones too. Throws `not_found` for a car the user does not have. */
export async function checkOdometers(
  deps: Pick<UserDeps, 'newUser'>,
  user: UserStore,
  carId: string | null,
): Promise<readonly CarChain[]> {
  const { timeZone } = await findSettings(deps, user);
  const cars = await carsOf(user, carId);
  const checked: CarChain[] = [];
  for (const id of cars) {
    const { readings, trips } = await partsOf(user, id);
    checked.push({ carId: id, chain: chainOf(readings, trips, timeZone) });
  }
  return checked;
}

async function carsOf(user: UserStore, carId: string | null): Promise<readonly string[]> {
  if (carId === null) {
    const ids: string[] = [];
    for await (const { id } of rowsOf(user, 'car', { order: 'asc' })) ids.push(id);
    return ids;
  }
  if ((await user.get('car', carId)) === null) throw new Problem('not_found', 'There is no such car.');
  return [carId];
}

/** Of one car, oldest first. */
export async function allOf<K extends Kind>(user: UserStore, kind: K, carId: string): Promise<Docs[K][]> {
  const docs: Docs[K][] = [];
  for await (const { doc } of rowsOf(user, kind, { order: 'asc', where: { carId } })) docs.push(doc);
  return docs;
}

export interface CarLinks {
  readonly links: readonly Link[];
  readonly gaps: readonly Gap[];
}

/** The chain of one car, link by link; all of it, or since an instant. */
export async function carLinks(user: UserStore, carId: string, from: number | null = null): Promise<CarLinks> {
  const { readings, trips } = await partsOf(user, carId, from);
  const links = linksOf(readings, trips);
  return { links, gaps: gapsOf(links, trips) };
}

interface Parts {
  readonly readings: readonly OdometerReading[];
  readonly trips: readonly ChainTrip[];
}

/** What the chain of a car is made of. Of its trips no more is held than the chain asks for. */
async function partsOf(user: UserStore, carId: string, from: number | null = null): Promise<Parts> {
  const query = { order: 'asc', where: { carId }, ...(from !== null && { from }) } as const;
  const readings: OdometerReading[] = [];
  for await (const { doc } of rowsOf(user, 'odometer_reading', query)) readings.push(doc);
  const trips: ChainTrip[] = [];
  for await (const { doc } of rowsOf(user, 'trip', query)) {
    const { id, startedAt, endedAt, distanceMetres, startOdometerMetres, endOdometerMetres } = doc;
    const measured = { distanceMetres, startOdometerMetres, endOdometerMetres };
    trips.push({ id, startedAt, endedAt, timeZone: doc.timeZone, ...measured });
  }
  return { readings, trips };
}
