/** Users on the road in simulated cars of theirs, connected as everybody connects one. */

import { addCar } from '../../src/actions/cars.ts';
import { connectCar } from '../../src/actions/connections.ts';
import type { Deps } from '../../src/actions/deps.ts';
import { recordEvent } from '../../src/actions/track.ts';
import { saidEvent } from './phone.ts';

const HOUR_MS = 3_600_000;
const BY = { kind: 'open' } as const;
const HOME = { lat: 52.1, lng: 5.1 };

/** The user has one car, and drives it for hours from now on. */
export async function driveOff(deps: Deps, email: string, answersAfterMs: number): Promise<void> {
  const now = deps.clock.now();
  const user = deps.store.forUser(email);
  const { id } = await addCar(deps, user, { name: 'Car' }, BY);
  const drive = { startsAt: now, durationMs: 4 * HOUR_MS, distanceMetres: 300_000, to: { lat: 54.1, lng: 7.1 } };
  const settings = {
    provider: 'simulator',
    odometerMetres: 50_000_000,
    parkedAt: HOME,
    drives: [drive],
    resolutionMetres: 1,
    lagMs: 0,
    sleepsAfterMs: null,
    fault: 'none',
    faultShare: 0,
    observes: true,
    answersAfterMs,
  } as const;
  await connectCar(deps, user, id, settings, BY);
  await recordEvent(deps, user, saidEvent('start', now, HOME));
}
