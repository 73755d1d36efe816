/** What is still to be looked up about a user's trips, when, and the addresses that were found. Pure. */

import { newlyUnaddressed, unaddressed, unaddressedByRules } from './addresses.ts';
import { isSameWay, lacksRoute } from './routes.ts';
import type { Trip } from './trips.ts';

/** Stored as `cache/lookups`. */
export interface Lookups {
  /** By the trips' ids, longest known first. */
  readonly wishes: Readonly<Record<string, Wish>>;
  /** What places are called, by language and place, longest known first; `null`: nothing is there. */
  readonly addresses: Readonly<Record<string, string | null>>;
  /** When all trips were last looked through for what they lack. */
  readonly scannedAt: number;
  readonly dueAt: number | null;
}

export interface Wish {
  /** Places whose address is wanted. */
  readonly places: readonly string[];
  readonly route: boolean;
  /** No road leads there. */
  readonly isNowhere: boolean;
  /** How often it failed. */
  readonly attempts: number;
  /** `null`: never again, unless the trip changes. */
  readonly nextAt: number | null;
}

export const NO_LOOKUPS: Lookups = { wishes: {}, addresses: {}, scannedAt: 0, dueAt: null };

/** What this installation can look up. */
export interface Abilities {
  readonly addresses: boolean;
  readonly routes: boolean;
}

export interface Want {
  readonly tripId: string;
  readonly places: readonly string[];
  readonly route: boolean;
}

const MOST_WISHES = 2_000;
const MOST_ADDRESSES = 500;
/** Of one trip; the rest is found when all trips are looked through. All of it must fit in one document. */
const MOST_PLACES = 8;

/** What a trip lacks that it did not lack before. */
export function wantOf(before: Trip | null, after: Trip, can: Abilities): Want | null {
  const knew = before !== null && lacksRoute(before) && isSameWay(before, after);
  return want(after.id, can.addresses ? newlyUnaddressed(before, after) : [], can.routes && !knew && lacksRoute(after));
}

/** What a trip lacks that nobody wrote, and that is not known to be nowhere. */
export function lackOf(trip: Trip, can: Abilities, { addresses }: Lookups, language: string): Want | null {
  const isOpen = (key: string) => addresses[addressKey(language, key)] !== null;
  const places = can.addresses ? unaddressedByRules(trip).filter(isOpen) : [];
  return want(trip.id, places, can.routes && lacksRoute(trip));
}

function want(tripId: string, places: readonly string[], route: boolean): Want | null {
  return places.length === 0 && !route ? null : { tripId, places: places.slice(0, MOST_PLACES), route };
}

/** What of a wish is still open, and can be looked up; `null`: nothing. */
export function openOf(trip: Trip | null, { places, route, isNowhere }: Wish, can: Abilities): Want | null {
  if (trip === null) return null;
  const lacking = can.addresses ? unaddressed(trip) : [];
  const kept = places.filter((key) => lacking.includes(key));
  return want(trip.id, kept, can.routes && route && !isNowhere && lacksRoute(trip));
}

/** Wishes more, due at once. When there are too many, those longest known are left out: first what is given up. */
export function withWants(lookups: Lookups, wants: readonly Want[], now: number): Lookups {
  const wishes = { ...lookups.wishes };
  for (const { tripId, places, route } of wants) {
    const known = wishes[tripId];
    const all = [...new Set([...(known?.places ?? []), ...places])].slice(0, MOST_PLACES);
    delete wishes[tripId];
    wishes[tripId] = {
      places: all,
      route: route || (known?.route ?? false),
      isNowhere: !route && (known?.isNowhere ?? false),
      attempts: 0,
      nextAt: now,
    };
  }
  return withWishes(lookups, wishes);
}

function isGivenUp([, { nextAt }]: readonly [string, Wish]): boolean {
  return nextAt === null;
}

function withWishes(lookups: Lookups, wishes: Lookups['wishes']): Lookups {
  const all = Object.entries(wishes);
  const inOrder = all.length <= MOST_WISHES ? all : [...all.filter(isGivenUp), ...all.filter((one) => !isGivenUp(one))];
  const kept = inOrder.slice(-MOST_WISHES);
  const dues = kept.map(([, { nextAt }]) => nextAt).filter((at) => at !== null);
  return { ...lookups, wishes: Object.fromEntries(kept), dueAt: dues.length === 0 ? null : Math.min(...dues) };
}

/** The wish that is due longest; `null` also while somebody looks for this user. */
export function dueWish(
  { wishes, dueAt }: Lookups,
  now: number,
): { readonly tripId: string; readonly wish: Wish } | null {
  if (dueAt === null || dueAt > now) return null;
  let first: { tripId: string; wish: Wish; at: number } | null = null;
  for (const [tripId, wish] of Object.entries(wishes)) {
    const at = wish.nextAt;
    if (at !== null && at <= now && (first === null || at < first.at)) first = { tripId, wish, at };
  }
  return first;
}

/** Nobody else looks before: whoever was stopped in between is followed by somebody who does it again. */
export function leasedUntil(lookups: Lookups, tripId: string, until: number): Lookups {
  const wish = lookups.wishes[tripId];
  if (wish === undefined) return lookups;
  return { ...lookups, wishes: { ...lookups.wishes, [tripId]: { ...wish, nextAt: until } }, dueAt: until };
}

export function without(lookups: Lookups, tripIds: readonly string[]): Lookups {
  return withWishes(
    lookups,
    Object.fromEntries(Object.entries(lookups.wishes).filter(([tripId]) => !tripIds.includes(tripId))),
  );
}

/** What came of looking: `failed` when something could not be asked, at no fault of the trip's where `until` says when it can. */
export interface Outcome {
  readonly isNowhere: boolean;
  readonly failed: { readonly until: number | null } | null;
}

const MINUTE_MS = 60_000;
const BACK_OFF_MS = [1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60].map((minutes) => minutes * MINUTE_MS);

/** `left`: what is still open after what was found is filled in. */
export function afterLook(lookups: Lookups, tripId: string, left: Want | null, outcome: Outcome, now: number): Lookups {
  const wish = lookups.wishes[tripId];
  if (wish === undefined) return lookups;
  const isNowhere = wish.isNowhere || outcome.isNowhere;
  if (left === null && !isNowhere) return without(lookups, [tripId]);
  const { places, route } = left ?? { places: [], route: true };
  const timed = left === null ? { attempts: wish.attempts, nextAt: null } : later(wish, outcome, now);
  const after = { places, route: route || isNowhere, isNowhere, ...timed };
  return withWishes(lookups, { ...lookups.wishes, [tripId]: after });
}

function later({ attempts }: Wish, { failed }: Outcome, now: number): Pick<Wish, 'attempts' | 'nextAt'> {
  // Something new turned up meanwhile; not at once, so that nothing can go round in circles.
  if (failed === null) return { attempts, nextAt: now + MINUTE_MS };
  if (failed.until !== null) return { attempts, nextAt: failed.until };
  const pauseMs = BACK_OFF_MS[attempts];
  return { attempts: attempts + 1, nextAt: pauseMs === undefined ? null : now + pauseMs };
}

/** `language`: addresses are told in the user's. */
export function addressKey(language: string, place: string): string {
  return `${language} ${place}`;
}

export function withAddresses(lookups: Lookups, found: ReadonlyMap<string, string | null>): Lookups {
  if (found.size === 0) return lookups;
  const all = Object.entries({ ...lookups.addresses, ...Object.fromEntries(found) });
  return { ...lookups, addresses: Object.fromEntries(all.slice(-MOST_ADDRESSES)) };
}

/** What is wished for or given up already is not wished for anew. */
function newIn(lacking: Want, wish: Wish | undefined): Want[] {
  if (wish === undefined) return [lacking];
  const places = lacking.places.filter((key) => !wish.places.includes(key));
  return places.length === 0 ? [] : [{ ...lacking, places, route: false }];
}

/** All trips of the last days were looked through; what was given up is remembered for those alone. */
export function scanned(lookups: Lookups, seen: ReadonlySet<string>, wants: readonly Want[], now: number): Lookups {
  const gone = Object.entries(lookups.wishes).filter(([tripId, { nextAt }]) => nextAt === null && !seen.has(tripId));
  const cleared = without(
    lookups,
    gone.map(([tripId]) => tripId),
  );
  const news = wants.flatMap((one) => newIn(one, cleared.wishes[one.tripId]));
  return { ...withWants(cleared, news, now), scannedAt: now };
}
