/** What was looked up stands in nobody's way, and stays whatever is folded again, undone and done again: on every store. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pollAll } from '../../src/actions/poll.ts';
import { changeTrip, removeTrip } from '../../src/actions/trips.ts';
import { undo } from '../../src/actions/undo.ts';
import type { TripEdit } from '../../src/domain/trip-edits.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { lookingUp, type Looking } from '../support/looking.ts';
import { between, east, HOME, north } from '../support/places.ts';
import type { Runs } from '../support/runs.ts';
import type { Stage } from '../support/stage.ts';
import { tripOf } from '../support/trips.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WORK = east(HOME, 10);
const BY = { kind: 'open' } as const;
const ADDRESS = 'Stationsplein 12, Amersfoort';
const LOOKED_UP = {
  from: { address: ADDRESS },
  to: { address: ADDRESS },
  distanceMetres: 12_300,
  businessMetres: 12_300,
  distanceSource: 'route',
  routeDistanceMetres: 12_300,
};

const EDITS: readonly TripEdit[] = [
  { purpose: 'visit' },
  { notes: 'jam' },
  { type: 'P' },
  { type: 'M' },
  { distanceMetres: 11_000 },
  { from: { address: 'Thuis' } },
  { from: { address: null } },
  { from: null },
  { to: { lat: 52.1, lng: 5.1 } },
];

export function filledInContract({ scene }: Stage, runs: Runs, mostMs?: number): void {
  const looking = <T>(play: (one: Looking) => Promise<T>): Promise<T> =>
    scene(async (one) => play(await lookingUp(one)));

  test('instances that make their rounds at once ask once a second together, and nothing twice', async () => {
    await looking(async (one) => {
      for (let nth = 1; nth <= 3; nth += 1) await driven(one, north(HOME, nth * 3));
      await Promise.all([pollAll(one.deps), pollAll({ ...one.deps })]);
      for (const calls of [one.at.geocoder, one.at.router]) {
        const inOrder = calls.toSorted((a, b) => a - b);
        const pauses = inOrder.slice(1).map((at, i) => at - (inOrder[i] ?? 0));
        expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
      }
      // Three ends and one start.
      expect([one.at.geocoder.length, one.at.router.length]).toEqual([4, 3]);
      expect((await one.trips()).map(({ distanceSource }) => distanceSource)).toEqual(['route', 'route', 'route']);
    });
  });

  test('a late point folds the drive again: addresses and route stay, and nobody is asked again', async () => {
    await looking(async (one) => {
      await driven(one);
      await one.round();
      const [before] = await one.trips();
      const timestamp = (before?.startedAt ?? 0) + 15 * MINUTE;
      await one.wire.points(one.user, [{ place: north(between(HOME, WORK, 0.5), 1), timestamp }]);
      const [after] = await one.trips();
      expect(after).toMatchObject({ ...LOOKED_UP, gpsDistanceMetres: expect.any(Number) });
      expect(before?.gpsDistanceMetres).toBeNull();
      await one.round();
      expect([one.geocoder.asked.length, one.router.asked.length]).toEqual([2, 1]);
    });
  });

  test('a drive that goes on has another end, which is looked up anew', async () => {
    await looking(async (one) => {
      await driven(one);
      await one.round();
      await one.wire.event(one.user, 'start', { place: WORK });
      one.clock.advance(10 * MINUTE);
      await one.wire.event(one.user, 'end', { place: north(WORK, 5) });
      const [open] = await one.trips();
      expect(open).toMatchObject({ to: { address: null }, distanceSource: 'straight_line', routeDistanceMetres: null });
      one.router.answer = () => ({ body: { code: 'Ok', routes: [{ distance: 18_000 }] } });
      await one.round();
      expect(await one.trips()).toMatchObject([
        { ...LOOKED_UP, distanceMetres: 18_000, businessMetres: 18_000, routeDistanceMetres: 18_000 },
      ]);
      // The way's beginning is known by now.
      expect(one.geocoder.asked.length).toBeLessThanOrEqual(4);
    });
  });

  test.each<[string, TripEdit, object]>([
    ['what it was for', { purpose: 'visit' }, { purpose: 'visit' }],
    ['its class', { type: 'P' }, { type: 'P', businessMetres: 0 }],
    ['a note', { notes: 'jam' }, { notes: 'jam' }],
  ])('an edit of %s before the look-up is undone and done again beside it', async (_, edit, edited) => {
    await looking(async (one) => {
      await driven(one);
      const trip = await change(one, edit);
      await one.round();
      const filled = { ...LOOKED_UP, ...edited };
      expect(await one.trips()).toMatchObject([filled]);
      const before = await only(one);
      await takeBack(one);
      expect(await one.trips()).toMatchObject([{ ...LOOKED_UP, purpose: null, type: 'B', notes: null }]);
      await takeBack(one);
      expect({ ...(await only(one)), updatedAt: 0 }).toEqual({ ...before, updatedAt: 0 });
      expect(trip.id).toBe(before.id);
    });
  });

  test('an edit after the look-up is undone and done again with it', async () => {
    await looking(async (one) => {
      await driven(one);
      await one.round();
      await change(one, { type: 'M' });
      await takeBack(one);
      expect(await one.trips()).toMatchObject([{ ...LOOKED_UP, type: 'B' }]);
      await takeBack(one);
      expect(await one.trips()).toMatchObject([{ ...LOOKED_UP, type: 'M', businessMetres: 6_150 }]);
    });
  });

  test('an address somebody typed is theirs: no look-up overwrites it, an undo takes it away', async () => {
    await looking(async (one) => {
      await driven(one);
      await change(one, { from: { address: 'Thuis' } });
      await one.round();
      expect(await one.trips()).toMatchObject([{ from: { address: 'Thuis' }, to: { address: ADDRESS } }]);
      await takeBack(one);
      expect(await one.trips()).toMatchObject([{ from: { address: null }, to: { address: ADDRESS } }]);
      await takeBack(one);
      expect(await one.trips()).toMatchObject([{ from: { address: 'Thuis' }, to: { address: ADDRESS } }]);
    });
  });

  test('an address somebody took away does not come back by itself', async () => {
    await looking(async (one) => {
      await driven(one);
      await one.round();
      await change(one, { from: { address: null } });
      await one.round();
      await one.round(25 * 60);
      const deps = { ...one.deps };
      await pollAll(deps, { daily: true });
      expect(await one.trips()).toMatchObject([{ from: { address: null }, to: { address: ADDRESS } }]);
    });
  });

  test('a place somebody moved gets the address of where it is now', async () => {
    await looking(async (one) => {
      await driven(one);
      await one.round();
      const moved = north(HOME, 3);
      await change(one, { from: { lat: moved.lat, lng: moved.lng } });
      expect((await only(one)).from?.address).toBeNull();
      await one.round();
      expect((await only(one)).from).toMatchObject({ ...moved, address: ADDRESS });
    });
  });

  test('a distance somebody typed is theirs', async () => {
    await looking(async (one) => {
      await driven(one);
      await change(one, { distanceMetres: 11_000 });
      await one.round();
      expect(await one.trips()).toMatchObject([{ distanceMetres: 11_000, distanceSource: 'manual' }]);
      expect(one.router.asked).toEqual([]);
    });
  });

  test('a trip that was deleted while it was looked up stays deleted, and comes back whole', async () => {
    await looking(async (one) => {
      const trip = await driven(one);
      await removeTrip(one.deps, one.deps.store.forUser(one.user), trip.id, BY, () => true);
      await one.round();
      expect([await one.trips(), one.geocoder.asked]).toEqual([[], []]);
      await takeBack(one);
      await one.round();
      expect(await one.trips()).toMatchObject([{ id: trip.id, ...LOOKED_UP }]);
    });
  });

  test(
    'whatever is edited before, between and after look-ups, undone in reverse order it is as if only those had been',
    async () => {
      const edit = fc.constantFrom<TripEdit | 'round'>(...EDITS, 'round', 'round', 'round');
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { maxLength: 7 }), async (steps) => {
          await looking(async (one) => {
            const before = await driven(one);
            for (const step of steps) await (step === 'round' ? one.round() : change(one, step));
            const user = one.deps.store.forUser(one.user);
            const feed = await user.list('activity', { order: 'desc', limit: 50 });
            for (const { id, doc } of feed) if (doc.by.kind !== 'rules') await undo(one.deps, user, id, BY);
            await one.round(25 * 60, true);
            await one.round(1, true);
            const { from, to } = before;
            const named = { from: { ...from, address: ADDRESS }, to: { ...to, address: ADDRESS } };
            const { updatedAt: _, ...expected } = { ...before, ...LOOKED_UP, ...named };
            expect(await only(one)).toMatchObject(expected);
          });
        }),
        runs,
      );
    },
    mostMs,
  );

  /** Home to some place, an hour before whatever follows. */
  async function driven(one: Looking, to = WORK): Promise<Trip> {
    await one.wire.event(one.user, 'start', { place: HOME });
    one.clock.advance(30 * MINUTE);
    await one.wire.event(one.user, 'end', { place: to });
    const trip = (await one.trips()).at(-1) ?? tripOf();
    if (to !== WORK) one.clock.advance(HOUR);
    return trip;
  }

  async function only(one: Looking): Promise<Trip> {
    const [trip, ...more] = await one.trips();
    if (!trip || more.length > 0) throw new Error('there is not one trip');
    return trip;
  }

  async function change(one: Looking, edit: TripEdit): Promise<Trip> {
    const { id } = await only(one);
    one.clock.advance(1_000);
    return changeTrip(one.deps, one.deps.store.forUser(one.user), id, edit, BY, () => true);
  }

  /** What somebody did last; an undo of it as well. */
  async function takeBack(one: Looking): Promise<void> {
    const user = one.deps.store.forUser(one.user);
    const feed = await user.list('activity', { order: 'desc', limit: 20 });
    const entry = feed.find(({ doc }) => doc.by.kind !== 'rules');
    one.clock.advance(1_000);
    await undo(one.deps, user, entry?.id ?? '', BY);
  }
}
