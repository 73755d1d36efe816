/** The circles a user names. What an event needs of them lies in the user's document and changes in the same transaction. */

import type { Actor } from '../domain/activity.ts';
import { defaultRadiusMetres, type Location, type LocationKind, type UserLocation } from '../domain/locations.ts';
import { Problem, unprocessable } from '../domain/problem.ts';
import type { User } from '../domain/users.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { noteChange } from './activity.ts';
import type { UserDeps } from './deps.ts';
import { pageOf, type Page, type PageQuery } from './pages.ts';
import { ensureUser } from './users.ts';

/** All of them are looked through for every event. */
const MOST_LOCATIONS = 1_000;

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

export async function findLocation(user: UserStore, id: string): Promise<Location> {
  return (await user.get('location', id)) ?? missing();
}

export async function addLocation(deps: UserDeps, user: UserStore, said: NewLocation, by: Actor): Promise<Location> {
  const now = deps.clock.now();
  const { kind = 'other', radiusMetres = defaultRadiusMetres(kind), name, lat, lng } = said;
  const id = deps.ids.next('loc');
  const location: Location = { id, name, kind, lat, lng, radiusMetres, createdAt: now, updatedAt: now };
  await user.transact(function* (tx) {
    const owner = yield* ensureUser(deps, tx, user.email, now);
    if (isFull(owner)) throw unprocessable('locations', `at most ${MOST_LOCATIONS} locations; delete one first`);
    saveLocation(tx, owner, location, now);
    noteChange(tx, deps, { by, now }, 'location', id, null, location);
  });
  return location;
}

/** `dryRun` answers what would be kept and keeps nothing. */
export async function changeLocation(
  deps: UserDeps,
  user: UserStore,
  id: string,
  edit: LocationEdit,
  by: Actor,
  dryRun: boolean,
): Promise<Location> {
  const now = deps.clock.now();
  return user.transact(function* (tx) {
    const before = yield* existing(tx, id);
    const after = edited(before, edit, now);
    if (after === before || dryRun) return after;
    saveLocation(tx, yield* ensureUser(deps, tx, user.email, now), after, now);
    noteChange(tx, deps, { by, now }, 'location', id, before, after);
    return after;
  });
}

/** Trips that began or ended there keep its id. */
export async function removeLocation(deps: UserDeps, user: UserStore, id: string, by: Actor): Promise<void> {
  const now = deps.clock.now();
  await user.transact(function* (tx) {
    const before = yield* existing(tx, id);
    const owner = yield* ensureUser(deps, tx, user.email, now);
    takeOutLocation(tx, owner, id, now);
    noteChange(tx, deps, { by, now }, 'location', id, before, null);
  });
}

function edited(before: Location, edit: LocationEdit, now: number): Location {
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
  const { id, kind, lat, lng, radiusMetres } = location;
  const copy: UserLocation = { id, kind, lat, lng, radiusMetres };
  tx.put('location', id, location);
  tx.put('user', '', { ...owner, locations: inOrder([...without(owner, id), copy]), updatedAt: now });
}

export function takeOutLocation(tx: Tx, owner: User, id: string, now: number): void {
  tx.remove('location', id);
  tx.put('user', '', { ...owner, locations: without(owner, id), updatedAt: now });
}

export function isFull({ locations }: User): boolean {
  return locations.length >= MOST_LOCATIONS;
}

/** Of two that are equally near the older counts, however often it was changed: ids sort by time. */
function inOrder(locations: readonly UserLocation[]): readonly UserLocation[] {
  return locations.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function without(owner: User, id: string): readonly UserLocation[] {
  return owner.locations.filter((location) => location.id !== id);
}

function* existing(tx: Tx, id: string): Work<Location> {
  return (yield* tx.get('location', id)) ?? missing();
}

function missing(): never {
  throw new Problem('not_found', 'There is no such location.');
}
