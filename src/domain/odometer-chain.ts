/**
 * Everything a car's odometer said, in one chain: readings and the odometers of trips, and between them what no trip
 * accounts for. It closes: the trips with both odometers and the signed gaps add up to last minus first. It only
 * reckons; what is to become of a gap is for its driver to say.
 */

import { localMonth } from './calendar.ts';
import type { OdometerReading } from './odometer-readings.ts';
import { LIMITS } from './settings.ts';
import type { Trip } from './trips.ts';

/** From one value of the odometer to the next, where no trip goes from the one to the other. */
export interface Gap {
  /** The same for as long as the two that bound it stay. */
  readonly id: string;
  /** Negative: what lies before and after it overlaps. */
  readonly metres: number;
  /** What trips without odometers account for in it. */
  readonly loggedMetres: number;
  readonly fromMetres: number;
  readonly toMetres: number;
  readonly fromAt: number;
  readonly toAt: number;
  /** The last trip with an odometer before it, and the first behind it. */
  readonly afterTripId: string | null;
  readonly beforeTripId: string | null;
}

export interface ChainMonth {
  readonly month: string;
  /** By the odometer: trips with both, and gaps. */
  readonly drivenMetres: number;
  /** By the logbook: all trips. */
  readonly loggedMetres: number;
}

export interface Chain {
  readonly readings: number;
  readonly trips: number;
  readonly firstMetres: number | null;
  readonly lastMetres: number | null;
  /** In the order of time; none of them is 0. */
  readonly gaps: readonly Gap[];
  readonly byMonth: readonly ChainMonth[];
}

/** What of a trip the chain asks for. */
export type ChainTrip = Pick<
  Trip,
  'id' | 'startedAt' | 'endedAt' | 'timeZone' | 'distanceMetres' | 'startOdometerMetres' | 'endOdometerMetres'
>;

/** One thing the odometer said. A trip with both odometers goes from one value to another; all else says one. */
export interface Link {
  readonly id: string;
  readonly tripId: string | null;
  readonly fromAt: number;
  readonly toAt: number;
  readonly fromMetres: number;
  readonly toMetres: number;
}

/**
 * Of one car. A reading that is not believed says nothing, and one within a trip with both odometers nothing more than
 * the trip. A trip belongs to the month of its own zone, a gap to the month it became known in, by `timeZone`: what
 * turns up later changes no month that is over.
 */
export function chainOf(readings: readonly OdometerReading[], trips: readonly ChainTrip[], timeZone: string): Chain {
  const links = linksOf(readings, trips);
  const gaps = gapsOf(links, trips);
  return {
    readings: readings.length,
    trips: trips.length,
    firstMetres: links[0]?.fromMetres ?? null,
    lastMetres: links.at(-1)?.toMetres ?? null,
    gaps,
    byMonth: monthsOf(trips, gaps, timeZone),
  };
}

/** What one car's odometer said, in the order of time. */
export function linksOf(readings: readonly OdometerReading[], trips: readonly ChainTrip[]): readonly Link[] {
  const whole = trips.flatMap(wholeLink).toSorted(byTime);
  const believed = readings.filter(({ suspicious }) => !suspicious);
  const single = [...believed.map(readingLink), ...trips.flatMap(halfLink)].toSorted(byTime);
  return [...whole, ...outside(single, whole)].toSorted(byTime);
}

/** What no trip with odometers accounts for between the links of the same trips, and of it what others do. */
export function gapsOf(links: readonly Link[], trips: readonly ChainTrip[]): readonly Gap[] {
  return gapsBetween(links, trips.filter((trip) => wholeLink(trip).length === 0).toSorted(byStart));
}

/** Kilometres no trip accounts for, as opposed to some that several do. */
export function isMissing({ metres, loggedMetres }: Gap): boolean {
  return metres > loggedMetres;
}

/** More than odometers and their rounding can hide. */
export function isOpen({ metres, loggedMetres }: Gap): boolean {
  return Math.abs(metres - loggedMetres) > LIMITS.odometerToleranceMetres;
}

function wholeLink({ id, startedAt, endedAt, startOdometerMetres: from, endOdometerMetres: to }: ChainTrip): Link[] {
  if (from === null || to === null) return [];
  return [{ id, tripId: id, fromAt: startedAt, toAt: endedAt, fromMetres: from, toMetres: to }];
}

function halfLink({ id, startedAt, endedAt, startOdometerMetres: from, endOdometerMetres: to }: ChainTrip): Link[] {
  if ((from === null) === (to === null)) return [];
  const at = from === null ? endedAt : startedAt;
  const metres = from ?? to ?? 0;
  return [{ id, tripId: id, fromAt: at, toAt: at, fromMetres: metres, toMetres: metres }];
}

function readingLink({ id, at, odometerMetres: metres }: OdometerReading): Link {
  return { id, tripId: null, fromAt: at, toAt: at, fromMetres: metres, toMetres: metres };
}

function byTime(a: Link, b: Link): number {
  return a.fromAt - b.fromAt || a.toAt - b.toAt || (a.id < b.id ? -1 : 1);
}

function byStart(a: ChainTrip, b: ChainTrip): number {
  return a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1);
}

/** Those of the single values, in order, that lie in none of the trips, in order. */
function outside(single: readonly Link[], whole: readonly Link[]): Link[] {
  let next = 0;
  let until = -Infinity;
  return single.filter(({ fromAt }) => {
    for (let trip = whole[next]; trip && trip.fromAt <= fromAt; trip = whole[(next += 1)]) {
      until = Math.max(until, trip.toAt);
    }
    return fromAt > until;
  });
}

/** `unmeasured`: the trips without both odometers, in order. */
function gapsBetween(links: readonly Link[], unmeasured: readonly ChainTrip[]): Gap[] {
  const following = nextTrips(links);
  const gaps: Gap[] = [];
  let afterTripId: string | null = null;
  let next = 0;
  for (const [i, link] of links.entries()) {
    const before = links[i - 1];
    afterTripId = before?.tripId ?? afterTripId;
    let loggedMetres = 0;
    for (let trip = unmeasured[next]; trip && trip.startedAt < link.fromAt; trip = unmeasured[(next += 1)]) {
      if (before && trip.startedAt >= before.toAt) loggedMetres += trip.distanceMetres;
    }
    if (!before || link.fromMetres === before.toMetres) continue;
    gaps.push({
      id: `gap-${before.id}-${link.id}`,
      metres: link.fromMetres - before.toMetres,
      loggedMetres,
      fromMetres: before.toMetres,
      toMetres: link.fromMetres,
      fromAt: before.toAt,
      toAt: link.fromAt,
      afterTripId,
      beforeTripId: following[i] ?? null,
    });
  }
  return gaps;
}

/** For each link, the first trip at or behind it. */
function nextTrips(links: readonly Link[]): (string | null)[] {
  let next: string | null = null;
  return links
    .toReversed()
    .map(({ tripId }) => (next = tripId ?? next))
    .toReversed();
}

function monthsOf(trips: readonly ChainTrip[], gaps: readonly Gap[], timeZone: string): ChainMonth[] {
  const months = new Map<string, ChainMonth>();
  const add = (month: string, drivenMetres: number, loggedMetres: number): void => {
    const known = months.get(month);
    months.set(month, {
      month,
      drivenMetres: (known?.drivenMetres ?? 0) + drivenMetres,
      loggedMetres: (known?.loggedMetres ?? 0) + loggedMetres,
    });
  };
  for (const trip of trips) {
    const [link] = wholeLink(trip);
    const driven = link ? link.toMetres - link.fromMetres : 0;
    add(localMonth(trip.startedAt, trip.timeZone), driven, trip.distanceMetres);
  }
  for (const gap of gaps) add(localMonth(gap.toAt, timeZone), gap.metres, 0);
  return [...months.values()].toSorted((a, b) => (a.month < b.month ? -1 : 1));
}
