/**
 * Closed months as one chain: each closing and each correction of a closed month carries the head of the one before, so
 * that whatever is altered, taken out or put in afterwards no longer fits. Made and replayed here; nothing is locked here.
 */

import type { Actor } from './activity.ts';
import { canonical } from './canonical.ts';
import type { Trip } from './trips.ts';

/** A one-way digest of a text. */
export type Digest = (text: string) => string;

/** Where an entry stands in the chain; `nth` counts from 1. */
export interface Link {
  readonly nth: number;
  readonly previous: string | null;
  readonly head: string;
}

/** The end of a user's chain. */
export type ChainEnd = Pick<Link, 'nth' | 'head'>;

/** What an edit needs to know of them. */
export interface ClosedMonths {
  readonly months: readonly string[];
  readonly end: ChainEnd;
}

/** What became of one trip of a closed month, and why. Of a trip that stays, the fields that differ. */
export interface Correction {
  readonly at: number;
  readonly by: Actor;
  readonly reason: string;
  readonly tripId: string;
  readonly before: Partial<Trip> | null;
  readonly after: Partial<Trip> | null;
  /** Of the whole trip; `null`: it was or is not in the month. */
  readonly digestBefore: string | null;
  readonly digestAfter: string | null;
}

export type CorrectionLink = Correction & Link;

/** Stored under `months/{YYYY-MM}`. */
export interface ClosedMonth extends Link {
  readonly month: string;
  readonly at: number;
  readonly by: Actor;
  /** The month's trips when it was closed: digests by their ids. */
  readonly trips: Readonly<Record<string, string>>;
  readonly corrections: readonly CorrectionLink[];
}

/** What the feed tells of a closing. */
export interface MonthInFeed {
  readonly month: string;
  readonly head: string;
  readonly trips: number;
}

/** What is said of a trip, whatever the order of its fields. When it was last touched is no part of it. */
export function digestOfTrip(trip: Trip, digest: Digest): string {
  const { updatedAt: _, locked: _locked, ...said } = trip;
  return digest(canonical(said));
}

export function closingOf(
  closing: Pick<ClosedMonth, 'month' | 'at' | 'by'>,
  trips: readonly Trip[],
  end: ChainEnd | null,
  digest: Digest,
): ClosedMonth {
  const digests = Object.fromEntries(trips.map((trip) => [trip.id, digestOfTrip(trip, digest)]));
  const said = { ...closing, trips: digests };
  return { ...said, ...linkBehind(end, said, digest), corrections: [] };
}

/** `before` and `after`: the trip as far as it is in this month. */
export function correctionOf(
  correction: Pick<Correction, 'at' | 'by' | 'reason'>,
  before: Trip | null,
  after: Trip | null,
  end: ChainEnd,
  digest: Digest,
): CorrectionLink {
  const said: Correction = {
    ...correction,
    tripId: (after ?? before)?.id ?? '',
    before: before && after ? only(before, after) : before,
    after: before && after ? only(after, before) : after,
    digestBefore: before && digestOfTrip(before, digest),
    digestAfter: after && digestOfTrip(after, digest),
  };
  return { ...said, ...linkBehind(end, said, digest) };
}

export type ChainProblemKind =
  | 'altered_trip'
  | 'missing_trip'
  | 'added_trip'
  | 'altered_entry'
  | 'missing_entry'
  | 'cut_off';

export interface ChainProblem {
  readonly kind: ChainProblemKind;
  readonly tripId: string | null;
  readonly month: string | null;
}

/** Whether every entry is as it was written, none is missing, and each month's trips are those it tells of. */
export function replay(
  months: readonly ClosedMonth[],
  tripsOf: (month: string) => readonly Trip[],
  end: ChainEnd | null,
  digest: Digest,
): ChainProblem[] {
  return [
    ...chainProblems(months, end, digest),
    ...months.flatMap((month) => tripProblems(month, tripsOf(month.month), digest)),
  ];
}

/** The head of every entry there is, for whoever holds an older report. */
export function headsOf(months: readonly ClosedMonth[]): ReadonlySet<string> {
  return new Set(months.flatMap(({ head, corrections }) => [head, ...corrections.map((one) => one.head)]));
}

interface Entry {
  readonly month: string;
  readonly tripId: string | null;
  readonly link: Link;
  readonly said: object;
}

function entriesOf(months: readonly ClosedMonth[]): Entry[] {
  return months
    .flatMap(({ nth, previous, head, corrections, ...said }): Entry[] => [
      { month: said.month, tripId: null, link: { nth, previous, head }, said },
      ...corrections.map(({ nth: at, previous: before, head: own, ...correction }) => ({
        month: said.month,
        tripId: correction.tripId,
        link: { nth: at, previous: before, head: own },
        said: correction,
      })),
    ])
    .toSorted((a, b) => a.link.nth - b.link.nth);
}

function chainProblems(months: readonly ClosedMonth[], end: ChainEnd | null, digest: Digest): ChainProblem[] {
  const problems: ChainProblem[] = [];
  let last: ChainEnd | null = null;
  for (const { month, tripId, link, said } of entriesOf(months)) {
    const isNext = link.nth === (last?.nth ?? 0) + 1 && link.previous === (last?.head ?? null);
    if (!isNext) problems.push({ kind: 'missing_entry', tripId, month });
    const own = headOf(link.nth, link.previous, said, digest);
    if (own !== link.head) problems.push({ kind: 'altered_entry', tripId, month });
    last = link;
  }
  if (last?.nth !== end?.nth || last?.head !== end?.head) problems.push({ kind: 'cut_off', tripId: null, month: null });
  return problems;
}

function tripProblems(
  { month, trips, corrections }: ClosedMonth,
  found: readonly Trip[],
  digest: Digest,
): ChainProblem[] {
  const expected = new Map(Object.entries(trips));
  for (const { tripId, digestAfter } of corrections) {
    if (digestAfter === null) expected.delete(tripId);
    else expected.set(tripId, digestAfter);
  }
  const wrong = found.flatMap((trip): ChainProblem[] => {
    const told = expected.get(trip.id);
    if (told === undefined) return [{ kind: 'added_trip', tripId: trip.id, month }];
    return told === digestOfTrip(trip, digest) ? [] : [{ kind: 'altered_trip', tripId: trip.id, month }];
  });
  const there = new Set(found.map(({ id }) => id));
  const missing = [...expected.keys()].filter((id) => !there.has(id));
  return [...wrong, ...missing.map((tripId): ChainProblem => ({ kind: 'missing_trip', tripId, month }))];
}

function linkBehind(end: ChainEnd | null, said: object, digest: Digest): Link {
  const [nth, previous] = [(end?.nth ?? 0) + 1, end?.head ?? null];
  return { nth, previous, head: headOf(nth, previous, said, digest) };
}

function headOf(nth: number, previous: string | null, said: object, digest: Digest): string {
  return digest(canonical({ nth, previous, said }));
}

function only(trip: Trip, other: Trip): Partial<Trip> {
  const others = new Map<string, unknown>(Object.entries(other));
  const differs = ([name, value]: [string, unknown]) => canonical(value) !== canonical(others.get(name));
  return Object.fromEntries(Object.entries(trip).filter(differs));
}
