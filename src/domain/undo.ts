/** What may be undone, and what stands in an undo's way. Reading and writing is the actions' business. */

import type { Activity, Noun, Written } from './activity.ts';
import { seenWith } from './filled-in.ts';
import { canonical } from './canonical.ts';
import { Problem } from './problem.ts';
import { businessMetresOf, type Place, type Trip } from './trips.ts';
import { isoOf } from './units.ts';

const DAY_MS = 24 * 3_600_000;

/** How long what somebody did can be undone. */
export const UNDO_MS = 30 * DAY_MS;

/** Throws `conflict` for what can be undone no more, or never could. */
export function refuseUndo(entry: Activity, now: number): void {
  if (entry.undoneBy !== null)
    throw conflict(`This was undone already, by ${entry.undoneBy}; undo that to have it back.`);
  if (entry.by.kind === 'rules') throw conflict(INSTEAD[entry.kind]);
  if (entry.kind === 'discarded' && entry.before === null && entry.discard?.reason !== 'cancelled')
    throw conflict(INSTEAD.discarded);
  if (now - entry.at > UNDO_MS) throw conflict(`This was done on ${isoOf(entry.at)}; undo reaches back 30 days.`);
}

const INSTEAD: { readonly [K in Activity['kind']]: string } = {
  created: 'The trip rules booked this by themselves. Delete the trip instead, with DELETE /trips/{id}.',
  changed: 'The trip rules changed this by themselves. Correct the trip instead, with PATCH /trips/{id}.',
  deleted: 'The trip rules took this back by themselves, because of an event that came late; see GET /events.',
  discarded: 'The trip rules found no trip in this drive. What was received of it is in GET /events.',
};

/** What changes by itself is nobody's change: it stands in no undo's way. */
const BY_ITSELF: { readonly [N in Noun]: readonly string[] } = {
  trip: ['updatedAt', 'locked'],
  location: ['updatedAt'],
  car: ['updatedAt'],
  odometer_reading: ['suspicious'],
  settings: [],
  token: [],
  rules: [],
  rates: [],
  gap: [],
  event: ['before', 'reply'],
  month: [],
};

/** The fields in which two states of a document differ, by themselves changing ones aside; `null` for one that is not there. */
export function differences(noun: Noun, a: object | null, b: object | null): readonly string[] | null {
  if (a === null || b === null) return a === b ? [] : null;
  const [one, other] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter(
    (name) => !BY_ITSELF[noun].includes(name) && canonical(one.get(name)) !== canonical(other.get(name)),
  );
}

export function isSame(noun: Noun, a: object | null, b: object | null): boolean {
  return differences(noun, a, b)?.length === 0;
}

/**
 * What comes and goes beside what people say. A car's connection: a change that left it alone leaves it alone again. What
 * was looked up about a trip: it was there all along.
 */
export function carriedOver(written: Written, current: object | null): Written {
  const { noun, before, after } = written;
  if (noun === 'trip' && after && current) return lookedUpSince(written, after as Trip, current as Trip);
  if (noun !== 'car' || !before || !after || !current) return written;
  if (differences(noun, before, after)?.includes('connection')) return written;
  const connection = new Map(Object.entries(current)).get('connection');
  return { ...written, before: { ...before, connection }, after: { ...after, connection } };
}

function lookedUpSince(written: Written, after: Trip, current: Trip): Written {
  const seen = seenWith(after, current);
  return { ...written, before: written.before && seen(written.before as Trip), after: seen(after) };
}

/** Takes back what a change did to single fields, where nothing else has changed them since. */
export function eachTakenBack(current: object, { noun, before, after }: Written): object {
  const changed = before && after ? (differences(noun, before, after) ?? []) : [];
  const [was, is, now] = [before, after, current].map((one) => new Map(Object.entries(one ?? {})));
  const back = changed.filter((name) => canonical(now?.get(name)) === canonical(is?.get(name)));
  return { ...current, ...Object.fromEntries(back.map((name) => [name, was?.get(name)])) };
}

/** What the rules measure. The rest is what a person says about a trip. */
const MEASURED: readonly (keyof Trip)[] = [
  'carId',
  'startedAt',
  'endedAt',
  'timeZone',
  'distanceMetres',
  'startOdometerMetres',
  'endOdometerMetres',
];

/**
 * What a person said about a trip taken back, where the rules measured it anew since: it keeps their measures.
 * `null`: the person had changed those.
 */
export function takenBackOver(current: Trip, from: Trip, to: Trip): Trip | null {
  if (MEASURED.some((field) => canonical(from[field]) !== canonical(to[field]))) return null;
  if (!isOneSpot(from.from, to.from) || !isOneSpot(from.to, to.to)) return null;
  const { type, commute, classifiedBy, purpose, businessPartner, routeNote, detourMetres, notes, setByUser } = to;
  const said = { type, commute, classifiedBy, purpose, businessPartner, routeNote, detourMetres, notes, setByUser };
  const share = to.distanceMetres > 0 ? to.businessMetres / to.distanceMetres : 0;
  const lacksClass = to.reviewReasons.filter((reason) => reason === 'no_rule_matched');
  const others = current.reviewReasons.filter((reason) => reason !== 'no_rule_matched');
  const reviewReasons = [...others, ...lacksClass];
  const businessMetres = businessMetresOf(type, current.distanceMetres, share);
  const places = {
    from: calledAgain(current.from, from.from, to.from),
    to: calledAgain(current.to, from.to, to.to),
    stops: current.stops.map((stop, i) => calledAgain(stop, from.stops[i], to.stops[i])),
  };
  return { ...current, ...said, ...places, businessMetres, reviewReasons, needsReview: reviewReasons.length > 0 };
}

function isOneSpot(a: Place | null, b: Place | null): boolean {
  return a?.lat === b?.lat && a?.lng === b?.lng;
}

/** What a place is called, as far as that is what it was called from then on. */
function calledAgain<P extends Place | null>(now: P, from: Place | null = null, to: Place | null = null): P {
  if (!now || !from || !to) return now;
  return {
    ...now,
    locationId: now.locationId === from.locationId ? to.locationId : now.locationId,
    address: now.address === from.address ? to.address : now.address,
  };
}

/** Changes of a document that still stand, among what came later. An undo and what it took back cancel out. */
export function standing(later: readonly Activity[], noun: Noun, nounId: string): Activity[] {
  const isAbout = (one: Written) => one.noun === noun && one.nounId === nounId;
  return later.filter(
    (entry) => entry.undoneBy === null && entry.undoes === null && [entry, ...entry.also].some(isAbout),
  );
}

/** How a document was before the first of what came later; `undefined`: nothing of it has changed. */
export function asItWas(later: readonly Activity[], noun: Noun, nounId: string): object | null | undefined {
  for (const entry of later) {
    const written = [entry, ...entry.also].find((one) => one.noun === noun && one.nounId === nounId);
    const isOfNoTrip = entry.kind === 'discarded' && entry.before === null;
    if (written && !isOfNoTrip) return written.before;
  }
  return undefined;
}

const NAMES: { readonly [N in Noun]: string } = {
  trip: 'trip',
  location: 'location',
  car: 'car',
  odometer_reading: 'odometer reading',
  settings: 'settings',
  token: 'token',
  rules: 'rules',
  rates: 'rates',
  gap: 'gap',
  event: 'event',
  month: 'month',
};

/** Names what stands in the way, and when it happened. */
export function inTheWay({ id, kind, noun, at, by }: Activity): Problem {
  const isMany = noun === 'settings' || noun === 'rules' || noun === 'rates';
  const what = isMany ? `The ${noun} were` : `The ${NAMES[noun]} was`;
  const when = `${what} ${kind} on ${isoOf(at)}`;
  const message = 'stands in the way';
  if (by.kind === 'rules') return conflict(`${when} by the trip rules, which cannot be undone; correct it by hand.`);
  return new Problem('conflict', `${when}; undo that first (${id}).`, [{ field: id, message }]);
}

export function changedSince(noun: Noun): Problem {
  return conflict(`The ${NAMES[noun]} is not as this left it any more; correct it by hand.`);
}

export function conflict(detail: string): Problem {
  return new Problem('conflict', detail);
}
