/** Addresses and routed distances come by themselves, one a second, and never cost a trip anything. */

import { describe, expect, it, test } from 'vitest';
import { bookTrips } from '../../src/actions/book.ts';
import { pollAll } from '../../src/actions/poll.ts';
import { ensureUser } from '../../src/actions/users.ts';
import { BY_RULES } from '../../src/domain/activity.ts';
import type { Trip } from '../../src/domain/trips.ts';
import type { Services } from '../../src/seams/services.ts';
import { all } from '../support/book.ts';
import { lookingUp, type Looking } from '../support/looking.ts';
import { between, east, HOME, north } from '../support/places.ts';
import { stage } from '../support/stage.ts';
import { tripOf } from '../support/trips.ts';
import { BLOCKED_PAGE, reversed, routed, STATION, type Said } from '../support/web-service.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WORK = east(HOME, 10);
const { scene } = stage();

const looking = <T>(play: (one: Looking) => Promise<T>, change?: (services: Services) => Services): Promise<T> =>
  scene(async (one) => play(await lookingUp(one, change)));

/** Half an hour from home to work, with what the phone says on the way. */
async function driven(one: Looking, points = 0, to = WORK): Promise<Trip> {
  const { clock, wire, user } = one;
  await wire.event(user, 'start', { place: HOME });
  for (let nth = 1; nth <= points; nth += 1) {
    clock.advance((30 * MINUTE) / (points + 1));
    await wire.points(user, [{ place: between(HOME, to, nth / (points + 1)) }]);
  }
  clock.advance((30 * MINUTE) / (points + 1));
  await wire.event(user, 'end', { place: to });
  const trip = (await one.trips()).at(-1);
  if (!trip) throw new Error('nothing was booked');
  return trip;
}

const lookups = ({ deps, user }: Looking) => deps.store.forUser(user).get('lookups', 'lookups');
const last = async (one: Looking): Promise<Trip> => (await one.trips()).at(-1) ?? tripOf();

describe('a finished drive', () => {
  test('gets its addresses and its way by road with the next round, and no entry in the feed', async () => {
    await looking(async (one) => {
      const before = await driven(one);
      expect(before).toMatchObject({ distanceSource: 'straight_line', routeDistanceMetres: null });
      const feed = await all(one.deps.store.forUser(one.user), 'activity');
      one.geocoder.answer = ({ query }) => ({
        body: reversed({ ...STATION, house_number: query.get('lon') === '5.000000' ? '1' : '2' }),
      });
      await one.round();
      expect(await last(one)).toMatchObject({
        from: { address: 'Stationsplein 1, Amersfoort' },
        to: { address: 'Stationsplein 2, Amersfoort' },
        distanceMetres: 12_300,
        businessMetres: 12_300,
        distanceSource: 'route',
        routeDistanceMetres: 12_300,
      });
      expect(await all(one.deps.store.forUser(one.user), 'activity')).toEqual(feed);
      expect(await lookups(one)).toMatchObject({ wishes: {}, dueAt: null });
      const calls = one.geocoder.asked.length + one.router.asked.length;
      await one.round();
      expect([one.geocoder.asked.length + one.router.asked.length, calls]).toEqual([3, 3]);
    });
  });

  test('is answered before anything is asked: the services may be as slow as they like', async () => {
    await looking(async (one) => {
      await driven(one);
      expect([one.geocoder.asked, one.router.asked]).toEqual([[], []]);
    });
  });

  test('is asked for along its track, at 25 places at most', async () => {
    await looking(async (one) => {
      await driven(one, 60);
      await one.round();
      const way = one.router.asked[0]?.path.split('/').at(-1)?.split(';') ?? [];
      expect(way.length).toBeGreaterThan(10);
      expect(way.length).toBeLessThanOrEqual(25);
      expect([way[0], way.at(-1)]).toEqual(['5.000000,52.000000', `${WORK.lng.toFixed(6)},52.000000`]);
      const lngs = way.map((place) => Number(place.split(',')[0]));
      expect(lngs).toEqual(lngs.toSorted((a, b) => a - b));
      expect((await last(one)).distanceSource).toBe('route');
    });
  });

  test('goes there and back by way of what the phone said', async () => {
    await looking(async (one) => {
      const { clock, wire, user } = one;
      await wire.event(user, 'start', { place: HOME });
      clock.advance(20 * MINUTE);
      await wire.points(user, [{ place: WORK }]);
      clock.advance(20 * MINUTE);
      await wire.event(user, 'end', { place: HOME });
      one.router.answer = () => ({ body: routed(24_000) });
      await one.round();
      expect(one.router.asked[0]?.path.split(';')).toHaveLength(3);
      expect(await last(one)).toMatchObject({ distanceMetres: 24_000, distanceSource: 'route' });
    });
  });

  test('at a location of the user, or with an address, is not asked for', async () => {
    await looking(async (one) => {
      await one.deps.store.forUser(one.user).transact(function* (tx) {
        const owner = yield* ensureUser(one.deps, tx, one.user, one.clock.now());
        const home = { id: 'loc_1', kind: 'home' as const, ...HOME, radiusMetres: 150 };
        tx.put('user', '', { ...owner, locations: [home] });
      });
      await driven(one);
      await one.round();
      expect(one.geocoder.asked.map(({ query }) => query.get('lon'))).toEqual([WORK.lng.toFixed(6)]);
      expect(await last(one)).toMatchObject({ from: { address: null, locationId: 'loc_1' } });
    });
  });

  test('is told in the language of its user', async () => {
    await looking(async (one) => {
      await one.deps.store.forUser(one.user).transact(function* (tx) {
        const owner = yield* ensureUser(one.deps, tx, one.user, one.clock.now());
        tx.put('user', '', { ...owner, settings: { ...owner.settings, language: 'nl' } });
      });
      await driven(one);
      await one.round();
      expect(new Set(one.geocoder.asked.map(({ query }) => query.get('accept-language')))).toEqual(new Set(['nl']));
    });
  });
});

describe('what is asked', () => {
  test('is asked once for one place, however often one drives there', async () => {
    await looking(async (one) => {
      for (let day = 0; day < 3; day += 1) {
        await driven(one);
        await one.round();
        one.clock.advance(24 * HOUR);
      }
      expect(one.geocoder.asked).toHaveLength(2);
      expect((await one.trips()).map(({ to }) => to?.address)).toEqual(Array(3).fill('Stationsplein 12, Amersfoort'));
    });
  });

  test('is asked once a second, by all instances together', async () => {
    await looking(async (one) => {
      const other = { ...one.deps };
      for (let nth = 1; nth <= 6; nth += 1) {
        await driven(one, 0, north(HOME, nth * 5));
        one.clock.advance(HOUR);
      }
      await Promise.all([pollAll(one.deps), pollAll(other)]);
      for (const calls of [one.at.geocoder, one.at.router]) {
        const inOrder = calls.toSorted((a, b) => a - b);
        const pauses = inOrder.slice(1).map((at, i) => at - (inOrder[i] ?? 0));
        expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
      }
      // Six ends and one start: nothing was asked twice.
      expect([one.at.geocoder.length, one.at.router.length]).toEqual([7, 6]);
    });
  });

  test('is left for the next round where this one ends', async () => {
    await looking(async (one) => {
      const trips = Array.from({ length: 60 }, (_, nth) =>
        tripOf({ startedAt: one.clock.now() - (nth + 1) * HOUR, from: place(north(HOME, nth)), to: place(WORK) }),
      );
      await book(one, trips);
      const begun = one.clock.now();
      await one.round();
      expect(one.clock.now() - begun).toBeLessThan(MINUTE + 27_000);
      const first = (await one.trips()).filter(({ from }) => from?.address !== null).length;
      expect(first).toBeGreaterThan(15);
      expect(first).toBeLessThan(28);
      await one.round();
      await one.round();
      expect((await one.trips()).filter(({ from }) => from?.address === null)).toEqual([]);
    });
  });
});

function place({ lat, lng }: { lat: number; lng: number }) {
  return { lat, lng, address: null, locationId: null };
}

function book(one: Looking, trips: readonly Trip[]): Promise<void> {
  const { deps, user, clock } = one;
  return deps.store.forUser(user).transact(function* (tx) {
    yield* ensureUser(deps, tx, user, clock.now());
    const bookings = trips.map((after) => ({ before: null, after }));
    yield* bookTrips(tx, bookings, BY_RULES, deps.ids, clock.now(), deps.services);
  });
}

describe('a route that cannot be', () => {
  it.each<[string, number, number]>([
    ['shorter than straight from end to end', 6_000, 0],
    ['nothing at all', 0, 0],
    ['far longer than a whole track', 40_000, 60],
  ])('%s is noted, and does not count', async (_, metres, points) => {
    await looking(async (one) => {
      const before = await driven(one, points);
      one.router.answer = () => ({ body: routed(metres) });
      await one.round();
      const { distanceMetres, distanceSource } = before;
      expect(await last(one)).toMatchObject({ distanceMetres, distanceSource, routeDistanceMetres: metres });
      await one.round(60 * 24);
      expect(one.router.asked).toHaveLength(1);
    });
  });

  test('where no road leads nobody asks again', async () => {
    await looking(async (one) => {
      await driven(one);
      one.router.answer = () => ({ status: 400, body: { code: 'NoRoute', message: 'Impossible route' } });
      await one.round();
      for (let day = 0; day < 3; day += 1) await one.round(24 * 60, true);
      expect(one.router.asked).toHaveLength(1);
      expect(await last(one)).toMatchObject({ distanceSource: 'straight_line', routeDistanceMetres: null });
    });
  });
});

test.each<[string, Partial<Trip>]>([
  ['an odometer said', { distanceSource: 'odometer' }],
  ['somebody typed', { distanceSource: 'manual' }],
  ['somebody settled', { setByUser: ['distance_km'] }],
  ['is a part of another', { tracks: ['trip_other'] }],
  ['an odometer is awaited for', { odometerPending: true }],
])('no route is asked for a distance that %s', async (_, parts) => {
  await looking(async (one) => {
    await book(one, [tripOf({ from: place(HOME), to: place(WORK), ...parts })]);
    await one.round();
    expect(one.router.asked).toEqual([]);
  });
});

test('nothing is looked up for a month that was closed meanwhile', async () => {
  await looking(async (one) => {
    const before = await driven(one);
    await one.deps.store.forUser(one.user).transact(function* (tx) {
      const owner = yield* ensureUser(one.deps, tx, one.user, one.clock.now());
      tx.put('user', '', { ...owner, closed: { months: ['2026-03'], end: { nth: 1, head: 'x' } } });
    });
    await one.round();
    expect([one.geocoder.asked, one.router.asked, await last(one)]).toEqual([[], [], before]);
    expect(await lookups(one)).toMatchObject({ wishes: {}, dueAt: null });
  });
});

test('a mixed trip keeps its share, and what was typed of it', async () => {
  await looking(async (one) => {
    const ends = { from: place(HOME), to: place(WORK), type: 'M' as const, distanceMetres: 10_000 };
    const shared = tripOf({ ...ends, businessMetres: 2_500 });
    const typed = tripOf({ ...ends, businessMetres: 4_000, setByUser: ['trip_type', 'business_km'] });
    const tooMuch = tripOf({ ...ends, businessMetres: 0, detourMetres: 20_000, routeNote: 'jam' });
    await book(one, [shared, typed, tooMuch]);
    await one.round();
    const found = new Map((await one.trips()).map((trip) => [trip.id, trip]));
    expect(found.get(shared.id)).toMatchObject({ distanceMetres: 12_300, businessMetres: 3_075 });
    expect(found.get(typed.id)).toMatchObject({ distanceMetres: 12_300, businessMetres: 4_000 });
    expect(found.get(tooMuch.id)).toMatchObject({ distanceMetres: 10_000, routeDistanceMetres: 12_300 });
  });
});

test('an unknown distance is no longer one', async () => {
  await looking(async (one) => {
    const unknown = { distanceMetres: 0, distanceSource: 'unknown' as const, gpsDistanceMetres: null };
    await book(one, [tripOf({ from: place(HOME), to: place(WORK), ...unknown, reviewReasons: ['unknown_distance'] })]);
    await one.round();
    expect(await last(one)).toMatchObject({ distanceSource: 'route', reviewReasons: [], needsReview: false });
  });
});

describe('a service that fails', () => {
  const down: [string, Said | null][] = [
    ['is down', { status: 503, body: 'x' }],
    ['talks nonsense', { body: '{"a' }],
    ['is silent', null],
    ['says nothing but pages', { body: '<html>' }],
  ];
  test.each(down)('that %s is asked on for a while, then less often, and the trip stands', async (_, said) => {
    await looking(
      async (one) => {
        const before = await driven(one);
        one.geocoder.answer = () => said;
        for (let minute = 0; minute < 60; minute += 1) await one.round();
        expect(await last(one)).toEqual({ ...before });
        expect(one.geocoder.asked.length).toBeGreaterThan(3);
        expect(one.geocoder.asked.length).toBeLessThan(9);
        one.geocoder.answer = () => ({ body: reversed(STATION) });
        await one.round(61);
        await one.round(61);
        expect((await last(one)).to?.address).toBe('Stationsplein 12, Amersfoort');
      },
      (services) => ({ ...services, router: null }),
    );
  });

  test('that wants to be left alone until then is left alone until then, by everybody', async () => {
    await looking(async (one) => {
      await driven(one);
      one.geocoder.answer = () => ({ status: 429, headers: { 'retry-after': '1800' }, body: '<html>' });
      for (let minute = 0; minute < 29; minute += 1) await one.round();
      expect(one.geocoder.asked).toHaveLength(1);
      one.geocoder.answer = () => ({ body: reversed(STATION) });
      for (let minute = 0; minute < 3; minute += 1) await one.round();
      expect((await last(one)).to?.address).toBe('Stationsplein 12, Amersfoort');
    });
  });

  test('that does not want us is asked once an hour, and the log says so without a place', async () => {
    await looking(async (one) => {
      await driven(one);
      one.geocoder.answer = () => ({ status: 403, body: BLOCKED_PAGE });
      for (let hour = 0; hour < 3; hour += 1) for (const minutes of [1, 29, 30]) await one.round(minutes);
      expect(one.geocoder.asked.length).toBeLessThanOrEqual(4);
      const said = JSON.stringify(one.deps.log);
      expect(said).toContain('geocoder');
      expect(said).not.toMatch(/52\.0|127\.0\.0\.1/);
      // The road is another service.
      expect((await last(one)).distanceSource).toBe('route');
    });
  });

  test('at one trip alone gives up on that trip in the end, and tries again when it changes', async () => {
    await looking(
      async (one) => {
        await driven(one, 0, north(HOME, 7));
        one.geocoder.answer = ({ query }) =>
          query.get('lat') === HOME.lat.toFixed(6) ? { body: reversed(STATION) } : { status: 500 };
        for (let nth = 0; nth < 12; nth += 1) {
          // Others are answered in between.
          await one.deps.store.system.update(
            'service',
            `geocoder-${one.geocoder.base}`,
            (pace) => pace && { ...pace, failures: 0 },
          );
          await one.round(25 * 60);
        }
        const calls = one.geocoder.asked.length;
        expect(calls).toBe(9);
        const [wish] = Object.values((await lookups(one))?.wishes ?? {});
        expect(wish?.nextAt).toBeNull();
      },
      (services) => ({ ...services, router: null }),
    );
  });
});

test('whoever is stopped between asking and writing is followed by somebody who does it again', async () => {
  await looking(async (one) => {
    await driven(one);
    const { geocoder } = one.deps.services;
    const stopping: Services = { ...one.deps.services, geocoder: geocoder && { ...geocoder, reverse: hang } };
    one.clock.advance(MINUTE);
    void pollAll({ ...one.deps, services: stopping });
    await expect.poll(() => one.router.asked.length).toBe(1);
    await one.round(0);
    expect((await last(one)).to?.address).toBeNull();
    await one.round(2);
    expect((await last(one)).to?.address).toBe('Stationsplein 12, Amersfoort');
  });
});

function hang(): Promise<never> {
  return new Promise(() => undefined);
}

describe('a service that is set up later', () => {
  test('looks a month back', async () => {
    await looking(
      async (one) => {
        const at = (days: number) => one.clock.now() - days * 24 * HOUR;
        const ends = { from: place(HOME), to: place(WORK) };
        const old = tripOf({ ...ends, startedAt: at(40) });
        const cleared = tripOf({ ...ends, startedAt: at(3), setByUser: ['from'] });
        const trips = [old, tripOf({ ...ends, startedAt: at(20) }), cleared];
        await book(
          { ...one, deps: { ...one.deps, services: { ...one.services, geocoder: null, router: null } } },
          trips,
        );
        await one.round();
        expect(one.geocoder.asked).toEqual([]);
        await one.round(1, true);
        const found = await one.trips();
        expect(found.map(({ from, to }) => [from?.address ?? null, to?.address ?? null])).toEqual([
          [null, null],
          ['Stationsplein 12, Amersfoort', 'Stationsplein 12, Amersfoort'],
          [null, 'Stationsplein 12, Amersfoort'],
        ]);
      },
      (services) => ({ ...services, router: null }),
    );
  });

  test('and is taken away again leaves nothing', async () => {
    await looking(async (one) => {
      await driven(one);
      expect(await lookups(one)).not.toBeNull();
      const deps = { ...one.deps, services: { ...one.services, geocoder: null, router: null } };
      await pollAll(deps, { daily: true });
      expect(await lookups(one)).toBeNull();
    });
  });
});
