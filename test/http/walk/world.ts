/** Two drivers with a full logbook each. What is Anna's carries a mark that must never stand in an answer to Bob. */

import { onTestFinished } from 'vitest';
import type { Deps } from '../../../src/actions/deps.ts';
import { bookTrips } from '../../../src/actions/book.ts';
import { createToken } from '../../../src/actions/tokens.ts';
import { googleIdentities } from '../../../src/adapters/google/identity.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { createApp } from '../../../src/app.ts';
import { BY_RULES } from '../../../src/domain/activity.ts';
import { SCOPES, type Scope } from '../../../src/domain/tokens.ts';
import type { Store } from '../../../src/seams/store.ts';
import { OPTIONS, openTestApp } from '../../support/app.ts';
import { dump } from '../../support/dump.ts';
import { openTempStore, type TempStore } from '../../support/store.ts';
import { tripOf } from '../../support/trips.ts';

export const ANNA = 'anna@example.nl';
export const BOB = 'bob@example.nl';
/** Stands in every text of Anna's that can hold one. */
export const CANARY = 'canary';
const NOW = '2026-03-10T12:00:00Z';
const HERE = 'http://localhost';
/** Signing in is set up; nobody ever comes back from it. */
const GOOGLE = googleIdentities({ clientId: 'client', clientSecret: 'secret', clock: systemClock });

/** One id of everything that has one. */
export interface Ids {
  readonly trip: string;
  /** The trip that followed it. */
  readonly nextTrip: string;
  readonly car: string;
  readonly location: string;
  readonly reading: string;
  readonly activity: string;
  readonly token: string;
  /** An end that waits for a decision. */
  readonly review: string;
}

export const NOBODYS: Ids = {
  trip: 'trip_99999999999999999998',
  nextTrip: 'trip_99999999999999999999',
  car: 'car_00000000000000000000',
  location: 'loc_00000000000000000000',
  reading: 'odo_00000000000000000000',
  activity: 'act_00000000000000000000',
  token: 'tok_00000000000000000000',
  review: 'evt_00000000000000000000',
};

/** A store of its own, and all it holds of a user by where it lies. */
export interface Kept extends TempStore {
  dump(email: string): Promise<Readonly<Record<string, unknown>>>;
}

export type OpenKept = () => Kept;

export function onSqlite(): Kept {
  const temp = openTempStore();
  return { ...temp, dump: async (email) => dump(temp.path, email) };
}

export interface World {
  readonly app: ReturnType<typeof createApp>;
  readonly deps: Deps;
  readonly dump: Kept['dump'];
  readonly anna: Ids;
  readonly bob: Ids;
  /** A new token, of all scopes unless it is said. */
  tokenOf(owner: string, scopes?: readonly Scope[], wish?: { expiresAt?: number }): Promise<string>;
  /** Whose logbooks were opened since this was asked before. */
  opened(): ReadonlySet<string>;
  remove(): Promise<void>;
}

/** The caller removes it. Whoever is not `furnished` has a logbook with nothing in it. */
export async function openWorld(kept: Kept = onSqlite(), furnished: readonly string[] = [ANNA, BOB]): Promise<World> {
  const service = openTestApp({ auth: 'required' }, NOW, {}, kept);
  const { deps: inner, remove } = service;
  let seen = new Set<string>();
  const store: Store = {
    ...inner.store,
    forUser(email) {
      seen.add(email);
      return inner.store.forUser(email);
    },
  };
  const deps: Deps = { ...inner, store };
  const identities = { ...OPTIONS.identities, signIn: GOOGLE.signIn };
  const app = createApp(deps, { ...OPTIONS, auth: 'required', ratePerMinute: 0, identities, publicUrl: HERE });
  const tokenOf: World['tokenOf'] = async (owner, scopes = SCOPES, { expiresAt } = {}) => {
    const wish = { owner, label: owner, scopes, carId: null, expiresAt: expiresAt ?? null };
    return (await createToken(inner, wish)).secret;
  };
  for (const user of [ANNA, BOB]) await service.tokenOf(user);
  const idsOf = async (user: string, mark: string) =>
    furnished.includes(user) ? furnish(app, inner, user, await tokenOf(user), mark) : NOBODYS;
  const [anna, bob] = await Promise.all([idsOf(ANNA, CANARY), idsOf(BOB, 'plain')]);
  const opened = () => {
    const before = seen;
    seen = new Set();
    return before;
  };
  return { app, deps, dump: kept.dump, anna, bob, tokenOf, opened, remove };
}

/** One for the test that asks, where only Anna drove; gone when it ends. */
export async function ownWorld(open: OpenKept = onSqlite): Promise<World> {
  const world = await openWorld(open(), [ANNA]);
  onTestFinished(world.remove);
  return world;
}

async function furnish(app: World['app'], deps: Deps, user: string, token: string, mark: string): Promise<Ids> {
  const post = async (path: string, body: object, method = 'POST'): Promise<{ id: string }> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await app.request(path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} of ${user}: ${await response.text()}`);
    return (await response.json()) as { id: string };
  };
  const car = await post('/cars', { name: `${mark} car`, license_plate: mark, device_names: [`${mark} radio`] });
  const simulator = { provider: 'simulator', odometer_km: 48_000, parked_at: { lat: 52.0893, lng: 5.1101 } };
  await post(`/cars/${car.id}/connection`, simulator, 'PUT');
  const location = await post('/locations', { name: `${mark} home`, lat: 52.1, lng: 5.1 });
  const reading = await post('/odometer-readings', { car_id: car.id, odometer_km: 47_000, note: mark });
  const rate = { valid_from: '2026-01-01', per: 'km', amount: 0.21, currency: 'EUR', car_id: car.id, name: mark };
  await post('/rates', { scheme: 'own', rates: [rate] }, 'PUT');
  const trip = tripOf({ carId: car.id, purpose: mark, notes: mark, from: place(mark), to: place(mark) });
  const next = tripOf({ ...trip, id: `${trip.id}_b`, startedAt: trip.endedAt, endedAt: trip.endedAt + 600_000 });
  await deps.store.forUser(user).transact(function* (tx) {
    const bookings = [trip, next].map((after) => ({ before: null, after }));
    yield* bookTrips(tx, bookings, BY_RULES, deps.ids, deps.clock.now());
  });
  await post('/webhook/end', { lat: 52.3, lng: 5.3, device: `${mark} radio`, timestamp: '2026-03-10T10:00:00Z' });
  await post('/webhook/start', { lat: 52.2, lng: 5.2, device: `${mark} radio`, note: mark });
  await post('/webhook/ping', { lat: 52.21, lng: 5.21, device: `${mark} radio` });
  const made = await post('/tokens', { label: `${mark} phone`, scopes: ['events'] });
  const waiting = await deps.store.forUser(user).list('event', { order: 'asc', limit: 1, where: { waiting: true } });
  const feed = await deps.store.forUser(user).list('activity', { order: 'desc', limit: 50 });
  // Something its owner did and can take back.
  const act = feed.find(({ doc }) => doc.noun === 'location');
  return {
    trip: trip.id,
    nextTrip: next.id,
    car: car.id,
    location: location.id,
    reading: reading.id,
    activity: act?.id ?? '',
    token: made.id,
    review: waiting[0]?.id ?? '',
  };
}

function place(mark: string) {
  return { lat: 52.1, lng: 5.1, address: `${mark} street 1`, locationId: null };
}
