/** What must hold when two instances of the service share one store, whichever store it is. */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Deps } from '../../src/actions/deps.ts';
import { pollAll } from '../../src/actions/poll.ts';
import type { Store } from '../../src/seams/store.ts';
import { tripsOf } from '../support/book.ts';
import {
  asItHappens,
  DAY_START,
  dayOf,
  HOUR,
  inParts,
  play,
  shuffledOf,
  type Arriving,
  type Day,
} from '../support/drives.ts';
import { notedProviders, simulatedCar, type Call } from '../support/garage.ts';
import type { Logbook } from '../support/logbook.ts';
import { HOME, north } from '../support/places.ts';
import { runs } from '../support/runs.ts';
import { sceneOf, stage, type Scene } from '../support/stage.ts';
import { actionsWire, type Wire } from '../support/wires.ts';

const MINUTE = 60_000;
const UNTIL = DAY_START + 100 * HOUR;

/** Two handles on one store, as two processes have them. */
export interface Pair {
  readonly here: Store;
  readonly there: Store;
  remove(): Promise<void>;
}

/** Call inside a `describe`. The store is opened once; each story has a user of its own. */
export function instancesContract(open: () => Pair, few: number, many: number): void {
  const { scene } = stage();
  let pair: Pair | null = null;
  let users = 0;
  beforeAll(() => {
    pair = open();
  });
  afterAll(() => pair?.remove());

  async function shared<T>(story: (here: Scene, there: Wire) => Promise<T>): Promise<T> {
    if (pair === null) throw new Error('the stores are not open yet');
    const here = sceneOf(pair.here, '', `driver${(users += 1)}@example.nl`);
    const there = actionsWire({ ...here.deps, store: pair.there });
    const result = await story(here, there);
    await pair.here.removeUser(here.user);
    return result;
  }

  /** By one instance on a store of its own. */
  const alone = (day: Day): Promise<Logbook> =>
    scene(async (one) => {
      await play(one, one.user, asItHappens(day, 4), { until: UNTIL });
      return one.logbook();
    });

  const together = (arriving: readonly Arriving[], wireOf: (here: Wire, there: Wire) => Wire): Promise<Logbook> =>
    shared(async (here, there) => {
      const wire = wireOf(here.wire, there);
      await play({ clock: here.clock, wire }, here.user, arriving, { until: UNTIL, tickMinutes: 12 * 60 });
      return here.logbook();
    });

  describe('two instances', { timeout: 1_200_000 }, () => {
    test('told the same at the same moment keep it once', async () => {
      await fc.assert(
        fc.asyncProperty(dayOf, async (day) => {
          expect(await together(asItHappens(day, 4), both)).toEqual(await alone(day));
        }),
        runs(few, many),
      );
    });

    test('each told a part, late, doubled and in any order, make one logbook', async () => {
      const told = dayOf.chain((day) =>
        fc.tuple(
          fc.constant(day),
          shuffledOf([...day.events, ...inParts(day.points, 4)]),
          fc.infiniteStream(fc.boolean()),
        ),
      );
      await fc.assert(
        fc.asyncProperty(told, async ([day, shuffled, turns]) => {
          const either = (here: Wire, there: Wire) => inTurns(here, there, () => turns.next().value);
          expect(await together(shuffled, either)).toEqual(await alone(day));
        }),
        runs(few, many),
      );
    });

    test('that both ask cars, however late those answer and whenever the end comes, make each drive one trip', async () => {
      const story = fc.record({
        lagMinutes: fc.integer({ min: 0, max: 30 }),
        minutes: fc.integer({ min: 12, max: 50 }),
        km: fc.integer({ min: 3, max: 40 }),
        /** When in the minute of a round the end comes. */
        endSeconds: fc.constantFrom(-1, 0, 1, 30),
      });
      await fc.assert(
        fc.asyncProperty(story, async ({ lagMinutes, minutes, km, endSeconds }) => {
          await shared(async (here, there) => {
            const { clock, user, wire } = here;
            const calls: Call[] = [];
            const deps: Deps = { ...here.deps, providers: notedProviders(calls) };
            const startsAt = clock.now() + 10 * MINUTE;
            const endsAt = startsAt + minutes * MINUTE + endSeconds * 1_000;
            const drive = { startsAt, durationMs: endsAt - startsAt, distanceMetres: km * 1_000, to: north(HOME, km) };
            await simulatedCar(deps, user, { drives: [drive], lagMs: lagMinutes * MINUTE, resolutionMetres: 10 });
            clock.set(startsAt);
            await Promise.all([wire.event(user, 'start', at(startsAt)), there.event(user, 'start', at(startsAt))]);
            for (let minute = 1; minute <= minutes + 60; minute += 1) {
              const now = startsAt + minute * MINUTE;
              clock.set(now);
              const isEnd = endsAt > now - MINUTE && endsAt <= now;
              await Promise.all([
                pollAll(deps),
                pollAll({ ...deps, store: (pair ?? open()).there }),
                isEnd && there.event(user, 'end', at(endsAt)),
              ]);
            }
            const trips = await tripsOf(here.deps.store.forUser(user));
            expect(trips.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([[startsAt, endsAt]]);
            const times = calls.map((call) => call.at);
            expect(times).toEqual([...new Set(times)]);
            for (const { distanceSource, distanceMetres, startOdometerEstimated } of trips) {
              if (distanceSource !== 'odometer' || startOdometerEstimated) continue;
              expect(Math.abs(distanceMetres - km * 1_000)).toBeLessThanOrEqual(20);
            }
          });
        }),
        runs(few, many),
      );
    });
  });
}

const at = (timestamp: number) => ({ place: null, timestamp });

/** Every message at both at once. */
function both(here: Wire, there: Wire): Wire {
  return {
    ...here,
    event: async (...said) => (await Promise.all([here.event(...said), there.event(...said)]))[0],
    points: async (...said) => (await Promise.all([here.points(...said), there.points(...said)]))[0],
    tick: async () => void (await Promise.all([here.tick(), there.tick()])),
  };
}

/** Every message at one of the two. */
function inTurns(here: Wire, there: Wire, isHere: () => boolean): Wire {
  const one = () => (isHere() ? here : there);
  return {
    ...here,
    event: (...said) => one().event(...said),
    points: (...said) => one().points(...said),
    tick: () => one().tick(),
  };
}
