/** Monthly totals equal the sum over the trips after any mix of drives, corrections, edits and deletes. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeTrip, removeTrip } from '../../src/actions/trips.ts';
import type { TripEdit } from '../../src/domain/trip-edits.ts';
import { statsOf } from '../../src/actions/stats.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { Trip } from '../../src/domain/trips.ts';
import { tripsOf } from '../support/book.ts';
import { asItHappens, DAY_START, dayOf, HOUR, inParts, send, shuffledOf } from '../support/drives.ts';
import { runs } from '../support/runs.ts';
import { HOME, north } from '../support/places.ts';
import { stage, type Scene } from '../support/stage.ts';

const { scene } = stage();
const BY = { kind: 'open' } as const;

const edit: fc.Arbitrary<TripEdit> = fc.oneof(
  fc.constantFrom<TripEdit>({ purpose: 'visit' }, { type: 'P' }, { type: 'M' }, { timeZone: 'Pacific/Auckland' }),
  fc.integer({ min: 0, max: 200_000 }).map((distanceMetres): TripEdit => ({ distanceMetres })),
  fc.integer({ min: 0, max: 5_000 }).map((privateMetres): TripEdit => ({ type: 'M', privateMetres })),
  fc.integer({ min: -40, max: 40 }).map((days): TripEdit => {
    const startedAt = DAY_START + (days - 41) * 24 * HOUR;
    return { startedAt, endedAt: startedAt + HOUR };
  }),
);

/** What its user does meanwhile, to the trip that is so manieth then. */
const deed = fc.record({
  after: fc.nat(14),
  trip: fc.nat(8),
  what: fc.oneof(
    { weight: 4, arbitrary: edit },
    { weight: 1, arbitrary: fc.constant('delete' as const) },
    { weight: 2, arbitrary: fc.constant('reopen' as const) },
    { weight: 1, arbitrary: fc.constant('tick' as const) },
  ),
});
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

const stories = dayOf.chain((day) =>
  fc.tuple(
    fc.oneof(fc.constant(asItHappens(day, 3)), shuffledOf([...day.events, ...inParts(day.points, 5)])),
    fc.array(deed, { maxLength: 12 }),
  ),
);

describe('totals are sums', () => {
  test('after every step, and what the user settled stays as he left it', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async ([arriving, deeds]) => {
        await scene(async (one) => {
          const settled = new Map<string, Trip | null>();
          for (const [i, { at, message }] of arriving.entries()) {
            one.clock.set(Math.max(at, one.clock.now()));
            await send(one.wire, one.user, message);
            for (const each of deeds) if (each.after === i) await act(one, each, settled);
            await expectSums(one, settled);
          }
          one.clock.set(DAY_START + 100 * HOUR);
          await one.logbook();
          await expectSums(one, settled);
        });
      }),
      runs(20, 600),
    );
  });
});

/** Refused edits change nothing and are nothing. */
async function act({ deps, wire, clock, user }: Scene, { trip: nth, what }: Deed, settled: Map<string, Trip | null>) {
  const store = deps.store.forUser(user);
  const trips = await tripsOf(store);
  const trip = trips[nth % Math.max(1, trips.length)];
  if (what === 'tick') return wire.tick();
  if (what === 'reopen') {
    await wire.event(user, 'start', { place: null });
    clock.advance(61_000);
    return void (await wire.event(user, 'end', { place: north(HOME, nth) }));
  }
  if (!trip) return;
  try {
    if (what === 'delete') await removeTrip(deps, store, trip.id, BY, () => true);
    else await changeTrip(deps, store, trip.id, what, BY, () => true);
    settled.set(trip.id, await store.get('trip', trip.id));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

async function expectSums({ deps, user }: Scene, settled: ReadonlyMap<string, Trip | null>): Promise<void> {
  const store = deps.store.forUser(user);
  const trips = await tripsOf(store);
  const { total } = await statsOf(store, { from: null, to: null }, null);
  const sum = (of: (trip: Trip) => number) => trips.reduce((all, trip) => all + of(trip), 0);
  expect(total).toEqual({
    trips: trips.length,
    metres: sum(({ distanceMetres }) => distanceMetres),
    businessMetres: sum(({ businessMetres }) => businessMetres),
    durationMs: sum(({ startedAt, endedAt }) => endedAt - startedAt),
  });
  for (const [id, trip] of settled) expect(trips.find((one) => one.id === id) ?? null).toEqual(trip);
  for (const { businessMetres, distanceMetres } of trips) expect(businessMetres).toBeLessThanOrEqual(distanceMetres);
}
