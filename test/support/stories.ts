/** Anything that may happen to a driver with two cars, in any order, as fast-check makes it up. */

import fc from 'fast-check';
import { east, HOME, north } from './places.ts';
import type { Scene } from './stage.ts';

const MINUTE = 60_000;

const PLACES = [null, HOME, north(HOME, 0.05), north(HOME, 0.4), east(HOME, 8), north(HOME, 40)];
export const CARS = ['a', 'b'].map((name, i) => ({
  id: `car_${name}`,
  deviceNames: [name],
  ignored: false,
  pollIntervalMs: i === 0 ? MINUTE : null,
}));

export const happening = fc.record({
  type: fc.constantFrom('start', 'start', 'end', 'end', 'ping', 'ping', 'finalize', 'cancel', 'reading', 'tick'),
  pauseSeconds: fc.oneof(
    fc.integer({ min: 1, max: 130 }),
    fc.integer({ min: 1, max: 1_500 }),
    fc.integer({ min: 1, max: 5 * 3_600 }),
  ),
  /** How long it was on its way; then it carries its time. */
  lateMinutes: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 300 })),
  place: fc.constantFrom(...PLACES),
  device: fc.constantFrom(undefined, undefined, 'a', 'b', 'friend'),
  state: fc.constantFrom('driving' as const, 'parked' as const, 'unknown' as const),
  km: fc.option(fc.integer({ min: 1_000, max: 1_400 })),
});
export type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** Answers when what happened happened. */
export async function tell({ wire, clock, user }: Scene, said: Happening): Promise<number> {
  // No two things happen at the same instant: of those the order of arrival counts, and each has its own place.
  clock.advance(said.pauseSeconds * 1_000 + 7);
  const late = said.lateMinutes * MINUTE;
  const at = late === 0 ? {} : { timestamp: clock.now() - late };
  const device = said.device === undefined ? {} : { device: said.device };
  switch (said.type) {
    case 'tick':
      await wire.tick();
      break;
    case 'reading': {
      const km = said.km === null ? {} : { km: said.km };
      await wire.reading(user, 'car_a', { ...km, state: said.state, at: clock.now() - late });
      break;
    }
    case 'ping':
      await wire.points(user, [{ place: said.place ?? HOME, ...at }]);
      break;
    default:
      await wire.event(user, said.type, { place: said.place, ...at, ...device });
  }
  return clock.now() - late;
}
