/** Places that are often visited and have no name yet, with what they seem to be. Pure guesses: nothing hangs on them. */

import { localDate, localTime, weekdayOf } from './calendar.ts';
import { clustersOf, type Cluster } from './clusters.ts';
import { defaultRadiusMetres, locationAt, type LocationKind, type UserLocation } from './locations.ts';
import type { Position } from './geo.ts';
import type { Settings } from './settings.ts';
import type { Place, Trip } from './trips.ts';
import { degreesOf } from './units.ts';
import { SAME_PLACE_METRES, Visits, type Visit } from './visits.ts';

export interface Suggestion extends Position {
  readonly radiusMetres: number;
  readonly visits: number;
  readonly lastVisitAt: number;
  /** The most common one. */
  readonly address: string | null;
  readonly kind: LocationKind;
}

export interface SuggestionContext {
  readonly locations: readonly UserLocation[];
  readonly settings: Pick<Settings, 'workingHours'>;
}

const FEWEST_VISITS = 3;
const MOST_SUGGESTIONS = 20;

const HOUR_MS = 3_600_000;
/** Whoever is there at this hour spends the night. */
const NIGHT_MS = 4 * HOUR_MS;
/** Where one works one stays. */
const LONG_STAY_MS = 4 * HOUR_MS;
/** Of a stay that only one end is known of. */
const GUESSED_HALF_MS = HOUR_MS / 2;

/** Takes trips in the order of their start. */
export class Suggestions {
  readonly #context: SuggestionContext;
  readonly #visits: Visits;

  constructor(context: SuggestionContext) {
    this.#context = context;
    this.#visits = new Visits((place) => isUnnamed(place, context.locations));
  }

  add(trip: Trip): void {
    this.#visits.add(trip);
  }

  /** Most visited first. */
  all(): readonly Suggestion[] {
    const clusters = clustersOf(this.#visits.all(), SAME_PLACE_METRES, FEWEST_VISITS).slice(0, MOST_SUGGESTIONS);
    const home = this.#context.locations.some(({ kind }) => kind === 'home') ? null : homeOf(clusters);
    return clusters.map((cluster) => suggestionOf(cluster, cluster === home ? 'home' : this.#kindOf(cluster)));
  }

  #kindOf({ members }: Cluster<Visit>): LocationKind {
    const { workingHours } = this.#context.settings;
    if (2 * members.filter((visit) => isAtWork(visit, workingHours)).length <= members.length) return 'other';
    const stays = members.map(lengthOf).filter((length) => length !== null);
    return 2 * stays.filter((length) => length >= LONG_STAY_MS).length > stays.length ? 'office' : 'client';
  }
}

function isUnnamed(place: Place & Position, locations: readonly UserLocation[]): boolean {
  return place.locationId === null && locationAt(locations, place) === null;
}

function suggestionOf({ centre, members }: Cluster<Visit>, kind: LocationKind): Suggestion {
  return {
    lat: degreesOf(centre.lat),
    lng: degreesOf(centre.lng),
    radiusMetres: defaultRadiusMetres(kind),
    visits: members.length,
    lastVisitAt: Math.max(...members.map(({ arrivedAt, leftAt }) => leftAt ?? arrivedAt ?? 0)),
    address: mostCommon(members.flatMap(({ address }) => address ?? [])),
    kind,
  };
}

/** Of two that are equally common the one that came first. */
function mostCommon(texts: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first] = [...counts].toSorted(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}

/** Where most nights are spent, and more than now and then. */
function homeOf(clusters: readonly Cluster<Visit>[]): Cluster<Visit> | null {
  const nights = clusters.map((cluster) => ({ cluster, nights: cluster.members.filter(isOvernight).length }));
  const [most] = nights.toSorted((a, b) => b.nights - a.nights);
  return most && most.nights >= FEWEST_VISITS ? most.cluster : null;
}

function isOvernight({ arrivedAt, leftAt, nextAt, timeZone }: Visit): boolean {
  const until = leftAt ?? nextAt;
  if (arrivedAt === null || until === null) return false;
  return localDate(arrivedAt - NIGHT_MS, timeZone) !== localDate(until - NIGHT_MS, timeZone);
}

/** By the middle of the stay: who works comes before the hour and leaves after it. */
function isAtWork({ arrivedAt, leftAt, timeZone }: Visit, hours: Settings['workingHours']): boolean {
  const from = arrivedAt ?? (leftAt ?? 0) - 2 * GUESSED_HALF_MS;
  const to = leftAt ?? from + 2 * GUESSED_HALF_MS;
  const middle = Math.floor((from + to) / 2);
  const span = hours[weekdayOf(middle, timeZone)];
  const time = localTime(middle, timeZone);
  return span !== undefined && span[0] <= time && time < span[1];
}

function lengthOf({ arrivedAt, leftAt }: Visit): number | null {
  return arrivedAt === null || leftAt === null ? null : leftAt - arrivedAt;
}
