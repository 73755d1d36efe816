/** What became of trips after they were written down, taken from the feed: the fields a reader sees, before and after. */

import type { Activity, Actor, Written } from '../activity.ts';
import type { ClosedMonth } from '../month-chain.ts';
import type { Trip } from '../trips.ts';

/** In the order they are told. */
export const TOLD_FIELDS = [
  'startedAt',
  'endedAt',
  'carId',
  'from',
  'to',
  'startOdometerMetres',
  'endOdometerMetres',
  'distanceMetres',
  'type',
  'businessMetres',
  'commute',
  'purpose',
  'businessPartner',
  'routeNote',
  'detourMetres',
  'notes',
] as const satisfies readonly (keyof Trip)[];

export type ToldField = (typeof TOLD_FIELDS)[number];

/** The one field as it was and is. */
export interface FieldChange {
  readonly field: ToldField;
  readonly before: Partial<Trip>;
  readonly after: Partial<Trip>;
}

export interface TripChange {
  readonly at: number;
  readonly by: Actor;
  /** It took an earlier one back. */
  readonly isUndo: boolean;
  /** Into a month that was closed. */
  readonly isAdded: boolean;
  /** Why a closed month was corrected; elsewhere nobody was asked. */
  readonly reason: string | null;
  readonly fields: readonly FieldChange[];
}

export interface DeletedTrip {
  readonly at: number;
  readonly by: Actor;
  readonly reason: string | null;
  readonly trip: Trip;
}

/** Why a trip of a closed month was corrected at an instant. */
export type Reasons = ReadonlyMap<string, string>;

export function reasonsIn(months: readonly Pick<ClosedMonth, 'corrections'>[]): Reasons {
  return new Map(
    months.flatMap(({ corrections }) => corrections.map((one) => [keyOf(one.tripId, one.at), one.reason])),
  );
}

const keyOf = (tripId: string, at: number): string => `${tripId} ${at}`;

/** Of one act of the feed; `written`: all documents of it, or a portion of them. */
export function changesIn(
  act: Activity,
  written: readonly Written[],
  reasons: Reasons,
): ReadonlyMap<string, TripChange> {
  const changes = new Map<string, TripChange>();
  for (const { noun, nounId, before, after } of written) {
    if (noun !== 'trip' || after === null) continue;
    const said = { ...told(act, nounId, reasons), isUndo: act.undoes !== null };
    const fields = before === null ? [] : fieldsBetween(before as Trip, after as Trip);
    const isAdded = before === null && said.reason !== null;
    if (isAdded || fields.length > 0) changes.set(nounId, { ...said, isAdded, fields });
  }
  return changes;
}

/** Trips this act took out; `false`: put back. */
export function deletionsIn(
  act: Activity,
  written: readonly Written[],
  reasons: Reasons,
): ReadonlyMap<string, DeletedTrip | false> {
  const deletions = new Map<string, DeletedTrip | false>();
  for (const { noun, nounId, before, after } of written) {
    if (noun !== 'trip' || (before === null) === (after === null)) continue;
    deletions.set(nounId, before === null ? false : { ...told(act, nounId, reasons), trip: before as Trip });
  }
  return deletions;
}

/** What an entry of the feed tells itself; the parts beside it are read apart. */
export function writtenIn(act: Activity): readonly Written[] {
  const { noun, nounId, before, after } = act;
  return [{ noun, nounId, before, after }, ...act.also];
}

function told({ at, by }: Activity, tripId: string, reasons: Reasons) {
  return { at, by, reason: reasons.get(keyOf(tripId, at)) ?? null };
}

function fieldsBetween(before: Trip, after: Trip): FieldChange[] {
  const differs = (field: ToldField) => JSON.stringify(saidOf(before, field)) !== JSON.stringify(saidOf(after, field));
  return TOLD_FIELDS.filter(differs)
    .filter((field) => field !== 'businessMetres' || before.type === 'M' || after.type === 'M')
    .map((field) => ({ field, before: { [field]: before[field] }, after: { [field]: after[field] } }));
}

/** Of a place only what is printed: where exactly a receiver put it is no change of the entry. */
function saidOf(trip: Trip, field: ToldField): unknown {
  const value = trip[field] ?? null;
  if (field !== 'from' && field !== 'to') return value;
  const place = trip[field];
  return place && [place.address, place.locationId];
}
