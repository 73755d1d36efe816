/** Whether the odometers of a user's cars close: the chain of each, as trips and readings stand now. Reads only. */

import { chainOf, gapsOf, linksOf, type Chain, type ChainTrip, type Gap, type Link } from '../domain/odometer-chain.ts';
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
    const [readings, trips] = [await allOf(user, 'odometer_reading', id), await allOf(user, 'trip', id)];
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

/** The whole chain of one car, link by link. Of its trips no more is held than the chain asks for. */
export async function carLinks(user: UserStore, carId: string): Promise<CarLinks> {
  const readings = await allOf(user, 'odometer_reading', carId);
  const trips: ChainTrip[] = [];
  for await (const { doc } of rowsOf(user, 'trip', { order: 'asc', where: { carId } })) {
    const { id, startedAt, endedAt, distanceMetres, startOdometerMetres, endOdometerMetres } = doc;
    const measured = { distanceMetres, startOdometerMetres, endOdometerMetres };
    trips.push({ id, startedAt, endedAt, timeZone: doc.timeZone, ...measured });
  }
  const links = linksOf(readings, trips);
  return { links, gaps: gapsOf(links, trips) };
}
