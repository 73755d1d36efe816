/** Finding trips by words. Every word must occur somewhere in a trip; case and accents do not count. */

import type { Place, Trip } from '../domain/trips.ts';
import type { UserStore } from '../seams/store.ts';
import { rowsOf } from './pages.ts';

export async function tripSearch(user: UserStore, text: string): Promise<(trip: Trip) => boolean> {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const names = await locationNames(user);
  return (trip) => {
    const found = folded(textsOf(trip, names).join('\n'));
    return words.every((word) => found.includes(word));
  };
}

async function locationNames(user: UserStore): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for await (const { id, doc } of rowsOf(user, 'location', { order: 'asc' })) names.set(id, doc.name);
  return names;
}

function textsOf(trip: Trip, names: ReadonlyMap<string, string>): string[] {
  const places = [trip.from, trip.to, ...trip.stops].filter((place): place is Place => place !== null);
  const texts = [trip.purpose, trip.businessPartner, trip.notes, trip.routeNote];
  const ofPlaces = places.flatMap(({ address, locationId }) => [address, names.get(locationId ?? '') ?? null]);
  return [...texts, ...ofPlaces].filter((text) => text !== null);
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
