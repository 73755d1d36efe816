/** Properties of drives whose events carry their times: however they arrive, the logbook comes out the same. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asItHappens, DAY_START, dayOf, HOUR, inParts, play, shuffledOf, type Arriving } from '../support/drives.ts';
import { runs } from '../support/runs.ts';
import { stage } from '../support/stage.ts';

/** Late enough for the last trip to be stale, the last point of nobody's forgotten. */
const UNTIL = DAY_START + 100 * HOUR;
const { scene } = stage();

function outcome(arriving: readonly Arriving[], tickMinutes = 0) {
  return scene(async (one) => {
    await play(one, one.user, arriving, { until: UNTIL, tickMinutes });
    return one.logbook();
  });
}

const shuffledDay = dayOf.chain((day) =>
  fc.tuple(fc.constant(day), shuffledOf([...day.events, ...inParts(day.points, 1)])),
);

describe('order does not matter', () => {
  test('any arrival order within 24 h, with any duplication, gives the same logbook', async () => {
    await fc.assert(
      fc.asyncProperty(shuffledDay, async ([day, shuffled]) => {
        expect(await outcome(shuffled)).toEqual(await outcome(asItHappens(day)));
      }),
      runs(30, 1_500),
    );
  });

  test('nor do ticks: whether the clock speaks every 7 minutes or only in the end', async () => {
    await fc.assert(
      fc.asyncProperty(shuffledDay, async ([day, shuffled]) => {
        expect(await outcome(shuffled, 7)).toEqual(await outcome(asItHappens(day)));
      }),
      runs(15, 600),
    );
  });
});

describe('trickle equals batch', () => {
  test('points one at a time, in fives, or all in one request give the same logbook', async () => {
    await fc.assert(
      fc.asyncProperty(dayOf, async (day) => {
        const single = await outcome(asItHappens(day, 1));
        expect(await outcome(asItHappens(day, 5))).toEqual(single);
        expect(await outcome(asItHappens(day, 1_000))).toEqual(single);
      }),
      runs(20, 800),
    );
  });
});
