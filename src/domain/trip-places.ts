/** Where trips began, stopped and ended, as the user's locations see it. What a person named by hand stays named so. */

import { keepClass, reclassify, type ClassificationContext } from './classification.ts';
import { holds, locationAt, type Location } from './locations.ts';
import type { TripEdit } from './trip-edits.ts';
import { positionOf, type Place, type Trip } from './trips.ts';

export const ENDS = ['from', 'to'] as const;
export type End = (typeof ENDS)[number];

/** What an act did to one location: added (`before` is `null`), changed or removed (`after` is `null`). */
export interface LocationMove {
  readonly before: Location | null;
  readonly after: Location | null;
}

/** Moves by the id of their location; only those that can mean something to a trip. */
export type LocationMoves = ReadonlyMap<string, LocationMove>;

/** A name alone changes no trip; a location that is said to be where it is (the same object) is looked at anew. */
export function movesOf(moves: readonly LocationMove[]): LocationMoves {
  const meant = moves.filter(
    ({ before, after }) => before === after || before === null || after === null || !isSameCircle(before, after),
  );
  return new Map(meant.map((move) => [(move.after ?? move.before)?.id ?? '', move]));
}

function isSameCircle(a: Location, b: Location): boolean {
  return a.kind === b.kind && a.lat === b.lat && a.lng === b.lng && a.radiusMetres === b.radiusMetres;
}

/** Cheap: most trips have nothing to do with it. */
function mayFollow({ locked, from, to, stops }: Trip, moves: LocationMoves): boolean {
  return !locked && [from, to, ...stops].some((place) => place !== null && isConcerned(place, moves));
}

function isConcerned(place: Place, moves: LocationMoves): boolean {
  if (place.locationId !== null && moves.has(place.locationId)) return true;
  const position = positionOf(place);
  if (position === null) return false;
  for (const { after } of moves.values()) if (after !== null && holds(after, position)) return true;
  return false;
}

/** The trip with its places where they belong now, and the class that follows; `null`: it stays as it is. */
export function following(trip: Trip, moves: LocationMoves, context: ClassificationContext): Trip | null {
  if (!mayFollow(trip, moves)) return null;
  const place = <P extends Place | null>(was: P, isNamed: boolean): P => placed(was, isNamed, moves, context);
  const moved: Trip = {
    ...trip,
    from: place(trip.from, isNamedByHand(trip, 'from')),
    to: place(trip.to, isNamedByHand(trip, 'to')),
    stops: trip.stops.map((stop) => place(stop, false)),
  };
  const isElsewhere = (end: End) => trip[end]?.locationId !== moved[end]?.locationId;
  const lost = ENDS.filter((end) => isNamedByHand(trip, end) && isElsewhere(end)).map(fieldOf);
  const bare = { ...moved, setByUser: trip.setByUser.filter((field) => !lost.includes(field)) };
  const isOfOtherKind = ENDS.some((end) => isElsewhere(end) || hasOtherKind(trip[end], moves));
  const after = isOfOtherKind ? keepClass(reclassify(bare, context), trip) : bare;
  return JSON.stringify(after) === JSON.stringify(trip) ? null : after;
}

/** What a removed location was called stays, where nothing else says where it was. */
function placed<P extends Place | null>(
  place: P,
  isNamed: boolean,
  moves: LocationMoves,
  { locations }: ClassificationContext,
): P {
  if (place === null || !isConcerned(place, moves)) return place;
  const move = moves.get(place.locationId ?? '');
  const removed = move?.after === null ? move.before : null;
  const position = positionOf(place);
  const stays = removed === null && (isNamed || position === null);
  if (stays) return place;
  const locationId = locationAt(locations, position)?.id ?? null;
  return { ...place, locationId, address: place.address ?? removed?.name ?? null };
}

/** The trip with the names of its locations where nothing else says where it was: they stay, whatever becomes of those. */
export function withNames(trip: Trip, names: ReadonlyMap<string, string>): Trip {
  const named = <P extends Place | null>(place: P): P =>
    place === null || place.address !== null ? place : { ...place, address: names.get(place.locationId ?? '') ?? null };
  return { ...trip, from: named(trip.from), to: named(trip.to), stops: trip.stops.map(named) };
}

function hasOtherKind(place: Place | null, moves: LocationMoves): boolean {
  const move = moves.get(place?.locationId ?? '');
  return move !== undefined && move.before?.kind !== move.after?.kind;
}

/** As `setByUser` calls it: its location was named, not recognised by the position. */
function fieldOf(end: End): string {
  return `${end}.location_id`;
}

function isNamedByHand({ setByUser }: Trip, end: End): boolean {
  return setByUser.includes(fieldOf(end));
}

/** What `setByUser` says after an edit of its ends: a new position, or no place, is not named by hand any more. */
export function namedByHand(setByUser: readonly string[], edit: Pick<TripEdit, End>): string[] {
  const named = ENDS.filter((end) => edit[end]?.locationId !== undefined);
  const anew = ENDS.filter((end) => edit[end] === null || edit[end]?.lat !== undefined);
  const forgotten = anew.map(fieldOf);
  return [...setByUser.filter((field) => !forgotten.includes(field)), ...named.map(fieldOf)];
}
