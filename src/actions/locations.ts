/** The circles a user names. What an event needs of them lies in the user's document and changes in the same transaction. */

import type { Actor } from '../domain/activity.ts';
import { defaultRadiusMetres, type Location, type LocationKind } from '../domain/locations.ts';
import { Problem, unprocessable } from '../domain/problem.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import type { Done } from './acts.ts';
import type { UserDeps } from './deps.ts';
import { moveLocations, saveLocations, type Acted } from './location-acts.ts';
import { pageOf, type Page, type PageQuery } from './pages.ts';

/** All of them are looked through for every event. */
export const MOST_LOCATIONS = 1_000;

type Fields = Pick<Location, 'name' | 'kind' | 'lat' | 'lng' | 'radiusMetres'>;

export interface NewLocation extends Pick<Fields, 'name' | 'lat' | 'lng'> {
  readonly kind?: LocationKind | undefined;
  readonly radiusMetres?: number | undefined;
}

export type LocationEdit = { readonly [F in keyof Fields]?: Fields[F] | undefined };

/** Oldest first. */
export function listLocations(user: UserStore, query: PageQuery): Promise<Page<Location>> {
  return pageOf(user, 'location', { order: 'asc' }, query);
}

/** There are never more than one answer holds. */
export async function everyLocation(user: UserStore): Promise<readonly Location[]> {
  return (await user.list('location', { order: 'asc', limit: MOST_LOCATIONS })).map(({ doc }) => doc);
}

export async function findLocation(user: UserStore, id: string): Promise<Location> {
  return (await user.get('location', id)) ?? missing();
}

/** A location, and what became of trips. */
export interface Moved {
  readonly location: Location;
  readonly done: Done;
}

export async function addLocation(
  deps: UserDeps,
  user: UserStore,
  said: NewLocation,
  by: Actor,
  dryRun = false,
): Promise<Moved> {
  const now = deps.clock.now();
  const { kind = 'other', radiusMetres = defaultRadiusMetres(kind), name, lat, lng } = said;
  const id = deps.ids.next('loc');
  const location: Location = { id, name, kind, lat, lng, radiusMetres, createdAt: now, updatedAt: now };
  // oxlint-disable-next-line require-yield -- reads nothing
  const acted = await moveLocations(deps, user, { by, now, dryRun }, function* (_, owner) {
    if (isFull(owner)) throw unprocessable('locations', `at most ${MOST_LOCATIONS} locations; delete one first`);
    return [{ before: null, after: location }];
  });
  return movedBy(acted);
}

/** Trips keep where they began and ended as somebody named it by hand; the others follow, closed months aside. */
export async function changeLocation(
  deps: UserDeps,
  user: UserStore,
  id: string,
  edit: LocationEdit,
  by: Actor,
  dryRun: boolean,
): Promise<Moved> {
  const now = deps.clock.now();
  const acted = await moveLocations(deps, user, { by, now, dryRun }, function* (tx) {
    const before = yield* existing(tx, id);
    return [{ before, after: editedLocation(before, edit, now) }];
  });
  return movedBy(acted);
}

/** Trips that began or ended there lie in the next nearest, or keep its name as their address. */
export async function removeLocation(
  deps: UserDeps,
  user: UserStore,
  id: string,
  by: Actor,
  dryRun = false,
): Promise<Moved> {
  const now = deps.clock.now();
  const acted = await moveLocations(deps, user, { by, now, dryRun }, function* (tx) {
    return [{ before: yield* existing(tx, id), after: null }];
  });
  return movedBy(acted);
}

function movedBy({ moves, done }: Acted): Moved {
  const [move] = moves;
  return { location: move?.after ?? move?.before ?? missing(), done };
}

/** The same object where nothing changes. */
export function editedLocation(before: Location, edit: LocationEdit, now: number): Location {
  const after: Location = {
    ...before,
    name: edit.name ?? before.name,
    kind: edit.kind ?? before.kind,
    lat: edit.lat ?? before.lat,
    lng: edit.lng ?? before.lng,
    radiusMetres: edit.radiusMetres ?? before.radiusMetres,
  };
  return JSON.stringify(after) === JSON.stringify(before) ? before : { ...after, updatedAt: now };
}

export function saveLocation(tx: Tx, owner: User, location: Location, now: number): void {
  saveLocations(tx, owner, [{ before: null, after: location }], now);
}

export function takeOutLocation(tx: Tx, owner: User, location: Location, now: number): void {
  saveLocations(tx, owner, [{ before: location, after: null }], now);
}

export function isFull({ locations }: User): boolean {
  return locations.length >= MOST_LOCATIONS;
}

function* existing(tx: Tx, id: string): Work<Location> {
  return (yield* tx.get('location', id)) ?? missing();
}

function missing(): never {
  throw new Problem('not_found', 'There is no such location.');
}
