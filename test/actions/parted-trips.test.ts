/** What somebody split or merged stays so, whatever comes late, starts again or runs out. */

import { expect, test } from 'vitest';
import { joinTrips } from '../../src/actions/merge-trips.ts';
import { cutTrip } from '../../src/actions/split-trips.ts';
import { undo } from '../../src/actions/undo.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { all, tripsOf } from '../support/book.ts';
import { HOME, north } from '../support/places.ts';
import { stage, type Scene } from '../support/stage.ts';

const BY = { kind: 'open' } as const;
const MINUTE = 60_000;
const here = stage();

/** Ten minutes north, a point a minute. */
async function drive({ wire, clock, user }: Scene, from = 0): Promise<void> {
  await wire.event(user, 'start', { place: north(HOME, from) });
  for (let km = 1; km < 10; km += 1) {
    clock.advance(MINUTE);
    await wire.points(user, [{ place: north(HOME, from + km) }]);
  }
  clock.advance(MINUTE);
  await wire.event(user, 'end', { place: north(HOME, from + 10) });
}

const storeOf = ({ deps, user }: Scene) => deps.store.forUser(user);
const spansOf = (trips: readonly Trip[]) => trips.map(({ id, startedAt, endedAt }) => ({ id, startedAt, endedAt }));

async function merged(one: Scene, pauseMinutes: number): Promise<{ first: Trip; second: Trip; trip: Trip }> {
  await drive(one);
  one.clock.advance(pauseMinutes * MINUTE);
  await drive(one, 10);
  const [first, second] = await all(storeOf(one), 'trip');
  if (!first || !second) throw new Error('two trips were driven');
  const trip = await joinTrips(one.deps, storeOf(one), { ids: [first.id, second.id], dryRun: false }, BY);
  return { first, second, trip };
}

type Late = (one: Scene, trips: { first: Trip; second: Trip }) => Promise<unknown>;

test.each<[string, Late]>([
  [
    'a point of the second drive',
    ({ wire, user }, { second }) =>
      wire.points(user, [{ place: north(HOME, 15), timestamp: second.startedAt + 4.5 * MINUTE }]),
  ],
  [
    'an end of the second drive, earlier',
    ({ wire, user }, { second }) =>
      wire.event(user, 'end', { place: north(HOME, 15), timestamp: second.startedAt + 5 * MINUTE }),
  ],
  [
    'a start before the second drive',
    ({ wire, user }, { second }) => wire.event(user, 'start', { timestamp: second.startedAt - MINUTE }),
  ],
  [
    'an end between the two',
    ({ wire, user }, { first }) => wire.event(user, 'end', { timestamp: first.endedAt + 5 * MINUTE }),
  ],
  [
    'a cancel during the second drive',
    ({ wire, user }, { second }) => wire.event(user, 'cancel', { timestamp: second.endedAt - MINUTE }),
  ],
  [
    'a new start within the resume window',
    ({ wire, user, clock }) => (clock.advance(3 * MINUTE), wire.event(user, 'start', { place: north(HOME, 20) })),
  ],
])('merged trips stay one after %s', async (_, late) => {
  await here.scene(async (one) => {
    const { first, second, trip } = await merged(one, 30);
    await late(one, { first, second });
    one.clock.advance(13 * 60 * MINUTE);
    await one.wire.tick();
    const trips = await tripsOf(storeOf(one));
    expect(trips.map(({ id }) => id)).not.toContain(second.id);
    expect(spansOf(trips.filter(({ id }) => id === trip.id))).toEqual(spansOf([trip]));
    expect(trips.find(({ id }) => id === trip.id)?.distanceMetres).toBe(trip.distanceMetres);
  });
});

test.each<[string, (one: Scene, parts: readonly [Trip, Trip]) => Promise<unknown>]>([
  [
    'a point of the first part',
    ({ wire, user }, [first]) =>
      wire.points(user, [{ place: north(HOME, 2.5), timestamp: first.startedAt + 2.5 * MINUTE }]),
  ],
  [
    'an end within the first part',
    ({ wire, user }, [first]) =>
      wire.event(user, 'end', { place: north(HOME, 2), timestamp: first.startedAt + 2 * MINUTE }),
  ],
  [
    'an end within the second part',
    ({ wire, user }, [, second]) =>
      wire.event(user, 'end', { place: north(HOME, 8), timestamp: second.endedAt - MINUTE }),
  ],
  [
    'a new start within the resume window',
    ({ wire, user, clock }) => (clock.advance(3 * MINUTE), wire.event(user, 'start', { place: north(HOME, 10) })),
  ],
])('the parts of a split stay two after %s', async (_, late) => {
  await here.scene(async (one) => {
    await drive(one);
    const [trip] = await all(storeOf(one), 'trip');
    const wish = { point: { at: (trip?.startedAt ?? 0) + 5 * MINUTE }, firstMetres: null };
    const parts = await cutTrip(one.deps, storeOf(one), trip?.id ?? '', wish, BY, () => true);
    await late(one, parts);
    one.clock.advance(13 * 60 * MINUTE);
    await one.wire.tick();
    const ids = parts.map(({ id }) => id);
    const trips = (await tripsOf(storeOf(one))).filter(({ id }) => ids.includes(id));
    expect(spansOf(trips)).toEqual(spansOf(parts));
  });
});

test('a merge that was undone and done again is as settled as before', async () => {
  await here.scene(async (one) => {
    const { second, trip } = await merged(one, 30);
    const entry = (await all(storeOf(one), 'activity')).find(({ cause }) => cause === 'merge')?.id ?? '';
    const back = await undo(one.deps, storeOf(one), entry, BY);
    await undo(one.deps, storeOf(one), back.id, BY);
    await one.wire.event(one.user, 'end', { place: north(HOME, 15), timestamp: second.startedAt + 5 * MINUTE });
    expect(spansOf(await tripsOf(storeOf(one)))).toEqual(spansOf([trip]));
  });
});

test('a merge that was undone leaves the trips to late events again', async () => {
  await here.scene(async (one) => {
    const { first, second } = await merged(one, 30);
    const entry = (await all(storeOf(one), 'activity')).find(({ cause }) => cause === 'merge')?.id ?? '';
    await undo(one.deps, storeOf(one), entry, BY);
    const at = second.startedAt + 4.5 * MINUTE;
    await one.wire.points(one.user, [{ place: north(HOME, 14.5), timestamp: at }]);
    const trips = await tripsOf(storeOf(one));
    expect(trips.map(({ id }) => id)).toEqual([first.id, second.id]);
    const chunks = await storeOf(one).list('chunk', { order: 'asc', limit: 100, trip: second.id });
    expect(chunks.reduce((sum, { doc }) => sum + doc.count, 0)).toBe(12);
  });
});
