/** Which cars the machine would like to hear from, and about what (trip rules 4, 9, 11 and 12). Pure. */

import { pollableCars } from './open-trip.ts';
import type { Closed, Machine, OpenTrip } from './state.ts';
import type { Context } from './turn.ts';

export interface Wanted {
  readonly carId: string;
  /** Changes when something happened the car has to be asked about at once: a start, an end. */
  readonly mark: string;
  /** Whether it may be on the road. */
  readonly pace: 'moving' | 'standing';
}

/** Each car once. A car of the open trip is asked about that trip, whatever an older one waits for. */
export function wantedCars(machine: Machine, context: Context): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const one of [
    ...ofOpenTrip(machine, context),
    ...machine.memory.closed.flatMap((closed) => ofClosed(closed, context)),
  ]) {
    if (!wanted.has(one.carId)) wanted.set(one.carId, one);
  }
  return [...wanted.values()];
}

function ofOpenTrip({ now }: Machine, context: Context): readonly Wanted[] {
  switch (now.phase) {
    case 'driving':
      return ofTrip(now.trip, `start ${now.trip.lastStartAt}`, now.trip.still ? 'standing' : 'moving', context);
    case 'ending':
      return ofTrip(now.trip, `end ${now.end.at}`, 'moving', context);
    case 'paused':
      return ofTrip(now.trip, `pause ${now.pause.at}`, 'standing', context);
    case 'idle':
    case 'stale':
      return [];
  }
}

/** An odometer that is still missing; the rules stop waiting after a day. */
function ofClosed({ trip, booked }: Closed, context: Context): readonly Wanted[] {
  return booked?.odometerPending ? ofTrip(trip, 'pending', 'standing', context) : [];
}

function ofTrip(trip: OpenTrip, about: string, pace: Wanted['pace'], context: Context): readonly Wanted[] {
  return pollableCars(trip, context).map((carId) => ({ carId, mark: `${trip.id} ${about}`, pace }));
}

const QUARTER_DAY_MS = 6 * 3_600_000;

/** The other cars that can be asked, for a look four times a day: was one driven that no phone told of? */
export function idleCars(wanted: readonly Wanted[], { cars }: Context, now: number): readonly Wanted[] {
  const mark = `look ${Math.floor(now / QUARTER_DAY_MS)}`;
  return cars
    .filter(({ id, pollIntervalMs }) => pollIntervalMs !== null && wanted.every(({ carId }) => carId !== id))
    .map(({ id }) => ({ carId: id, mark, pace: 'standing' }));
}

/** What tells one wish from another, for all cars together. */
export function wishesOf(wanted: readonly Wanted[]): readonly string[] {
  return wanted.map(({ carId, mark }) => `${carId} ${mark}`);
}
