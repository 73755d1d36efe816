/** Whatever becomes of locations, trips lie in the nearest that holds them, totals are sums, and undo is identity: on every store. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookTrips } from '../../src/actions/book.ts';
import { putLocations } from '../../src/actions/location-imports.ts';
import { addLocation, changeLocation, removeLocation } from '../../src/actions/locations.ts';
import { changeTrip } from '../../src/actions/trips.ts';
import { undo } from '../../src/actions/undo.ts';
import { BY_RULES } from '../../src/domain/activity.ts';
import type { Rule } from '../../src/domain/classification.ts';
import { LOCATION_KINDS, locationAt } from '../../src/domain/locations.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { Place, Trip } from '../../src/domain/trips.ts';
import type { UserStore } from '../../src/seams/store.ts';
import { saveRules } from '../../src/actions/rules.ts';
import { ensureUser } from '../../src/actions/users.ts';
import { all, tripsOf } from '../support/book.ts';
import { DAY_START, HOUR } from '../support/drives.ts';
import type { Runs } from '../support/runs.ts';
import type { Scene, Stage } from '../support/stage.ts';
import { tripOf } from '../support/trips.ts';

const BY = { kind: 'open' } as const;

const RULES: readonly Rule[] = [
  { id: 'r1', name: null, when: { ends: ['home', 'office'] }, type: 'P', businessShare: null, purpose: 'commute' },
  { id: 'r2', name: null, when: { ends: ['client'] }, type: 'M', businessShare: 0.8, purpose: null },
];

/** Some hundred metres apart, so that circles overlap. */
const spot = fc.record({
  lat: fc.nat(4).map((n) => 52 + n / 1_000),
  lng: fc.nat(2).map((n) => 5 + n / 1_000),
});
const kind = fc.constantFrom(...LOCATION_KINDS);
const radiusMetres = fc.constantFrom(50, 150, 400);
const nth = fc.nat(7);

const deed = fc.oneof(
  fc.record({ deed: fc.constant('add' as const), spot, kind, radiusMetres }),
  fc.record({ deed: fc.constant('move' as const), nth, spot }),
  fc.record({ deed: fc.constant('resize' as const), nth, kind, radiusMetres }),
  fc.record({ deed: fc.constant('rename' as const), nth }),
  fc.record({ deed: fc.constant('remove' as const), nth }),
  fc.record({ deed: fc.constant('import' as const), spots: fc.array(fc.record({ spot, kind }), { maxLength: 3 }) }),
  fc.record({ deed: fc.constant('name' as const), nth, location: nth }),
  fc.record({ deed: fc.constant('classify' as const), nth }),
);
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

const places = fc.record({
  from: fc.option(spot),
  to: fc.option(spot),
  stop: fc.option(spot),
  locked: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

function placeAt(at: { lat: number; lng: number } | null): Place | null {
  return at && { ...at, address: null, locationId: null };
}

function tripAt({ from, to, stop, locked }: typeof places extends fc.Arbitrary<infer P> ? P : never, i: number): Trip {
  const startedAt = DAY_START - (i + 1) * 9 * HOUR;
  const stops = stop ? [{ ...stop, address: null, locationId: null, arrivedAt: startedAt, leftAt: startedAt + 1 }] : [];
  return tripOf({ startedAt, from: placeAt(from), to: placeAt(to), stops, locked });
}

async function idOf(user: UserStore, noun: 'trip' | 'location', n: number): Promise<string> {
  const rows = await user.list(noun, { order: 'asc', limit: 50 });
  return rows[n % Math.max(1, rows.length)]?.id ?? 'none';
}

async function act({ deps, user: email }: Scene, one: Deed): Promise<unknown> {
  const user = deps.store.forUser(email);
  switch (one.deed) {
    case 'add':
      return addLocation(deps, user, { name: 'a', ...one.spot, kind: one.kind, radiusMetres: one.radiusMetres }, BY);
    case 'move':
      return changeLocation(deps, user, await idOf(user, 'location', one.nth), one.spot, BY, false);
    case 'resize': {
      const edit = { kind: one.kind, radiusMetres: one.radiusMetres };
      return changeLocation(deps, user, await idOf(user, 'location', one.nth), edit, BY, false);
    }
    case 'rename':
      return changeLocation(deps, user, await idOf(user, 'location', one.nth), { name: `n${one.nth}` }, BY, false);
    case 'remove':
      return removeLocation(deps, user, await idOf(user, 'location', one.nth), BY);
    case 'import': {
      const said = one.spots.map(({ spot: at, kind: ofKind }, index) => {
        return { index, id: null, name: 'a', kind: ofKind, radiusMetres: null, ...at };
      });
      return putLocations(deps, user, said, BY, false);
    }
    case 'name': {
      const locationId = await idOf(user, 'location', one.location);
      return changeTrip(deps, user, await idOf(user, 'trip', one.nth), { to: { locationId } }, BY, () => true);
    }
    case 'classify':
      return changeTrip(deps, user, await idOf(user, 'trip', one.nth), { type: 'P' }, BY, () => true);
  }
}

/** Refused or done; answers the entry that tells of it. */
async function entryAfter(scene: Scene, one: Deed): Promise<string | null> {
  const user = scene.deps.store.forUser(scene.user);
  const known = new Set((await all(user, 'activity')).map(({ id }) => id));
  scene.clock.advance(61_000);
  try {
    await act(scene, one);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  return (await all(user, 'activity')).find(({ id }) => !known.has(id))?.id ?? null;
}

/** Also checks that totals are sums. */
async function everything({ deps, user: email }: Scene) {
  const user = deps.store.forUser(email);
  const bare = (documents: object): unknown =>
    JSON.parse(JSON.stringify(documents, (name, value: unknown) => (name === 'updatedAt' ? 0 : value)));
  const [trips, months, locations] = [await tripsOf(user), await all(user, 'month'), await all(user, 'location')];
  return bare({ trips, months, locations, owner: await user.get('user', '') });
}

/** Ends that were named by hand stay named, closed months stay closed. */
async function expectNearest(user: UserStore): Promise<void> {
  const locations = (await user.get('user', ''))?.locations ?? [];
  const nearest = ({ lat, lng }: Place) =>
    lat === null || lng === null ? null : (locationAt(locations, { lat, lng })?.id ?? null);
  for (const { from, to, stops, locked, setByUser } of await all(user, 'trip')) {
    if (locked) continue;
    const named = setByUser.includes('to.location_id');
    const recognised = [from, named ? null : to, ...stops].filter((place) => place !== null);
    expect(recognised.map(({ locationId }) => locationId)).toEqual(recognised.map(nearest));
    if (named) expect(locations.map(({ id }) => id)).toContain(to?.locationId);
  }
}

export function locationActsContract({ scene }: Stage, runs: Runs, timeout: number): void {
  test(
    'trips lie in the nearest location that holds them, whatever becomes of locations; undo is identity',
    { timeout },
    async () => {
      let followed = 0;
      const property = fc.asyncProperty(
        fc.array(places, { minLength: 3, maxLength: 8 }),
        fc.array(deed, { minLength: 4, maxLength: 10 }),
        (spots, deeds) =>
          scene(async (one) => {
            const user = one.deps.store.forUser(one.user);
            await user.transact(function* (tx) {
              saveRules(tx, yield* ensureUser(one.deps, tx, one.user, DAY_START), RULES, DAY_START);
              const bookings = spots.map((at, i) => ({ before: null, after: tripAt(at, i) }));
              yield* bookTrips(tx, bookings, BY_RULES, one.deps.ids, DAY_START);
            });
            const done: { readonly id: string; readonly before: unknown }[] = [];
            for (const said of deeds) {
              const before = await everything(one);
              const id = await entryAfter(one, said);
              await expectNearest(user);
              if (id !== null) done.push({ id, before });
              if (id !== null && (await user.get('activity', id))?.parts.length) followed += 1;
            }
            for (const { id, before } of done.toReversed()) {
              const after = await everything(one);
              one.clock.advance(61_000);
              const back = await undo(one.deps, user, id, BY);
              expect(await everything(one)).toEqual(before);
              const again = await undo(one.deps, user, back.id, BY);
              expect(await everything(one)).toEqual(after);
              await undo(one.deps, user, again.id, BY);
              expect(await everything(one)).toEqual(before);
            }
          }),
      );
      await fc.assert(property, runs);
      expect(followed).toBeGreaterThan(runs.numRuns / 2);
    },
  );

  test('a thousand locations from a map are one act, undone as one', { timeout }, async () => {
    await scene(async (one) => {
      const user = one.deps.store.forUser(one.user);
      const name = 'é'.repeat(100);
      const said = Array.from({ length: 1_000 }, (_, index) => {
        return { index, id: null, name, kind: null, radiusMetres: null, lat: 40 + index / 100, lng: 5 };
      });
      const { added, done } = await putLocations(one.deps, user, said, BY, false);
      expect([added, (await all(user, 'location')).length]).toEqual([1_000, 1_000]);
      one.clock.advance(61_000);
      const back = await undo(one.deps, user, done.activityId ?? '', BY);
      expect([await all(user, 'location'), (await user.get('user', ''))?.locations]).toEqual([[], []]);
      await undo(one.deps, user, back.id, BY);
      expect((await all(user, 'location')).map(({ lat }) => lat)).toEqual(said.map(({ lat }) => lat));
    });
  });
}
