/**
 * Looking up what trips lack, in what is left of a round of the clock: trip by trip, user after user. A trip never waits
 * for it; whoever is stopped between asking and writing is followed, a minute later, by somebody who does it again.
 */

import { BY_RULES } from '../domain/activity.ts';
import { addressed, positionOfKey } from '../domain/addresses.ts';
import {
  addressKey,
  afterLook,
  dueWish,
  leasedUntil,
  openOf,
  withAddresses,
  without,
  type Abilities,
  type Outcome,
  type Want,
} from '../domain/lookups.ts';
import { isPlausible, isSameWay, lacksRoute, withRoute, withRouteNoted } from '../domain/routes.ts';
import type { Language } from '../domain/settings.ts';
import type { Trip } from '../domain/trips.ts';
import { isHeld, type User } from '../domain/users.ts';
import type { Geocoder } from '../seams/geocoder.ts';
import type { Router } from '../seams/router.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { bookTrips } from './book.ts';
import { lockedOrNot } from './closed-months.ts';
import type { Deps } from './deps.ts';
import { callService, type Answered } from './service-calls.ts';
import { wayOf } from './way.ts';
import { abilitiesOf } from './wishes.ts';

const LEASE_MS = 60_000;

/** Until nothing is due, or nothing can be asked any more by `until`. One user's failure is logged and harms nobody else. */
export async function lookUpAll(deps: Deps, emails: readonly string[], until: number): Promise<void> {
  const queue = [...emails];
  for (let email = queue.shift(); email !== undefined; email = queue.shift()) {
    if (deps.clock.now() >= until || deps.services.isEnding()) return;
    try {
      const done = await lookUpNext(deps, deps.store.forUser(email), until);
      if (done === 'late') return;
      if (done === 'looked') queue.push(email);
    } catch (error) {
      deps.log.write('ERROR', 'what a trip lacks could not be looked up', { error });
    }
  }
}

/** `nothing`: nothing is due. `late`: there is no turn left by then. */
type Done = 'nothing' | 'looked' | 'late';

async function lookUpNext(deps: Deps, user: UserStore, until: number): Promise<Done> {
  const now = deps.clock.now();
  // Most have nothing to be looked up: one look is enough to see that.
  const dueAt = (await user.get('lookups', 'lookups'))?.dueAt ?? null;
  if (dueAt === null || dueAt > now) return 'nothing';
  const can = abilitiesOf(deps.services);
  const task = await user.transact((tx) => takeTask(tx, can, now));
  if (task === null) return 'nothing';
  const [addresses, route] = await Promise.all([
    findAddresses(deps, deps.services.geocoder, task, until),
    findRoute(deps, deps.services.router, user, task, until),
  ]);
  await user.transact((tx) => noteFound(deps, tx, task, addresses, route, deps.clock.now()));
  const isLate = [addresses.stopped, route.stopped].some((stopped) => stopped?.kind === 'late');
  return isLate ? 'late' : 'looked';
}

interface Task {
  readonly trip: Trip;
  readonly want: Want;
  readonly language: Language;
  /** Addresses known already, by place. */
  readonly known: ReadonlyMap<string, string | null>;
}

/** The trip that waits longest and still lacks something, leased to us. */
function* takeTask(tx: Tx, can: Abilities, now: number): Work<Task | null> {
  const owner = yield* tx.get('user', '');
  let lookups = yield* tx.get('lookups', 'lookups');
  if (lookups === null || owner === null || isHeld(owner, now)) return null;
  const { language } = owner.settings;
  for (let due = dueWish(lookups, now); due !== null; due = dueWish(lookups, now)) {
    const trip = yield* tripOf(tx, owner, due.tripId);
    const want = openOf(trip, due.wish, can);
    lookups = want === null ? without(lookups, [due.tripId]) : leasedUntil(lookups, due.tripId, now + LEASE_MS);
    tx.put('lookups', 'lookups', lookups);
    if (trip === null || want === null) continue;
    const found = want.places.map((place) => [place, lookups?.addresses[addressKey(language, place)]] as const);
    return {
      trip,
      want,
      language,
      known: new Map(found.flatMap(([place, said]) => (said === undefined ? [] : [[place, said]]))),
    };
  }
  return null;
}

type Stopped = Exclude<Answered<unknown>, { kind: 'answer' }>;

interface FoundAddresses {
  /** By place; `null`: nothing is there. */
  readonly found: ReadonlyMap<string, string | null>;
  /** Why not all were. */
  readonly stopped: Stopped | null;
}

async function findAddresses(
  deps: Deps,
  geocoder: Geocoder | null,
  { trip, want, language, known }: Task,
  until: number,
): Promise<FoundAddresses> {
  const found = new Map(known);
  if (geocoder === null) return { found, stopped: null };
  for (const place of want.places) {
    const position = positionOfKey(trip, place);
    if (found.has(place) || position === null) continue;
    const called = { kind: 'geocoder', id: geocoder.id } as const;
    const answer = await callService(deps, called, until, (signal) => geocoder.reverse(position, language, signal));
    if (answer.kind !== 'answer') return { found, stopped: answer };
    found.set(place, answer.value);
  }
  return { found, stopped: null };
}

interface FoundRoute {
  /** `null`: not asked for, or not found. */
  readonly metres: number | null;
  readonly isPlausible: boolean;
  readonly isNowhere: boolean;
  readonly stopped: Stopped | null;
}

const NO_ROUTE: FoundRoute = { metres: null, isPlausible: false, isNowhere: false, stopped: null };

async function findRoute(
  deps: Deps,
  router: Router | null,
  user: UserStore,
  { trip, want }: Task,
  until: number,
): Promise<FoundRoute> {
  if (router === null || !want.route) return NO_ROUTE;
  const { waypoints, track } = await wayOf(user, trip);
  const called = { kind: 'router', id: router.id } as const;
  const answer = await callService(deps, called, until, (signal) => router.route(waypoints, signal));
  if (answer.kind !== 'answer') return { ...NO_ROUTE, stopped: answer };
  const metres = answer.value;
  if (metres === null) return { ...NO_ROUTE, isNowhere: true };
  return { metres, isPlausible: isPlausible(metres, waypoints, track), isNowhere: false, stopped: null };
}

/** Fills in what is still wanted of the trip as it is now. */
function* noteFound(
  deps: Deps,
  tx: Tx,
  task: Task,
  { found, stopped }: FoundAddresses,
  route: FoundRoute,
  now: number,
): Work<void> {
  yield* tx.getMany([
    { kind: 'user', id: '' },
    { kind: 'lookups', id: 'lookups' },
    { kind: 'trip', id: task.trip.id },
    { kind: 'memory', id: 'memory' },
  ]);
  const owner = yield* tx.get('user', '');
  const lookups = yield* tx.get('lookups', 'lookups');
  const wish = lookups?.wishes[task.trip.id];
  if (owner === null || isHeld(owner, now) || lookups === null || wish === undefined) return;
  const before = yield* tripOf(tx, owner, task.trip.id);
  const isSettled = (yield* tx.get('memory', 'memory'))?.memory.settled[task.trip.id]?.measures ?? false;
  const after =
    before && filledIn(before, task.trip, found, isSettled ? NO_ROUTE : route, owner.settings.mixedBusinessShare);
  if (before && after && JSON.stringify(after) !== JSON.stringify(before)) {
    const booking = { before, after: { ...after, updatedAt: now }, untold: true };
    yield* bookTrips(tx, [booking], BY_RULES, deps.ids, now);
  }
  const open = {
    ...wish,
    places: wish.places.filter((place) => found.get(place) !== null),
    route: wish.route && !isSettled,
    isNowhere: wish.isNowhere || route.isNowhere,
  };
  const left = openOf(after, open, abilitiesOf(deps.services));
  const outcome: Outcome = { isNowhere: route.isNowhere, failed: failureOf([stopped, route.stopped]) };
  const remembered = withAddresses(lookups, keyed(task, found));
  tx.put('lookups', 'lookups', afterLook(remembered, task.trip.id, left, outcome, now));
}

/** As it is locked now: a month may just be closing. */
function* tripOf(tx: Tx, { closed }: User, id: string): Work<Trip | null> {
  const trip = yield* tx.get('trip', id);
  return trip && lockedOrNot(closed, trip);
}

function filledIn(
  trip: Trip,
  asked: Trip,
  found: ReadonlyMap<string, string | null>,
  { metres, isPlausible: counts }: FoundRoute,
  share: number,
): Trip {
  if (trip.locked) return trip;
  const texts = new Map([...found].flatMap(([place, said]) => (said === null ? [] : [[place, said] as const])));
  const named = addressed(trip, texts);
  if (metres === null || !lacksRoute(named) || !isSameWay(named, asked)) return named;
  return (counts ? withRoute(named, metres, share) : null) ?? withRouteNoted(named, metres);
}

/** What was asked just now, for other trips to and from the same places. */
function keyed({ language, known }: Task, found: ReadonlyMap<string, string | null>): Map<string, string | null> {
  const fresh = [...found].filter(([place]) => !known.has(place));
  return new Map(fresh.map(([place, said]) => [addressKey(language, place), said]));
}

/** The trip is not to blame where nobody was asked, or nobody is for now. */
function failureOf(all: readonly (Stopped | null)[]): Outcome['failed'] {
  const stopped = all.filter((one) => one !== null);
  if (stopped.length === 0) return null;
  const counts = stopped.some((one) => one.kind === 'failed' && one.until === null);
  const untils = stopped.map((one) => (one.kind === 'late' ? one.at : (one.until ?? 0)));
  return { until: counts ? null : Math.min(...untils) };
}
