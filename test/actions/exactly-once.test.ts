/** Each drive yields one trip: with events doubled, and a crash before or after any write. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asItHappens, DAY_START, dayOf, HOUR, play, type Arriving, type Day } from '../support/drives.ts';
import { runs } from '../support/runs.ts';
import { HOME, north } from '../support/places.ts';
import { stage, type Scene } from '../support/stage.ts';
import { Died, unreliable, type Death } from '../support/unreliable.ts';
import type { Wire } from '../support/wires.ts';

const UNTIL = DAY_START + 100 * HOUR;
const { scene } = stage();

function clean(arriving: readonly Arriving[]) {
  return scene(async (one) => {
    await play(one, one.user, arriving, { until: UNTIL });
    return one.logbook();
  });
}

/** The same wire, every message of which is told again and again until an answer comes. */
function persistent(wire: Wire): Wire {
  const again = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof Died)) throw error;
      }
    }
  };
  return {
    event: (...said) => again(() => wire.event(...said)),
    points: (...said) => again(() => wire.points(...said)),
    reading: (...said) => again(() => wire.reading(...said)),
    tick: () => wire.tick(),
  };
}

describe('exactly once', () => {
  test('a crash before any write or after the commit, and the phone trying again', async () => {
    const death: fc.Arbitrary<Death> = fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: fc.record({ beforeWrite: fc.integer({ min: 1, max: 9 }) }) },
      { weight: 1, arbitrary: fc.constant('after_commit' as const) },
    );
    await fc.assert(
      fc.asyncProperty(dayOf, fc.infiniteStream(death), async (day, deaths) => {
        const next = () => deaths.next().value;
        let alive = true;
        const wrap = (store: Scene['deps']['store']) => unreliable(store, () => (alive ? next() : null));
        const crashed = await scene(
          async (one) => {
            const shaken = { clock: one.clock, wire: persistent(one.wire) };
            await play(shaken, one.user, asItHappens(day, 3), { until: UNTIL });
            alive = false;
            return one.logbook();
          },
          { wrap },
        );
        expect(crashed).toEqual(await clean(asItHappens(day, 3)));
      }),
      runs(15, 500),
    );
  });

  test('events without an id or a time, sent twice in a row', async () => {
    await fc.assert(
      fc.asyncProperty(dayOf, fc.integer({ min: 0, max: 50 }), async (day, secondsLater) => {
        expect(await unstamped(day, secondsLater)).toEqual(await unstamped(day, null));
      }),
      runs(15, 500),
    );
  });

  test('an event id within its window, and after it', async () => {
    await scene(async ({ wire, clock, user, logbook }) => {
      const say = (type: 'start' | 'end') => wire.event(user, type, { place: null, eventId: 'constant' });
      const { tripId } = await say('start');
      clock.advance(60_000);
      expect(await say('start')).toMatchObject({ duplicate: true, tripId, warnings: [] });
      clock.advance(5 * 60_000);
      expect(await say('start')).toMatchObject({ code: 'already_active', warnings: ['event_id_reused'] });
      clock.advance(60_000);
      expect(await say('start')).toMatchObject({ duplicate: true, tripId, warnings: [] });
      clock.advance(60_000);
      expect(await say('end')).toMatchObject({ code: 'finished', tripId });
      clock.advance(60_000);
      const back = await say('start');
      expect(back).toMatchObject({ code: 'resumed', duplicate: false, warnings: ['event_id_reused'] });
      clock.advance(10 * 60_000);
      expect(await say('end')).toMatchObject({ code: 'finished', duplicate: false, warnings: ['event_id_reused'] });
      expect((await logbook()).trips).toHaveLength(1);
    });
  });
});

describe('an event with an id and a time, told again', () => {
  test('is the same within 48 h, whatever came in between', async () => {
    await scene(async ({ wire, clock, user, logbook }) => {
      const end = { place: HOME, eventId: 'end-1', timestamp: clock.now() + 30 * 60_000 };
      const start = { place: HOME, eventId: 'start-2', timestamp: clock.now() + 60 * 60_000 };
      await wire.event(user, 'start', { place: north(HOME, 20), eventId: 'start-1', timestamp: clock.now() });
      clock.advance(61 * 60_000);
      const { tripId } = await wire.event(user, 'end', end);
      const { tripId: second } = await wire.event(user, 'start', start);
      const before = await logbook();
      expect(await wire.event(user, 'end', end)).toMatchObject({ duplicate: true, tripId, warnings: [] });
      clock.advance(40 * 60_000);
      expect(await wire.event(user, 'start', start)).toMatchObject({ duplicate: true, tripId: second, warnings: [] });
      expect(await logbook()).toEqual(before);
    });
  });

  test('is another with another body or after 48 h, and says so', async () => {
    await scene(async ({ wire, clock, user }) => {
      const said = { place: HOME, eventId: 'x', timestamp: clock.now() };
      const elsewhere = { ...said, place: north(HOME, 0.2) };
      await wire.event(user, 'start', said);
      clock.advance(5 * 60_000);
      expect(await wire.event(user, 'start', elsewhere)).toMatchObject({ warnings: ['event_id_reused'] });
      clock.advance(5 * 60_000);
      expect(await wire.event(user, 'start', elsewhere)).toMatchObject({ duplicate: true, warnings: [] });
      expect(await wire.event(user, 'start', said)).toMatchObject({ duplicate: true, warnings: [] });
      const later = { ...said, timestamp: clock.now() };
      expect(await wire.event(user, 'start', later)).toMatchObject({ warnings: ['event_id_reused'] });
      clock.advance(48 * HOUR + 1);
      expect(await wire.event(user, 'start', said)).toMatchObject({ warnings: ['event_id_reused'] });
    });
  });
});

/** What phones without a clock send: events alone, each again so many seconds later (`null`: once). */
function unstamped({ events }: Day, secondsLater: number | null) {
  return scene(async ({ wire, clock, user, logbook }) => {
    for (const { type, at, place } of events) {
      clock.set(at);
      await wire.event(user, type, { place });
      if (secondsLater === null) continue;
      clock.advance(secondsLater * 1_000);
      await wire.event(user, type, { place });
    }
    clock.set(UNTIL);
    const { trips, waiting, discarded, open } = await logbook();
    return {
      trips: trips.map(({ startedAt, endedAt, distanceMetres, from, to, closedBy }) => {
        return [startedAt, endedAt, distanceMetres, from, to, closedBy];
      }),
      waiting: waiting.length,
      discarded: discarded.length,
      open,
    };
  });
}
