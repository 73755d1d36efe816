/** Every accepted start and end ends up somewhere its driver can see, whatever came in whatever order. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activity } from '../../src/domain/activity.ts';
import type { PhoneEvent } from '../../src/domain/events.ts';
import type { JournalEntry } from '../../src/domain/machine/state.ts';
import { all, tripsOf } from '../support/book.ts';
import { DAY_START, HOUR, runs } from '../support/drives.ts';
import { east, HOME, north } from '../support/places.ts';
import { stage, type Scene } from '../support/stage.ts';

const MINUTE = 60_000;
const { scene } = stage();

const PLACES = [null, HOME, north(HOME, 0.05), north(HOME, 0.4), east(HOME, 8), north(HOME, 40)];
const CARS = ['a', 'b'].map((name, i) => ({
  id: `car_${name}`,
  deviceNames: [name],
  ignored: false,
  pollIntervalMs: i === 0 ? MINUTE : null,
}));

const happening = fc.record({
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
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

describe('no end, no loss', () => {
  test('every start and end is in a trip, discarded with a reason, or waits in the review list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 25 }), async (story) => {
        const lost = await scene(
          async (one) => {
            for (const each of story) await tell(one, each);
            one.clock.advance(30 * HOUR);
            await one.logbook();
            return unseen(one);
          },
          { cars: CARS },
        );
        expect(lost).toEqual([]);
      }),
      runs(60, 3_000),
    );
  });
});

async function tell({ wire, clock, user }: Scene, said: Happening): Promise<void> {
  // No two things happen at the same instant: of those the order of arrival counts, and each has its own place.
  clock.advance(said.pauseSeconds * 1_000 + 7);
  const late = said.lateMinutes * MINUTE;
  const at = late === 0 ? {} : { timestamp: clock.now() - late };
  const device = said.device === undefined ? {} : { device: said.device };
  switch (said.type) {
    case 'tick':
      return wire.tick();
    case 'reading': {
      const km = said.km === null ? {} : { km: said.km };
      return wire.reading(user, 'car_a', { ...km, state: said.state, at: clock.now() - late });
    }
    case 'ping':
      return void (await wire.points(user, [{ place: said.place ?? HOME, ...at }]));
    default:
      return void (await wire.event(user, said.type, { place: said.place, ...at, ...device }));
  }
}

/** Starts and ends that are nowhere to be seen. */
async function unseen({ deps, user }: Scene): Promise<string[]> {
  const store = deps.store.forUser(user);
  const entries = await all(store, 'event');
  const feed = await all(store, 'activity');
  const open = (await store.get('active', 'trip_start'))?.now.trip;
  const spans = [
    ...(await tripsOf(store)).map(({ startedAt, endedAt }) => ({ from: startedAt, to: endedAt })),
    ...feed.flatMap(spanOf),
    ...(open ? [{ from: open.startedAt, to: Infinity }] : []),
  ];
  const isSeen = (entry: JournalEntry) => {
    const { at } = entry.event;
    return entry.waiting !== null || entry.reply?.duplicate || spans.some(({ from, to }) => from <= at && at <= to);
  };
  const isBound = (type: string): type is PhoneEvent['type'] => type === 'start' || type === 'end';
  return entries.filter(({ event }) => isBound(event.type)).flatMap((entry) => (isSeen(entry) ? [] : [lineOf(entry)]));
}

function spanOf({ discard }: Activity) {
  return discard ? [{ from: discard.startedAt, to: discard.endedAt }] : [];
}

function lineOf({ event, reply }: JournalEntry): string {
  return `${event.type} ${(event.at - DAY_START) / MINUTE} ${JSON.stringify(reply)}`;
}
