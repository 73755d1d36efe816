/** No event of one user reads or writes anything of another. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asItHappens, DAY_START, dayOf, HOUR, send, shuffledOf, inParts, type Arriving } from '../support/drives.ts';
import { runs } from '../support/runs.ts';
import { dump } from '../support/dump.ts';
import { sceneOf, stage } from '../support/stage.ts';

const { scene } = stage();
const arrivals = dayOf.chain((day) =>
  fc.oneof(fc.constant(asItHappens(day, 2)), shuffledOf([...day.events, ...inParts(day.points, 4)])),
);

describe('nobody else', () => {
  test('of two drivers at once, what one sends changes no byte of the other’s', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, arrivals, async (first, second) => {
        await scene(async (anna) => {
          const bob = sceneOf(anna.deps.store, anna.path, `other-${anna.user}`, anna.clock);
          const all = [
            ...first.map((one) => ({ ...one, whose: anna, others: bob })),
            ...second.map((one) => ({ ...one, whose: bob, others: anna })),
          ].toSorted((a, b) => a.at - b.at);
          for (const { at, message, whose, others } of all) {
            anna.clock.set(Math.max(at, anna.clock.now()));
            const before = dump(anna.path, others.user);
            await send(whose.wire, whose.user, message);
            expect(dump(anna.path, others.user)).toEqual(before);
          }
          anna.clock.set(DAY_START + 100 * HOUR);
          const together = [await anna.logbook(), await bob.logbook()];
          expect(together).toEqual([await alone(first), await alone(second)]);
          await anna.deps.store.removeUser(bob.user);
        });
      }),
      runs(6, 150),
    );
  });
});

function alone(arriving: readonly Arriving[]) {
  return scene(async ({ wire, clock, user, logbook }) => {
    for (const { at, message } of arriving) {
      clock.set(Math.max(at, clock.now()));
      await send(wire, user, message);
    }
    clock.set(DAY_START + 100 * HOUR);
    return logbook();
  });
}
