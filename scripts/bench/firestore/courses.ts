/** What a driver does again and again. After the last call another user does the same from the beginning. */

import type { Deps } from '../../../src/actions/deps.ts';
import { recordEvent, recordPing } from '../../../src/actions/track.ts';
import { addUser } from '../../../src/actions/users.ts';
import type { Store, UserStore } from '../../../src/seams/store.ts';
import { onTheRoad, saidEvent, saidPing } from '../phone.ts';
import { depsOn } from '../seeds.ts';
import type { Turns } from '../side-by-side.ts';

export interface Driver {
  readonly deps: Deps;
  readonly user: UserStore;
  readonly startedAt: number;
}

export interface Course {
  readonly name: string;
  readonly calls: number;
  /** How many of them make one of what is counted. */
  readonly callsEach: number;
  /** Not counted. */
  begin(driver: Driver): Promise<void>;
  call(driver: Driver, i: number): Promise<void>;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export function driverOn(store: Store, email: string): Driver {
  const deps = depsOn(store);
  return { deps, user: store.forUser(email), startedAt: deps.clock.now() - 10 * HOUR_MS };
}

export async function* driving(course: Course, store: Store, name: string): Turns {
  for (let lap = 0; ; lap += 1) {
    const driver = driverOn(store, `${name}-${lap}@example.com`);
    await course.begin(driver);
    for (let i = 0; i < course.calls; i += 1) yield () => course.call(driver, i);
  }
}

/** A ping a second: four windows of the track. */
const PINGS: Course = {
  name: 'ping',
  calls: 480,
  callsEach: 1,
  async begin(driver) {
    await addUser(driver.deps, driver.user.email);
    await event(driver, 'start', driver.startedAt, 0);
  },
  async call({ deps, user, startedAt }, i) {
    const said = saidPing(startedAt + (i + 1) * 1_000, onTheRoad(i + 1));
    expectCode('recorded', await recordPing(deps, user, said));
  },
};

const DRIVE_MS = 3 * MINUTE_MS;
/** Long enough for the next start to begin another trip. */
const EVERY_MS = 18 * MINUTE_MS;
const DRIVE_STEPS = 200;

/** A start, an end, each trip going on from where the one before it ended. */
const TRIPS: Course = {
  name: 'trip',
  calls: 48,
  callsEach: 2,
  async begin({ deps, user }) {
    await addUser(deps, user.email);
  },
  async call(driver, i) {
    const trip = Math.floor(i / 2);
    const at = driver.startedAt + trip * EVERY_MS;
    if (i % 2 === 0) await event(driver, 'start', at, trip * DRIVE_STEPS);
    else await event(driver, 'end', at + DRIVE_MS, (trip + 1) * DRIVE_STEPS);
  },
};

export const COURSES: readonly Course[] = [PINGS, TRIPS];

async function event({ deps, user }: Driver, type: 'start' | 'end', at: number, steps: number): Promise<void> {
  const outcome = await recordEvent(deps, user, saidEvent(type, at, onTheRoad(steps)));
  expectCode(type === 'start' ? 'started' : 'finished', outcome);
}

/** What is measured must be what is said to be. */
function expectCode(code: string, { reply }: { readonly reply: { readonly code: string } }): void {
  if (reply.code !== code) throw new Error(`the answer was ${reply.code}, not ${code}`);
}
