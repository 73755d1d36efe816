/** Which cars the machine would like to hear from, and about what (trip rules 4, 9, 11 and 12). Pure. */

import type { CarSeen } from '../odometer.ts';
import { pollableCars } from './open-trip.ts';
import type { Closed, Machine, MachineMemory, OpenTrip } from './state.ts';
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
    ...machine.memory.closed.flatMap((closed) => ofClosed(machine.memory, closed, context)),
  ]) {
    if (!wanted.has(one.carId)) wanted.set(one.carId, one);
  }
  return [...wanted.values()];
}

function ofOpenTrip({ now }: Machine, context: Context): readonly Wanted[] {
  switch (now.phase) {
    case 'driving':
      return ofTrip(now.trip, startOf(now.trip), now.trip.still ? 'standing' : 'moving', context);
    case 'ending':
      return ofTrip(now.trip, `end ${now.end.at}`, 'moving', context);
    case 'paused':
      return ofTrip(
        now.trip,
        now.pause.locationId === null ? startOf(now.trip) : `pause ${now.pause.at}`,
        'standing',
        context,
      );
    case 'idle':
    case 'stale':
      return [];
  }
}

/** That a car stands still, or goes on, it has said itself: nothing to ask it about at once. */
function startOf({ lastStartAt }: OpenTrip): string {
  return `start ${lastStartAt}`;
}

/** An odometer that is still missing and that no user measured himself; the rules stop waiting after a day. */
function ofClosed({ cars, settled }: MachineMemory, closed: Closed, context: Context): readonly Wanted[] {
  const { trip, booked, at } = closed;
  if (!booked?.odometerPending || settled[trip.id]?.measures) return [];
  const wanted = ofTrip(trip, 'pending', 'standing', context);
  return trip.car.carId === null ? wanted.filter(({ carId }) => !hasStood(cars[carId]?.seen ?? null, at)) : wanted;
}

/** Whichever car it was: one that has answered since and does not drive has said all it knows. */
function hasStood(seen: CarSeen | null, since: number): boolean {
  return seen !== null && seen.at >= since && seen.state !== 'driving';
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
