/** What was looked up about a trip and filled in: nobody's change. It stays when the trip is folded again or taken back. */

import { addressesSince, withAddresses, withAddressesOf } from './addresses.ts';
import { withRouteOf } from './routes.ts';
import type { Trip } from './trips.ts';

/** A trip that was folded again, with what was looked up about it before, where its ends are the same. */
export function keepLookedUp(trip: Trip, before: Trip): Trip {
  return withRouteOf(withAddressesOf(trip, before), before);
}

/** How states of a trip are to be seen, now that something was filled in since the trip was as in `known`. */
export function seenWith(known: Trip, current: Trip): (state: Trip) => Trip {
  const addresses = addressesSince(known, current);
  const isRouted = known.routeDistanceMetres === null && current.routeDistanceMetres !== null;
  return (state) => {
    const filled = withAddresses(state, addresses);
    return isRouted ? withRouteOf(filled, current) : filled;
  };
}
