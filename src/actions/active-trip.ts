/** The open trip, for whoever looks. Changes nothing. */

import type { ActiveTrip } from '../domain/machine/state.ts';
import { measure } from '../domain/track.ts';
import type { UserStore } from '../seams/store.ts';

/** With its running distance in metres; `null`: nothing is open. */
export async function activeTrip(store: UserStore): Promise<{ trip: ActiveTrip; distanceMetres: number } | null> {
  const active = await store.get('active', 'trip_start');
  return active && { trip: active, distanceMetres: measure(active.now.trip.totals).metres };
}
