/** When somebody was where, told by the ends and stops of trips: what one trip ends with, the next begins with. */

import { distanceMetres, type Position } from './geo.ts';
import type { Place, Trip } from './trips.ts';

/** One stay at a place; of its beginning and end at least one is known. */
export interface Visit extends Position {
  readonly arrivedAt: number | null;
  readonly leftAt: number | null;
  /** When the next trip began, wherever; `null`: none did. */
  readonly nextAt: number | null;
  readonly timeZone: string;
  readonly address: string | null;
}

/** Where two ends are one place. */
export const SAME_PLACE_METRES = 150;

/** Collects visits of trips that come in the order of their start; only at places `isWanted` accepts. */
export class Visits {
  readonly #isWanted: (place: Place & Position) => boolean;
  readonly #visits: Visit[] = [];
  /** The end of the trip before, until it is known what followed. */
  #last: Trip | null = null;

  constructor(isWanted: (place: Place & Position) => boolean) {
    this.#isWanted = isWanted;
  }

  add(trip: Trip): void {
    this.#between(this.#last, trip);
    for (const stop of trip.stops) this.#note(stop, trip, { arrivedAt: stop.arrivedAt, leftAt: stop.leftAt });
    this.#last = trip;
  }

  all(): readonly Visit[] {
    this.#between(this.#last, null);
    this.#last = null;
    return this.#visits;
  }

  #between(before: Trip | null, next: Trip | null): void {
    const arrivedAt = before?.endedAt ?? null;
    const leftAt = next?.startedAt ?? null;
    if (isOnePlace(before?.to ?? null, next?.from ?? null)) {
      this.#note(before?.to ?? null, before, { arrivedAt, leftAt });
      return;
    }
    this.#note(before?.to ?? null, before, { arrivedAt, leftAt: null, nextAt: leftAt });
    this.#note(next?.from ?? null, next, { arrivedAt: null, leftAt });
  }

  #note(place: Place | null, trip: Trip | null, when: Pick<Visit, 'arrivedAt' | 'leftAt'> & Partial<Visit>): void {
    if (place === null || trip === null || !isPlaced(place) || !this.#isWanted(place)) return;
    const { lat, lng, address } = place;
    this.#visits.push({ lat, lng, address, timeZone: trip.timeZone, nextAt: when.leftAt, ...when });
  }
}

function isPlaced(place: Place): place is Place & Position {
  return place.lat !== null && place.lng !== null;
}

function isOnePlace(a: Place | null, b: Place | null): boolean {
  return a !== null && b !== null && isPlaced(a) && isPlaced(b) && distanceMetres(a, b) <= SAME_PLACE_METRES;
}
