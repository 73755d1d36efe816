/** Addresses of the places of a trip: which lack one, and how one that was found is filled in. What is there stays. */

import type { Position } from './geo.ts';
import { positionOf, type Place, type Trip } from './trips.ts';

/** Some 11 m: a house. */
const DECIMALS = 4;

/** Places of one key have one address. */
export function placeKey({ lat, lng }: Position): string {
  return `${lat.toFixed(DECIMALS)},${lng.toFixed(DECIMALS)}`;
}

export function placesOf({ from, to, stops }: Pick<Trip, 'from' | 'to' | 'stops'>): readonly Place[] {
  return [from, to, ...stops].filter((place) => place !== null);
}

/** A known position that is none of the user's locations, and that nobody said more about. */
function lacksAddress(place: Place): boolean {
  return place.address === null && place.locationId === null && positionOf(place) !== null;
}

function keyOf(place: Place): string | null {
  const position = positionOf(place);
  return position && placeKey(position);
}

/** Where exactly the trip has a place of this key. */
export function positionOfKey(trip: Trip, key: string): Position | null {
  const place = placesOf(trip).find((one) => keyOf(one) === key);
  return place ? positionOf(place) : null;
}

/** The keys of the places that lack an address, each once. */
export function unaddressed(trip: Trip): readonly string[] {
  if (trip.locked) return [];
  const keys = placesOf(trip).filter(lacksAddress).map(keyOf);
  return [...new Set(keys.filter((key) => key !== null))];
}

/** The same without what was there before: what nobody moved was wanted before, or somebody took its address away. */
export function newlyUnaddressed(before: Trip | null, after: Trip): readonly string[] {
  const known = before === null ? [] : placesOf(before).filter(({ locationId }) => locationId === null);
  const keys = new Set(known.map(keyOf));
  return unaddressed(after).filter((key) => !keys.has(key));
}

/** The same without the ends somebody wrote. */
export function unaddressedByRules(trip: Trip): readonly string[] {
  const { setByUser, from, to } = trip;
  const isBy = (end: string) => !setByUser.includes(end);
  return unaddressed({ ...trip, from: isBy('from') ? from : null, to: isBy('to') ? to : null });
}

/** `found`: by key. */
export function addressed(trip: Trip, found: ReadonlyMap<string, string>): Trip {
  return withPlaces(trip, (place) => (lacksAddress(place) ? (found.get(keyOf(place) ?? '') ?? null) : null));
}

/** `addressOf`: `null` for a place that stays as it is. */
function withPlaces(trip: Trip, addressOf: (place: Place) => string | null): Trip {
  const filled = <P extends Place>(place: P): P => {
    const address = place.address === null ? addressOf(place) : null;
    return address === null ? place : { ...place, address };
  };
  return {
    ...trip,
    from: trip.from && filled(trip.from),
    to: trip.to && filled(trip.to),
    stops: trip.stops.map(filled),
  };
}

type ByPosition = ReadonlyMap<string, string>;

function exactly({ lat, lng }: Place): string {
  return `${lat},${lng}`;
}

function addressesIn(trip: Trip): ByPosition {
  const known = placesOf(trip).filter((place) => place.address !== null && positionOf(place) !== null);
  return new Map(known.map((place) => [exactly(place), place.address ?? '']));
}

/** The trip with the addresses another state of it has for the very same positions. */
export function withAddressesOf(trip: Trip, other: Trip): Trip {
  return withAddresses(trip, addressesIn(other));
}

/** Addresses a later state of a trip has where an earlier one has none. */
export function addressesSince(earlier: Trip, later: Trip): ByPosition {
  const lacking = new Set(
    placesOf(earlier)
      .filter(({ address }) => address === null)
      .map(exactly),
  );
  return new Map([...addressesIn(later)].filter(([position]) => lacking.has(position)));
}

export function withAddresses(trip: Trip, known: ByPosition): Trip {
  return known.size === 0 ? trip : withPlaces(trip, (place) => known.get(exactly(place)) ?? null);
}
